"""Setting up who answers: a department's case owner, its days of silence, its levels; the manager of the process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert

from helpdesk import clock
from helpdesk.db import db, insert_many, table, unit
from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.models.catalogue import Department, Team
from helpdesk.models.escalation import EscalationLevel
from helpdesk.models.rulebook import Setting
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor, may
from helpdesk.services import catalogue, house
from helpdesk.services.catalogue import MANAGER
from helpdesk.vocabulary import Role

MOST_LEVELS = 5
MOST_DAYS = 60
_LEVELS, _TICKETS, _SETTINGS = table(EscalationLevel), table(Ticket), table(Setting)


@dataclass(frozen=True)
class Duties:
    """How a department answers. ``levels`` are teams as they are called in turn; ``leads`` says who leads its own.

    No ``silent_days`` is the usual number, 0 is never.
    """

    default_owner_id: int | None = None
    silent_days: int | None = None
    levels: Sequence[int] = ()
    leads: Mapping[int, int | None] = field(default_factory=dict)


def of(department_id: int) -> Duties:
    """As they stand."""
    known = catalogue.current()
    row = known.departments[department_id]
    leads = {team.id: team.lead_id for team in known.teams.values() if team.department_id == department_id}
    return Duties(row.default_owner_id, row.silent_days, known.levels.get(department_id, ()), leads)


@unit()
def change(actor: Actor, department_id: int, duties: Duties, *, at: datetime | None = None) -> None:
    """Keeps them. Raises Forbidden, NotFound, and Invalid that names each wrong field."""
    _require(actor)
    moment, known = at or clock.now(), catalogue.current()
    if department_id not in known.departments:
        raise NotFound("There is no such department.")
    before = of(department_id)
    _check(department_id, duties)
    own = {"default_owner_id": duties.default_owner_id, "silent_days": duties.silent_days}
    db.session.execute(update(table(Department)).where(table(Department).c.id == department_id).values(own))
    for team_id, lead_id in duties.leads.items():
        db.session.execute(update(table(Team)).where(table(Team).c.id == team_id).values(lead_id=lead_id))
    _replace_levels(department_id, duties.levels)
    if duties.silent_days != before.silent_days:
        _look_anew(department_id, moment)
    catalogue.changed(moment)
    _tell(actor, department_id, before, duties, moment)


def _require(actor: Actor) -> None:
    if not may(actor, "administer"):
        raise Forbidden("The house is set up by administrators.")


def _check(department_id: int, duties: Duties) -> None:
    known = catalogue.current()
    here = {team.id for team in known.teams.values() if team.department_id == department_id}
    wrong: dict[str, str] = {}
    if not _answers(duties.default_owner_id, department_id):
        wrong["default_owner_id"] = "Choose somebody of the department, or who answers for more than one."
    if duties.silent_days is not None and not 0 <= duties.silent_days <= MOST_DAYS:
        wrong["silent_days"] = "Give a number from 0 to 60."
    if len(duties.levels) > MOST_LEVELS or set(duties.levels) - known.teams.keys():
        wrong["levels"] = "Choose at most five teams that exist."
    elif len(set(duties.levels)) != len(duties.levels):
        wrong["levels"] = "A team stands on one level only."
    for team_id, lead_id in duties.leads.items():
        if team_id not in here or (lead_id is not None and not _works(lead_id)):
            wrong[f"lead-{team_id}"] = "Choose somebody who works here."
    if wrong:
        raise Invalid("This cannot be saved like this.", fields=wrong)


def _works(person_id: int) -> bool:
    person = catalogue.current().colleagues.get(person_id)
    return person is not None and person.active


def _answers(person_id: int | None, department_id: int) -> bool:
    if person_id is None:
        return True
    person = catalogue.current().colleagues.get(person_id)
    if person is None or not person.active:
        return False
    return person.role != Role.AGENT or department_id in person.departments


def _replace_levels(department_id: int, team_ids: Sequence[int]) -> None:
    db.session.execute(delete(_LEVELS).where(_LEVELS.c.department_id == department_id))
    insert_many(
        _LEVELS,
        [
            {"department_id": department_id, "level": number, "team_id": team_id}
            for number, team_id in enumerate(team_ids, start=1)
        ],
    )


def _look_anew(department_id: int, at: datetime) -> None:
    """The clock counts the days of silence of its open cases again."""
    cases = update(_TICKETS).where(_TICKETS.c.is_open, _TICKETS.c.department_id == department_id)
    db.session.execute(cases.values(silent_at=at))


def _tell(actor: Actor, department_id: int, before: Duties, now: Duties, at: datetime) -> None:
    pairs = {
        "default_owner_id": (before.default_owner_id, now.default_owner_id),
        "silent_days": (before.silent_days, now.silent_days),
        "levels": (list(before.levels), list(now.levels)),
    }
    different = {name: list(pair) for name, pair in pairs.items() if pair[0] != pair[1]}
    if different:
        house.record(actor, "changed", "department", department_id, at, different)
    for team_id, lead_id in now.leads.items():
        if before.leads.get(team_id) != lead_id:
            house.record(actor, "changed", "team", team_id, at, {"lead_id": [before.leads.get(team_id), lead_id]})


@unit()
def name_manager(actor: Actor, person_id: int | None, *, at: datetime | None = None) -> None:
    """Says who manages the process of the whole house, above supervisors. Raises Forbidden, Invalid."""
    _require(actor)
    moment, before = at or clock.now(), catalogue.current().process_manager
    if person_id is not None and not _works(person_id):
        raise Invalid("Choose somebody who works here.", fields={"person_id": "Choose somebody who works here."})
    data = {"person_id": person_id}
    made = insert(_SETTINGS).values(key=MANAGER, data=data, changed_at=moment)
    db.session.execute(made.on_conflict_do_update(index_elements=["key"], set_={"data": data, "changed_at": moment}))
    catalogue.changed(moment)
    if before != person_id:
        house.record(actor, "changed", "body", None, moment, {"process_manager": [before, person_id]})
