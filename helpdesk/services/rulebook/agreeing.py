"""Whether what a person writes into an agreement fits together, and names only what the body has."""

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Table, select

import sla
from helpdesk.db import db, table
from helpdesk.errors import Invalid
from helpdesk.models.catalogue import Department, Service, Team
from helpdesk.models.parties import CustomerBody, Supplier
from helpdesk.models.people import Person, Staff
from helpdesk.services.rulebook.reading import DEFAULT
from helpdesk.vocabulary import WAITING, ClockName, TicketType
from sla import AgreementKind, Policy, StepAction
from sla.policy import NEVER_PAUSED

OWN_CLOCK: Mapping[AgreementKind, ClockName] = {AgreementKind.OLA: ClockName.OLA, AgreementKind.UA: ClockName.UA}
"""The only clock of agreements with departments and with suppliers."""
PARTY: Mapping[AgreementKind, str] = {
    AgreementKind.SLA: "customer",
    AgreementKind.OLA: "department",
    AgreementKind.UA: "supplier",
}
"""With whom an agreement of a kind is made: a name both of the agreement and of what it asks of tickets."""
RECEIVERS = ("team", "person")
"""To whom a step may turn: a team by its key, a colleague by address; an escalation to a group only to the first."""
_TABLES: Mapping[str, Table] = {
    "service": table(Service), "department": table(Department), "team": table(Team), "customer": table(CustomerBody),
    "supplier": table(Supplier),
}  # fmt: skip
_CODES: Mapping[str, Iterable[str]] = {"priority": sla.Priority, "type": TicketType, "major": (sla.YES,)}

Wrong = Iterator[tuple[str, str]]
Known = Mapping[str, frozenset[str]]


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


NONE = _("There is none with this key.")


def check_agreement(policy: Policy) -> None:
    """Raises Invalid that names every field which does not fit, or names what there is not."""
    known = known_names()
    unlike = (*_clocks(policy), *_pauses(policy))
    missing = (*_parties(policy, known), *_asked(policy, known), *_receivers(policy, known))
    if wrong := dict((*unlike, *missing)):
        raise Invalid(_("This agreement does not fit together."), fields=wrong)


def check_default(key: str, policy: Policy) -> None:
    """The usual promises catch every ticket that no other policy does. Raises Invalid where they would not any more."""
    if key != DEFAULT:
        return
    told = _("The usual promises hold for every request: they can ask for nothing.")
    wrong = {f"when.{name}": told for name in policy.when.asked}
    if policy.kind is not AgreementKind.SLA:
        wrong["agreement.kind"] = _("The usual promises are ours to everybody.")
    if wrong:
        raise Invalid(told, code="default", fields=wrong)


def _clocks(policy: Policy) -> Wrong:
    own = OWN_CLOCK.get(policy.kind)
    for place, target in enumerate(policy.targets):
        field = f"targets[{place}].clock"
        if target.clock not in set(ClockName):
            yield field, _("Choose one of the list.")
        elif own is not None and target.clock != own:
            yield field, _("An agreement with a department or a supplier promises its own time only.")


def _pauses(policy: Policy) -> Wrong:
    for clock, categories in policy.pauses:
        if clock not in set(ClockName):
            yield f"pauses.{clock}", _("There is no such time.")
        elif clock in NEVER_PAUSED and categories:
            yield f"pauses.{clock}", _("No waiting stops this time.")
        elif any(category not in WAITING for category in categories):
            yield f"pauses.{clock}", _("Only waiting can stop it.")


def _parties(policy: Policy, known: Known) -> Wrong:
    agreed, role = policy.agreement, PARTY[policy.kind]
    for name in PARTY.values():
        party = getattr(agreed, name)
        if party and party not in known[name]:
            yield f"agreement.{name}", NONE
        elif party and name == role and party not in getattr(policy.when, name):
            yield f"when.{name}", _("It must hold for the party with whom it is agreed.")
    if policy.kind is AgreementKind.OLA and not agreed.department:
        yield "agreement.department", _("An agreement with a department names it.")
    if agreed.owner and agreed.owner not in known["person"]:
        yield "agreement.owner", _("Choose somebody who works here.")
    elif agreed != sla.Agreement() and not agreed.owner:
        yield "agreement.owner", _("Every agreement has an owner who answers for it.")


def _asked(policy: Policy, known: Known) -> Wrong:
    whens = {"when": policy.when} | {f"targets[{at}].when": item.when for at, item in enumerate(policy.targets)}
    for field, when in whens.items():
        for name in when.asked:
            missing = [at for at, key in enumerate(getattr(when, name)) if key not in known[name]]
            yield from ((f"{field}.{name}[{at}]", NONE) for at in missing)


def _receivers(policy: Policy, known: Known) -> Wrong:
    for place, target in enumerate(policy.targets):
        for at, step in enumerate(target.steps):
            field = f"targets[{place}].steps[{at}].to"
            wanted = step.do is StepAction.ESCALATE_TO_GROUP
            if step.to and not any(step.to in known[name] for name in (RECEIVERS[:1] if wanted else RECEIVERS)):
                yield field, _("There is no such team.") if wanted else _("There is no such team or colleague.")
            elif wanted and not step.to:
                yield field, _("Say to whom.")


def known_names() -> Known:
    """What there is to be named: codes of the field, keys of the body's own, addresses of who works here."""
    people, staff = table(Person), table(Staff)
    working = select(people.c.email).join(staff, staff.c.person_id == people.c.id).where(staff.c.active)
    keys = {name: db.session.execute(select(rows.c.key)).scalars() for name, rows in _TABLES.items()}
    codes = {name: frozenset(map(str, known)) for name, known in _CODES.items()}
    return (
        codes
        | {name: frozenset(found) for name, found in keys.items()}
        | {"person": frozenset(filter(None, db.session.execute(working).scalars()))}
    )
