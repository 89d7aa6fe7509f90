"""Acknowledgements that wait for a person while the brake is on: let go or taken back; and the brake released."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, literal_column, or_, select, update

from helpdesk import clock
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid, Stale
from helpdesk.models.post import Outbound
from helpdesk.models.screening import Breaker
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor, may
from helpdesk.services import house, outbox
from helpdesk.services.scope import visible
from helpdesk.services.screening import brake
from helpdesk.vocabulary import Delivery

MOST = 100
_rows, _out, _tickets = table(Breaker), table(Outbound), table(Ticket)
_HELD = literal_column("outbound.state = 'held'", type_=_tickets.c.is_open.type)


def tripped(actor: Actor) -> Row[Any] | None:
    """The brake as it is on now: since when, and why; None while it is off."""
    _check(actor, "see-post")
    query = select(_rows).where(_rows.c.name == brake.NAME, _rows.c.reset_at.is_(None))
    return db.session.execute(query).one_or_none()


def waiting(actor: Actor) -> Sequence[Any]:
    """The letters that wait, oldest first: to whom, for which ticket, under which subject that ticket has."""
    _check(actor, "see-post")
    to = _out.c.payload["to_address"].astext.label("to_address")
    known = or_(_out.c.ticket_id.is_(None), visible(actor))
    query = select(_out.c.id, _out.c.ticket_id, _out.c.created_at, to, _tickets.c.subject)
    query = query.outerjoin(_tickets, _tickets.c.id == _out.c.ticket_id).where(_HELD, known)
    return db.session.execute(query.order_by(_out.c.id).limit(MOST)).all()


def how_many() -> int:
    """How many wait, counted to a thousand."""
    capped = select(_out.c.id).where(_HELD).limit(1000).subquery()
    return int(db.session.execute(select(func.count()).select_from(capped)).scalar_one())


@unit()
def decide(actor: Actor, outbound_ids: Sequence[int], state: str, *, at: datetime | None = None) -> int:
    """Lets letters go (``waiting``) or takes them back (``withdrawn``); raises Stale where that was decided."""
    at = at or clock.now()
    _check(actor, "replay-post")
    if state not in {Delivery.WAITING, Delivery.WITHDRAWN}:
        raise Invalid("Say whether they go or not.", fields={"state": "waiting or withdrawn"})
    count = outbox.release(outbound_ids, Delivery(state), at)
    if not count:
        raise Stale("Somebody has looked after that message already.")
    house.record(actor, "decided", "brake", None, at, {"letters": count, "state": state})
    return count


@unit()
def reset(actor: Actor, *, at: datetime | None = None) -> None:
    """Releases the brake; what waits still waits. Raises Stale where it is off."""
    at = at or clock.now()
    _check(actor, "replay-post")
    on = update(_rows).where(_rows.c.name == brake.NAME, _rows.c.reset_at.is_(None))
    done = on.values(reset_at=at, reset_by=actor.id).returning(_rows.c.id)
    if db.session.execute(done).scalar() is None:
        raise Stale("The brake is off already.")
    house.record(actor, "reset", "brake", None, at)


def _check(actor: Actor, verb: str) -> None:
    if not may(actor, verb):
        raise Forbidden("Post is for supervisors and administrators.")
