"""A small house with every kind of promise, and ways to ask how its clocks stand."""

from datetime import UTC, datetime, timedelta
from typing import Any

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.models.clocks import TicketClock
from helpdesk.models.tickets import Ticket
from helpdesk.services import rulebook, timers
from helpdesk.vocabulary import RulebookKind
from sla import Reading
from tests.builders import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK = {"tz": "Europe/Athens", "hours": {day: [["08:00", "15:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}}
HOURS = {"first_response": 8, "next_response": 6, "update": 14, "resolution": 40, "acknowledge": 4}


def athens(text: str) -> datetime:
    """A moment written with its distance from UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def promise(*clocks: str, **more: Any) -> dict[str, Any]:
    """A policy with these clocks (all of ``HOURS`` by default), each with its hours."""
    names = clocks or tuple(HOURS)
    steps = [{"at": "80%", "do": "warn"}, {"at": 0, "do": "breach"}]
    targets = [{"clock": name, "seconds": HOURS[name] * 3600, "steps": steps} for name in names]
    return {"targets": targets} | more


def agree(key: str, data: dict[str, Any], at: datetime = NOON) -> int:
    """Puts a policy in force; the id of its version."""
    return rulebook.enact(RulebookKind.POLICY, key, data, at=at).id


def keep_office_hours(key: str, hours: dict[str, Any] | None = None, at: datetime = NOON) -> None:
    """Puts a calendar in force."""
    rulebook.enact(RulebookKind.CALENDAR, key, hours or WEEK, at=at)


def row(ticket: Ticket, name: str, cycle: int = 1) -> TicketClock:
    """A clock as it is kept."""
    ground.flush_pending()
    db.session.expire_all()
    return db.session.query(TicketClock).filter_by(ticket_id=ticket.id, name=name, cycle=cycle).one()


def read(ticket: Ticket, now: datetime) -> dict[str, list[Reading]]:
    """Every cycle of every clock as it stands at a moment."""
    ground.flush_pending()
    found: dict[str, list[Reading]] = {}
    for promised, reading in timers.read_all({ticket.id: now})[ticket.id]:
        found.setdefault(promised.clock.value, []).append(reading)
    return found


def states(ticket: Ticket, now: datetime) -> dict[str, list[str]]:
    """How every cycle of every clock stands at a moment."""
    return {name: [one.state.value for one in cycles] for name, cycles in read(ticket, now).items()}
