"""API tokens: made once, kept as hashes, act as a named person within scopes."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select, update

from helpdesk.db import db, table, unit
from helpdesk.errors import Invalid, NotFound
from helpdesk.models.access import ApiToken
from helpdesk.models.people import Membership, Person, Staff
from helpdesk.permissions import Actor
from helpdesk.vocabulary import ActorKind, Role

SCOPES = ("read", "write", "administer")
_SEEN_EVERY = timedelta(minutes=5)

_tokens, _people, _staff, _members = table(ApiToken), table(Person), table(Staff), table(Membership)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@unit()
def create(email: str, *, name: str = "", scopes: Iterable[str] = SCOPES, at: datetime) -> str:
    """A token that acts as the member of staff with that e-mail; the only time it can be read."""
    wanted = tuple(dict.fromkeys(scopes))
    if unknown := [scope for scope in wanted if scope not in SCOPES]:
        raise Invalid(f"There is no scope {unknown[0]}.", fields={"scope": f"one of {', '.join(SCOPES)}"})
    query = select(_people.c.id).join(_staff).where(_people.c.email == email.strip().lower(), _staff.c.active)
    person = db.session.execute(query).scalar_one_or_none()
    if person is None:
        raise NotFound(f"Nobody who works here has the address {email}.")
    token = "chd_" + secrets.token_urlsafe(32)
    row = {"token_hash": _hash(token), "person_id": person, "name": name, "scopes": list(wanted), "created_at": at}
    db.session.execute(insert(_tokens).values(row))
    return token


def actor(token: str, now: datetime) -> Actor | None:
    """Who acts with that token; None when it is unknown, revoked, or its person has left."""
    departments = func.coalesce(
        func.array_agg(_members.c.department_id).filter(_members.c.department_id.is_not(None)), []
    )
    leads = func.coalesce(func.array_agg(_members.c.department_id).filter(_members.c.lead), [])
    query = (
        select(
            _tokens.c.id, _tokens.c.scopes, _tokens.c.used_at, _people.c.id.label("person_id"), _people.c.name,
            _people.c.language, _staff.c.role, departments.label("departments"), leads.label("leads"),
        )
        .join(_people, _people.c.id == _tokens.c.person_id)
        .join(_staff, (_staff.c.person_id == _people.c.id) & _staff.c.active)
        .outerjoin(_members, _members.c.staff_id == _people.c.id)
        .where(_tokens.c.token_hash == _hash(token), _tokens.c.revoked_at.is_(None))
        .group_by(_tokens.c.id, _people.c.id, _staff.c.person_id)
    )  # fmt: skip
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    if row.used_at is None or row.used_at < now - _SEEN_EVERY:
        _note_use(row.id, now)
    return Actor(
        ActorKind.STAFF, row.person_id, Role(row.role), frozenset(row.departments), frozenset(row.leads),
        row.language, row.name, frozenset(row.scopes),
    )  # fmt: skip


@unit()
def _note_use(token_id: int, now: datetime) -> None:
    db.session.execute(update(_tokens).where(_tokens.c.id == token_id).values(used_at=now))


@unit()
def revoke(token: str, *, at: datetime) -> None:
    """Ends a token at once."""
    db.session.execute(update(_tokens).where(_tokens.c.token_hash == _hash(token)).values(revoked_at=at))
