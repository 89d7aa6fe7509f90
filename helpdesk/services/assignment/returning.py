"""Untouched work of people who are absent in their working hours: they are warned first, then it goes to others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, text
from sqlalchemy.dialects.postgresql import insert

from helpdesk import events
from helpdesk.db import db, savepoint, table, unit
from helpdesk.errors import HelpdeskError
from helpdesk.models.assignment import Unclaimed
from helpdesk.permissions import SYSTEM
from helpdesk.services import catalogue, journal, ownership, presence, rulebook
from helpdesk.services.assignment import warning
from helpdesk.services.assignment.settings import DepartmentRule
from helpdesk.services.hands import Hand, held
from helpdesk.vocabulary import WAITING

ABSENT = "absent"
"""Why it was taken off somebody."""

MOST = 200
"""Tickets looked at in one go, the oldest first."""

_ROWS = table(Unclaimed)


@dataclass(frozen=True)
class Left:
    """A ticket that its absent assignee never touched, and since when they could have."""

    row: Row[Any]
    rule: DepartmentRule
    since: datetime

    def absent_for(self, at: datetime) -> timedelta:
        """The open time of its department in which its assignee could have begun, and was not there."""
        begins = max(self.since, self.row.seen_at or self.since)
        return self.calendar.worked(begins, at) if begins < at else timedelta(0)

    @property
    def calendar(self) -> Any:
        """The hours in which its assignee works."""
        known = catalogue.current()
        person = known.colleagues.get(self.row.assignee_id)
        key = person.calendar_key if person else None
        return rulebook.calendar_for(key or known.departments[self.row.department_id].calendar_key).value

    @property
    def warned(self) -> bool:
        """Whether its assignee was warned and has not been there since."""
        row = self.row
        return bool(row.warned_id == row.assignee_id and (row.seen_at is None or row.seen_at <= row.warned_at))


_LEFT = text(
    """
    select ticket.id, ticket.assignee_id, ticket.owner_id, ticket.department_id, presence.seen_at,
           unclaimed.warned_id, unclaimed.warned_at, unclaimed.taken_back_at
    from ticket left join presence on presence.person_id = ticket.assignee_id
    left join unclaimed on unclaimed.ticket_id = ticket.id
    where ticket.is_open and ticket.department_id = any(:departments) and ticket.assignee_id = any(:gone)
      and ticket.status <> all(:waiting)
    order by ticket.id limit :most
    """
)


@unit()
def look(rules: Mapping[int, DepartmentRule], on_leave: frozenset[int], at: datetime) -> tuple[int, int]:
    """Warns who is absent, and takes back what the warning's time has passed for; how many tickets of each."""
    wanted = {id_: rule for id_, rule in rules.items() if rule.take_back_minutes is not None}
    gone = _gone(wanted, on_leave, at)
    if not gone:
        return 0, 0
    values = {"departments": list(wanted), "gone": gone, "waiting": [status.value for status in WAITING]}
    rows = db.session.execute(_LEFT, {**values, "most": MOST}).all()
    since = journal.untouched({row.id: row.assignee_id for row in rows})
    left = [Left(row, wanted[row.department_id], since[row.id]) for row in rows if row.id in since]
    taken = [one for one in left if one.warned and one.row.taken_back_at <= at]
    absent = [one for one in left if not one.warned and _is_absent(one, on_leave, at)]
    return _warn(absent, at), sum(_take_back(one, at) for one in taken)


def _gone(rules: Mapping[int, DepartmentRule], on_leave: frozenset[int], at: datetime) -> list[int]:
    """Who works in these departments and is not at the desk."""
    if not rules:
        return []
    people = [
        person.id
        for person in catalogue.colleagues(all_=True)
        if person.id in on_leave or not rules.keys().isdisjoint(person.departments)
    ]
    there = presence.there(at)
    return [id_ for id_ in people if id_ in on_leave or id_ not in there]


def _is_absent(one: Left, on_leave: frozenset[int], at: datetime) -> bool:
    minutes = one.rule.take_back_minutes or 0
    return one.row.assignee_id in on_leave or one.absent_for(at) >= timedelta(minutes=minutes)


def _warn(absent: Sequence[Left], at: datetime) -> int:
    """Each ticket's story tells; each person gets one letter for all of theirs."""
    ends = {one.row.id: one.calendar.after(at, timedelta(minutes=one.rule.warn_minutes)) for one in absent}
    for one in absent:
        values = {"warned_id": one.row.assignee_id, "warned_at": at, "taken_back_at": ends[one.row.id]}
        made = insert(_ROWS).values(ticket_id=one.row.id, **values)
        db.session.execute(made.on_conflict_do_update(index_elements=["ticket_id"], set_=values))
        fact = events.AbsenceNoticed(one.row.assignee_id, ends[one.row.id].isoformat())
        journal.record(one.row.id, fact, SYSTEM, at)
    warning.send([(one.row.assignee_id, one.row.id, ends[one.row.id]) for one in absent], at)
    return len(absent)


def _take_back(one: Left, at: datetime) -> bool:
    """A ticket that somebody moved meanwhile is left as it is."""
    try:
        with savepoint(), held(SYSTEM, one.row.id, "assign", None, at) as hand:
            if hand.ticket.assignee_id != one.row.assignee_id:
                return False
            _let_go(hand)
    except HelpdeskError:
        return False
    db.session.execute(delete(_ROWS).where(_ROWS.c.ticket_id == one.row.id, _ROWS.c.overflowed_at.is_(None)))
    return True


def _let_go(hand: Hand) -> None:
    """Nobody has it; who answered for it only because it was theirs does so no more."""
    person_id, ticket = hand.ticket.assignee_id, hand.ticket
    hand.give(None, why={"reason": ABSENT})
    usual = catalogue.current().departments[ticket.department_id].default_owner_id if ticket.department_id else None
    if ticket.owner_id == person_id != usual and ticket.owner_by_default:
        ownership.by_default(hand, but={person_id or 0})
