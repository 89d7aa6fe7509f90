"""Signed-in browsers as rows: opened, found with all that permissions need, listed, revoked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, text, update

from helpdesk.db import db, table, unit
from helpdesk.errors import NotFound
from helpdesk.models.access import LoginSession
from helpdesk.permissions import Actor
from helpdesk.services import presence
from helpdesk.services.access.secrets import digest, new_token
from helpdesk.services.presence import Presence
from helpdesk.vocabulary import ActorKind, Role

LIFETIME = timedelta(days=14)
"""After this a browser signs in again, whatever it did."""

IDLE = timedelta(days=3)
"""After this long without a visit a session is over."""

SEEN_EVERY = timedelta(minutes=5)
"""How exactly the last visit is kept: each request would cost a write."""

_ROWS = table(LoginSession)


@dataclass(frozen=True)
class SignedIn:
    """Who sits at a signed-in browser, how they chose to be there, and how much is on offer to them."""

    session_id: int
    actor: Actor
    email: str
    seen_at: datetime
    presence: Presence
    offers: int


@unit()
def open_session(person_id: int, browser: str, at: datetime) -> str:
    """A new session's token, told once; the row keeps its hash."""
    token = new_token()
    row = {"token_hash": digest(token), "person_id": person_id, "created_at": at, "seen_at": at}
    row |= {"expires_at": at + LIFETIME, "browser": browser[:200]}
    db.session.execute(insert(_ROWS).values(row))
    return token


_FIND = text(
    """
    select login_session.id, login_session.seen_at, person.id as person_id, person.name, person.email,
           person.language, staff.role,
           array(select department_id from membership where staff_id = person.id) as departments,
           array(select department_id from membership where staff_id = person.id and lead) as leads,
           presence.state, presence.until, presence.without, presence.seen_at as beat_at,
           (select count(*) from offer where offer.person_id = person.id and offer.state = 'offered'
            and offer.expires_at > :at) as offers
    from login_session
    join person on person.id = login_session.person_id and person.erased_at is null
    join staff on staff.person_id = person.id and staff.active
    left join presence on presence.person_id = person.id
    where login_session.token_hash = :hash and login_session.revoked_at is null
      and login_session.expires_at > :at and login_session.seen_at > :idle
    """
)


def find_session(token: str, at: datetime) -> SignedIn | None:
    """Who that token signs in; None when it was revoked, ran out, or its person left."""
    row = db.session.execute(_FIND, {"hash": digest(token), "at": at, "idle": at - IDLE}).one_or_none()
    return _signed_in(row, at) if row else None


def _signed_in(row: Row[Any], at: datetime) -> SignedIn:
    actor = Actor(
        ActorKind.STAFF,
        row.person_id,
        Role(row.role),
        frozenset(row.departments),
        frozenset(row.leads),
        row.language,
        row.name,
    )
    there = presence.chosen(row.person_id, row.state, row.without, row.until, row.beat_at, at)
    return SignedIn(row.id, actor, row.email or "", row.seen_at, there, row.offers)


@unit()
def saw(session_id: int, at: datetime) -> None:
    """Keeps the moment of a visit."""
    db.session.execute(update(_ROWS).where(_ROWS.c.id == session_id).values(seen_at=at))


def sessions_of(person_id: int, at: datetime) -> list[Row[Any]]:
    """The person's open sessions ``(id, created_at, seen_at, browser)``, the latest visit first."""
    query = select(_ROWS.c.id, _ROWS.c.created_at, _ROWS.c.seen_at, _ROWS.c.browser)
    query = query.where(_ROWS.c.person_id == person_id, _ROWS.c.revoked_at.is_(None), _ROWS.c.expires_at > at)
    return list(db.session.execute(query.where(_ROWS.c.seen_at > at - IDLE).order_by(_ROWS.c.seen_at.desc())))


@unit()
def revoke_session(actor: Actor, session_id: int, at: datetime) -> None:
    """Ends one of the actor's own sessions; NotFound for anybody else's."""
    mine = (_ROWS.c.id == session_id) & (_ROWS.c.person_id == actor.id)
    ended = update(_ROWS).where(mine).values(revoked_at=at).returning(_ROWS.c.id)
    if db.session.execute(ended).one_or_none() is None:
        raise NotFound("There is no such session.")


@unit()
def revoke_all(person_id: int, at: datetime) -> None:
    """Signs the person out everywhere."""
    open_ones = (_ROWS.c.person_id == person_id) & _ROWS.c.revoked_at.is_(None)
    db.session.execute(update(_ROWS).where(open_ones).values(revoked_at=at))
