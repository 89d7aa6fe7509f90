"""The rows of promised calls: made, found, ended. Parts of their callers' transactions, which hold the ticket."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, text, update

from helpdesk.db import db, table
from helpdesk.models.callbacks import CallbackPromise
from helpdesk.services import slots
from helpdesk.vocabulary import OPEN_PROMISES, PromiseEnd, PromiseState

PROMISES = table(CallbackPromise)
_OPEN = [state.value for state in OPEN_PROMISES]


def open_of(ticket_id: int, *, lock: bool = False) -> Row[Any] | None:
    """The promise of that ticket that is still to be kept, if there is one."""
    query = select(PROMISES).where(PROMISES.c.ticket_id == ticket_id, PROMISES.c.state.in_(_OPEN))
    return db.session.execute(query.with_for_update() if lock else query).one_or_none()


def last_of(ticket_id: int) -> Row[Any] | None:
    """The newest promise of that ticket, however it stands."""
    query = select(PROMISES).where(PROMISES.c.ticket_id == ticket_id).order_by(PROMISES.c.id.desc()).limit(1)
    return db.session.execute(query).one_or_none()


def open_to(phone: str) -> Row[Any] | None:
    """A promise to that number that is still to be kept, whoever asked."""
    query = select(PROMISES).where(PROMISES.c.phone == phone, PROMISES.c.state.in_(_OPEN))
    return db.session.execute(query.order_by(PROMISES.c.id).limit(1)).one_or_none()


_LOCK = text("select pg_advisory_xact_lock(hashtextextended(:phone, 715003))")


def hold_number(phone: str) -> None:
    """Whoever else asks for a call to that number waits until this transaction ends."""
    db.session.execute(_LOCK, {"phone": phone})


def make(**given: Any) -> int:
    """A new promise; when it falls due first is the beginning of its window."""
    values = {"due_at": given["begins_at"]} | given
    return int(db.session.execute(insert(PROMISES).values(values).returning(PROMISES.c.id)).scalar_one())


def change(id_: int, **values: Any) -> None:
    """Other facts about a promise; its window is none that can be changed."""
    db.session.execute(update(PROMISES).where(PROMISES.c.id == id_).values(values))


_STATES = {PromiseEnd.REACHED: PromiseState.FULFILLED, PromiseEnd.UNREACHABLE: PromiseState.UNREACHABLE}


def end(promise: Row[Any], why: PromiseEnd, at: datetime) -> None:
    """Nobody is to ring any more. The place of a call that was never made is free for others."""
    state = _STATES.get(why, PromiseState.CANCELLED)
    change(promise.id, state=state.value, ended=why.value, ended_at=at)
    if state is PromiseState.CANCELLED and promise.first_dialled_at is None:
        slots.release(promise.slot_id)
        change(promise.id, slot_id=None)


_PHONE = text("select phone from person where id = :id")


def phone_of(person_id: int | None) -> str:
    """The number of that person, where we know one."""
    return str(db.session.execute(_PHONE, {"id": person_id}).scalar() or "") if person_id else ""
