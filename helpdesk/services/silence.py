"""Cases that have gone silent: no word, public or internal, for working days. The owner is told, then who leads.

The clock looks when it may have come so far at the earliest, counts anew from the last word, and tells once a silence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text

import sla
from helpdesk import clock
from helpdesk.db import db, unit
from helpdesk.events import SilenceNoted, StatusChanged, TicketReopened, TicketTransferred
from helpdesk.permissions import SYSTEM
from helpdesk.services import absences, catalogue, journal, pauses, summaries
from helpdesk.services.journal import Recorded
from helpdesk.vocabulary import WAITING, Role
from sla.days import after_days

USUAL_DAYS = 5
"""Working days without a word, where a department says nothing else; who leads is told after twice as many."""

AGAIN = timedelta(days=1)
"""When the clock looks again at what waits or was told of: no silence is shorter."""

PORTION = 200
OWNER, LEAD = "owner", "lead"
TEMPLATE = "silent"
_MOVES = (StatusChanged, TicketReopened, TicketTransferred)

_DUE = text(
    """
    select id as ticket_id, department_id, owner_id, status, subject, created_at, next_due_at
    from ticket where is_open and silent_at <= :now order by silent_at, id limit :limit for update skip locked
    """
)
_WORDS = text(
    """
    select ticket_id, max(at) as at from message
    where ticket_id = any(:ids) and automatic is null and delivery_state is distinct from 'withdrawn' group by ticket_id
    """
)
_LOOK = text(
    """
    update ticket set silent_at = asked.at
    from unnest(cast(:ids as bigint[]), cast(:moments as timestamptz[])) as asked(id, at) where ticket.id = asked.id
    """
)


@dataclass
class _Round:
    """One look: who is to be told of what, and when each is looked at next."""

    now: datetime
    told: dict[tuple[int, str], list[Row[Any]]] = field(default_factory=dict)
    looks: dict[int, datetime | None] = field(default_factory=dict)


def tick(now: datetime | None = None) -> int:
    """Looks at every case whose moment has come; how many. Two ticks at once share the work."""
    moment, seen = now or clock.now(), 0
    while taken := _portion(moment):
        seen += taken
    return seen


@unit()
def _portion(now: datetime) -> int:
    rows = db.session.execute(_DUE, {"now": now, "limit": PORTION}).all()
    if not rows:
        return 0
    ids, this = [row.ticket_id for row in rows], _Round(now)
    words = _words(ids)
    facts = journal.of_many(ids, (SilenceNoted, *_MOVES))
    for row in rows:
        this.looks[row.ticket_id] = _look(row, words.get(row.ticket_id), facts.get(row.ticket_id, []), this)
    for (person_id, told), silent in sorted(this.told.items()):
        summaries.send(person_id, TEMPLATE, silent, now, lead=told == LEAD)
    db.session.execute(_LOOK, {"ids": list(this.looks), "moments": list(this.looks.values())})
    return len(rows)


def known(ticket_ids: Sequence[int]) -> Mapping[int, datetime]:
    """Which of these cases are silent, as somebody was told, and since when."""
    if not ticket_ids:
        return {}
    words = _words(ticket_ids)
    found: dict[int, datetime] = {}
    for ticket_id, facts in journal.of_many(ticket_ids, (SilenceNoted, *_MOVES)).items():
        told = [one.event for one in facts if isinstance(one.event, SilenceNoted)]
        since = datetime.fromisoformat(told[-1].since) if told else None
        moves = (one.at for one in facts if isinstance(one.event, _MOVES))
        if since is not None and since >= max([*moves, words.get(ticket_id, since)], default=since):
            found[ticket_id] = since
    return found


def _words(ticket_ids: Sequence[int]) -> Mapping[int, datetime]:
    """When the last word was said in each."""
    return {row.ticket_id: row.at for row in db.session.execute(_WORDS, {"ids": list(ticket_ids)})}


def days_of(department_id: int | None) -> int:
    """After how many working days a case of the department is silent; 0 is never."""
    place = catalogue.current().departments.get(department_id or 0)
    found: int | None = getattr(place, "silent_days", None)
    return USUAL_DAYS if found is None else found


def _look(row: Row[Any], word: datetime | None, facts: Sequence[Recorded], this: _Round) -> datetime | None:
    """Tells whoever is to be told; when to look again, None where the department never calls it silence."""
    days = days_of(row.department_id)
    if days == 0:
        return None
    if row.status in WAITING or row.department_id is None:
        return this.now + AGAIN
    moves = (one.at for one in facts if isinstance(one.event, _MOVES))
    since = max([row.created_at, *([word] if word else []), *moves])
    calendar, told = pauses.hours(row.department_id), _told(facts, since)
    silent_at = after_days(calendar, since, days)
    if this.now < silent_at:
        return silent_at
    if OWNER not in told:
        _tell(row, since, days, OWNER, _owner(row, this.now), this)
        return _lead_at(calendar, since, days, this.now)
    lead_at = _lead_at(calendar, since, days, told[OWNER])
    if LEAD not in told and this.now >= lead_at:
        _tell(row, since, 2 * days, LEAD, _leads(row, this.now), this)
    return lead_at if this.now < lead_at else this.now + AGAIN


def _told(facts: Sequence[Recorded], since: datetime) -> Mapping[str, datetime]:
    """Who was told of this silence, and when."""
    stated = [(one.event, one.at) for one in facts]
    return {
        event.told: at
        for event, at in stated
        if isinstance(event, SilenceNoted) and datetime.fromisoformat(event.since) == since
    }


def _lead_at(calendar: sla.Calendar, since: datetime, days: int, told_at: datetime) -> datetime:
    """After twice the days, and never before the owner has had a working day to say something."""
    return max(after_days(calendar, since, 2 * days), after_days(calendar, told_at, 1))


def _tell(row: Row[Any], since: datetime, days: int, told: str, who: Sequence[int], this: _Round) -> None:
    journal.record(row.ticket_id, SilenceNoted(since.isoformat(), days, told), SYSTEM, this.now)
    for person_id in who:
        this.told.setdefault((person_id, told), []).append(row)


def _owner(row: Row[Any], at: datetime) -> Sequence[int]:
    """The owner, or who stands in."""
    found = absences.stand_in(row.owner_id, absences.away(at))
    return [found] if found is not None else []


def _leads(row: Row[Any], at: datetime) -> Sequence[int]:
    """Who leads the department and is there, else who supervises it; not the owner, who knows already."""
    gone = {row.owner_id, *absences.away(at)}
    people = [one for one in catalogue.colleagues(row.department_id) if one.id not in gone]
    leads = [one.id for one in people if row.department_id in one.leads]
    return leads or [one.id for one in people if one.role == Role.SUPERVISOR]
