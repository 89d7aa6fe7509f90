"""Places in a window: kept while a form is filled in, booked once, given back. No window holds more than fit in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from helpdesk.db import db, unit
from helpdesk.errors import Invalid, Stale
from helpdesk.services.access.secrets import digest, new_token
from helpdesk.services.slots.windows import Window, windows

HOLDS = timedelta(minutes=5)
"""How long a place is kept while somebody fills in the form."""


@dataclass(frozen=True)
class Held:
    """A place kept for whoever has the token."""

    token: str
    department_id: int
    slot_id: int
    begins_at: datetime
    ends_at: datetime
    expires_at: datetime


_SLOT = text(
    """
    insert into callback_slot (department_id, begins_at, ends_at, capacity)
    values (:department, :begins, :ends, :capacity)
    on conflict (department_id, begins_at) do update set capacity = excluded.capacity
    returning id
    """
)
_HOLD = text("update callback_slot set held = held + 1 where id = :id and booked + held < capacity returning id")
_BOOK = text("update callback_slot set booked = booked + 1 where id = :id and booked + held < capacity returning id")
_BOOK_HELD = text("update callback_slot set booked = booked + 1, held = held - 1 where id = :id returning id")
_RELEASE = text("update callback_slot set booked = booked - 1 where id = :id and booked > 0")
_KEEP = text("insert into callback_hold (token_hash, slot_id, expires_at) values (:token, :slot, :expires)")
_FIND = text(
    """
    select callback_hold.id, callback_hold.slot_id, callback_hold.expires_at, callback_slot.department_id,
           callback_slot.begins_at, callback_slot.ends_at
    from callback_hold join callback_slot on callback_slot.id = callback_hold.slot_id
    where token_hash = :token and expires_at > :at
    """
)
_USE = text("delete from callback_hold where token_hash = :token and expires_at > :at returning slot_id")
_EXPIRED = text(
    """
    with gone as (delete from callback_hold where id in (
        select id from callback_hold where expires_at <= :at order by id limit 500 for update skip locked)
        returning slot_id), counted as (select slot_id, count(*) as places from gone group by slot_id)
    update callback_slot set held = greatest(held - counted.places, 0) from counted
    where callback_slot.id = counted.slot_id
    """
)


@unit()
def hold(department_id: int, begins_at: datetime, at: datetime) -> Held:
    """Keeps a place for five minutes. Raises Invalid for a window that is not offered, Stale for one that is full."""
    window = _window(department_id, begins_at, at)
    slot_id = _slot(department_id, window)
    if db.session.execute(_HOLD, {"id": slot_id}).scalar() is None:
        raise _full()
    token, expires = new_token(), at + HOLDS
    db.session.execute(_KEEP, {"token": digest(token), "slot": slot_id, "expires": expires})
    return Held(token, department_id, slot_id, window.begins_at, window.ends_at, expires)


def held(token: str, at: datetime) -> Held | None:
    """What that token keeps, while it does."""
    row = db.session.execute(_FIND, {"token": digest(token), "at": at}).one_or_none()
    if row is None:
        return None
    return Held(token, row.department_id, row.slot_id, row.begins_at, row.ends_at, row.expires_at)


def book(department_id: int, begins_at: datetime, at: datetime, token: str = "") -> int:
    """Books a place in that window, the one that the token keeps where it still does; the slot's id.

    Part of the caller's transaction. Raises Invalid for a window that is not offered, Stale for one that is full.
    """
    kept = held(token, at) if token else None
    if kept is not None and (kept.department_id, kept.begins_at) == (department_id, begins_at):
        used = db.session.execute(_USE, {"token": digest(token), "at": at}).scalar()
        if used is not None:
            return int(db.session.execute(_BOOK_HELD, {"id": used}).scalar_one())
    slot_id = _slot(department_id, _window(department_id, begins_at, at))
    if db.session.execute(_BOOK, {"id": slot_id}).scalar() is None:
        raise _full()
    return slot_id


def release(slot_id: int | None) -> None:
    """The call will not be made in that window: its place is free again. Part of the caller's transaction."""
    if slot_id is not None:
        db.session.execute(_RELEASE, {"id": slot_id})


@unit()
def forget_holds(at: datetime) -> None:
    """Frees the places of forms that nobody finished."""
    db.session.execute(_EXPIRED, {"at": at})


def _window(department_id: int, begins_at: datetime, at: datetime) -> Window:
    found = next((one for one in windows(department_id, at) if one.begins_at == begins_at), None)
    if found is None:
        raise Invalid("We do not call back at that time.", fields={"begins_at": "Choose one of the times offered."})
    return found


def _slot(department_id: int, window: Window) -> int:
    """The row of the window, made where it is the first to be asked for; its capacity as people are on shift now."""
    values = {"department": department_id, "begins": window.begins_at, "ends": window.ends_at}
    return int(db.session.execute(_SLOT, {**values, "capacity": window.capacity}).scalar_one())


def _full() -> Stale:
    return Stale("This time was taken meanwhile. Choose another one.", code="slot-full")
