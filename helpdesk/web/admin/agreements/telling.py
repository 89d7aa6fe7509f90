"""An agreement in words: parties, dates, promises with their steps, what stops the time."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import sla
from helpdesk import i18n
from helpdesk.services import catalogue
from helpdesk.web import language
from helpdesk.web.admin import words
from helpdesk.web.admin.agreements.promises import CELLS, EVERY, Promise, promises
from helpdesk.web.desk.words import CLOCK, PRIORITY, STATUS, TYPE
from helpdesk.web.templating import say, say_many
from sla import AgreementKind, Policy, Step, StepAction, When
from sla.scope import NAMES, YES


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


KIND = {
    AgreementKind.SLA: _("With customers (SLA)"),
    AgreementKind.OLA: _("With departments (OLA)"),
    AgreementKind.UA: _("With suppliers (UA)"),
}
ONE = {
    AgreementKind.SLA: _("Service level agreement (SLA)"),
    AgreementKind.OLA: _("Agreement with a department (OLA)"),
    AgreementKind.UA: _("Agreement with a supplier (UA)"),
}
ASKED = {
    "priority": _("Priority"), "type": _("Type"), "service": _("Service"), "department": _("Department"),
    "customer": _("Customer body"), "supplier": _("Supplier"), "major": _("Major incident"),
}  # fmt: skip
DOES = {
    StepAction.WARN: _("warn on the desk"),
    StepAction.BREACH: _("note that it was missed"),
    StepAction.NOTIFY_OWNER: _("write to the owner"),
    StepAction.NOTIFY_TEAM: _("write to the department's people"),
    StepAction.RAISE_PRIORITY: _("raise the priority"),
    StepAction.REASSIGN: _("give it to somebody else"),
    StepAction.ESCALATE_TO_GROUP: _("escalate to a team"),
    StepAction.ESCALATE_TO_SUPERVISOR: _("escalate to those who lead the department"),
    StepAction.NOTIFY_CUSTOMER: _("tell the customer body"),
    StepAction.TELL_CITIZEN: _("tell the citizen why it takes longer, and who has it"),
}


def hours(seconds: int) -> str:
    """Open time in hours: a day of it would be read as a day of the week."""
    whole, rest = divmod(abs(seconds), 3600)
    if rest == 0:
        return say_many("%(num)s hour", "%(num)s hours", whole, num=whole)
    minutes, odd = divmod(rest, 60)
    if odd:
        return f"{whole}:{minutes:02}:{odd:02}"
    if not whole:
        return say_many("%(num)s minute", "%(num)s minutes", minutes, num=minutes)
    return f"{whole}:{minutes:02}"


def amount(value: int, *, by_days: bool) -> str:
    """What is promised: open hours, or days as the law counts them."""
    return say_many("%(num)s calendar day", "%(num)s calendar days", value, num=value) if by_days else hours(value)


def moment(step: Step) -> str:
    """When a step is taken: ``at 75%``, ``1 hour before``, ``when it is due``."""
    if isinstance(step.at, str):
        return say(_("at %(share)s of the time"), share=step.at)
    if step.at == 0:
        return say(_("when it is due"))
    told = _("%(time)s before it is due") if step.at < 0 else _("%(time)s after it was due")
    return say(told, time=hours(step.at))


def act(step: Step) -> str:
    """What it does, and to whom."""
    told = say(DOES[step.do])
    return f"{told}: {receiver(step.to)}" if step.to else told


def receiver(to: str) -> str:
    """A team or a colleague by the name people know."""
    known = catalogue.current()
    team = next((row for row in known.teams.values() if row.key == to), None)
    person = next((one for one in known.colleagues.values() if one.email == to), None)
    return words.name(team.names) if team is not None else person.name if person is not None else to


def asked(when: When, but: Iterable[str] = ()) -> list[tuple[str, str]]:
    """For which requests, by name."""
    names = [name for name in NAMES if getattr(when, name) and name not in but]
    return [(say(ASKED[name]), ", ".join(named(name, key) for key in getattr(when, name))) for name in names]


def named(name: str, key: str) -> str:
    """One value of what may be asked, as people know it."""
    codes = {"priority": PRIORITY, "type": TYPE, "major": {YES: _("Declared major")}}
    if name in codes:
        return say(codes[name].get(key, key))
    rows: Mapping[int, Any] = getattr(catalogue.current(), f"{name}s", {})
    row = next((row for row in rows.values() if row.key == key), None)
    return words.name(row.names) if row is not None else key


def person(address: str) -> str:
    """Who works here under that address; the address where nobody does."""
    found = next((one for one in catalogue.colleagues(all_=True) if one.email == address), None)
    return found.name if found is not None else address


def day(on: date | None) -> str:
    """A date in words, empty for none."""
    return i18n.plain_day(on, language.current()) if on is not None else ""


def calendar(promise: Promise, kind: AgreementKind) -> str:
    """In which hours it is counted."""
    if promise.by_days and not promise.calendar:
        return say(_("every day, as the law counts"))
    if promise.calendar:
        return dict(words.calendars()).get(promise.calendar, promise.calendar)
    return say(_("the body's usual hours")) if kind is AgreementKind.UA else say(_("the department's hours"))


def cells(promise: Promise) -> list[str]:
    """What each priority is promised; a priority without a word of its own has what all others have."""
    return [
        amount(found, by_days=promise.by_days) if (found := promise.cells.get(cell, promise.cells.get(EVERY))) else ""
        for cell in CELLS[:-1]
    ]


def whom(when: When) -> str:
    """For which requests, in one line."""
    return "; ".join(f"{name}: {told}" for name, told in asked(when)) or say(_("all requests"))


def pauses(policy: Policy) -> list[tuple[str, str]]:
    """Which waiting stops which of the promised times."""
    promised = {target.clock for target in policy.targets}
    return [
        (say(CLOCK[clock]), ", ".join(say(STATUS[category]) for category in policy.pausing(clock)))
        for clock, _categories in policy.pauses
        if clock in promised and policy.pausing(clock)
    ]


def reopening(policy: Policy) -> str:
    """What the time to resolve does when a request is taken up again."""
    if policy.reopen is sla.Reopening.CONTINUE:
        return say(_("the time to resolve goes on where it stopped"))
    return say(_("the time to resolve begins anew"))


def sorted_promises(policy: Policy) -> list[Promise]:
    """Clock by clock, in the order in which clocks are known."""
    order = list(CLOCK)
    found = promises(policy)
    return sorted(found, key=lambda one: order.index(one.clock) if one.clock in order else len(order))
