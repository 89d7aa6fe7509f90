"""The brake on dialling: a carrier that refuses our account is not asked for every call; people ring by hand meanwhile.

Closed, suspended or without money, a carrier says no to whatever we ask. Then each promised call would ring a colleague
in vain, again and again. The first such refusal trips the brake; every five minutes one call is let through to see.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from helpdesk import clock
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Stale
from helpdesk.models.screening import Breaker
from helpdesk.permissions import Actor, may
from helpdesk.services import house

SEES_AGAIN = timedelta(minutes=5)
_ROWS = table(Breaker)
_NAMED = "carrier:"
_ANY = (_ROWS.c.name.startswith(_NAMED), _ROWS.c.reset_at.is_(None))


@dataclass(frozen=True)
class Tripped:
    """A carrier that refuses us: since when, and in its own words why."""

    since: datetime
    reason: str


def _on(account_id: int) -> tuple[ColumnElement[bool], ...]:
    return (_ROWS.c.name == f"{_NAMED}{account_id}", _ROWS.c.reset_at.is_(None))


def trip(account_id: int, reason: str, at: datetime) -> None:
    """The carrier refuses the account; the next look at it is put off."""
    told = {"next": (at + SEES_AGAIN).isoformat()}
    row: dict[str, Any] = {"name": f"{_NAMED}{account_id}", "reason": reason[:200], "tripped_at": at, "told": told}
    kept = insert(_ROWS).values(row).on_conflict_do_nothing().returning(_ROWS.c.id)
    if db.session.execute(kept).scalar() is None:
        db.session.execute(update(_ROWS).where(*_on(account_id)).values(told=told))


def went_well(account_id: int, at: datetime) -> None:
    """The carrier took a call: it does not refuse us any more."""
    db.session.execute(update(_ROWS).where(*_on(account_id)).values(reset_at=at))


def refuses(account_id: int, at: datetime) -> bool:
    """Whether nothing is dialled there now; False as well when it is time to see whether that still holds."""
    told = db.session.execute(select(_ROWS.c.told).where(*_on(account_id))).scalar()
    return told is not None and at < datetime.fromisoformat(told["next"])


def is_on() -> ColumnElement[bool]:
    """Whether any carrier refuses us, as a condition."""
    return exists(select(_ROWS.c.id).where(*_ANY))


def tripped() -> Tripped | None:
    """The carrier that refuses us, the longest first; None while all is well."""
    query = select(_ROWS.c.tripped_at, _ROWS.c.reason).where(*_ANY).order_by(_ROWS.c.tripped_at).limit(1)
    row = db.session.execute(query).one_or_none()
    return Tripped(row.tripped_at, row.reason) if row else None


@unit()
def reset(actor: Actor, *, at: datetime | None = None) -> None:
    """Somebody has settled it with the carrier: calls go again. Raises Stale where none is refused."""
    if not may(actor, "administer"):
        raise Forbidden("Only administrators set the telephone up.")
    now = at or clock.now()
    done = update(_ROWS).where(*_ANY).values(reset_at=now, reset_by=actor.id).returning(_ROWS.c.id)
    if not db.session.execute(done).all():
        raise Stale("No carrier refuses us.")
    house.record(actor, "reset", "telephone", None, now)
