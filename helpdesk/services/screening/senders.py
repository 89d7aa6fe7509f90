"""Senders that administrators always let in, or never: addresses and whole domains."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.dialects.postgresql import insert

from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.models.people import Person
from helpdesk.models.screening import SenderRule
from helpdesk.permissions import Actor, may
from helpdesk.services import house

_ROWS, _PEOPLE = table(SenderRule), table(Person)
_PATTERN = re.compile(r"(?:[^@\s]{1,64})?@[^@\s]{1,190}\.[^@\s.]{2,}")
MOST = 5_000


class Verdict(StrEnum):
    """What a list says of a sender."""

    ALLOW = "allow"
    BLOCK = "block"


def rules() -> Sequence[Row[Any]]:
    """Both lists by pattern, each with the name of who made it."""
    query = select(_ROWS, _PEOPLE.c.name.label("who")).outerjoin(_PEOPLE, _PEOPLE.c.id == _ROWS.c.made_by)
    return db.session.execute(query.order_by(_ROWS.c.verdict, _ROWS.c.pattern)).all()


def verdicts(addresses: Iterable[str]) -> Mapping[str, Verdict]:
    """What the lists say of these senders; an address counts before its domain, those on no list are left out."""
    wanted = {address: candidates(address) for address in addresses}
    patterns = sorted({one for many in wanted.values() for one in many})
    if not patterns:
        return {}
    query = select(_ROWS.c.pattern, _ROWS.c.verdict).where(_ROWS.c.pattern.in_(patterns))
    found = {row.pattern: Verdict(row.verdict) for row in db.session.execute(query)}
    first = {address: next((found[one] for one in many if one in found), None) for address, many in wanted.items()}
    return {address: verdict for address, verdict in first.items() if verdict}


def candidates(address: str) -> list[str]:
    """The patterns that would mean an address, the narrowest first: itself, its domain, and those above."""
    lower = address.strip().lower()
    labels = lower.rpartition("@")[2].split(".")
    domains = [f"@{'.'.join(labels[at:])}" for at in range(len(labels) - 1)]
    return [lower, *domains] if "@" in lower else []


@unit()
def put(actor: Actor, pattern: str, verdict: str, note: str, at: datetime) -> None:
    """Puts an address or ``@domain`` on a list; it stands on one of them only. Raises Forbidden and Invalid."""
    _require(actor)
    pattern = pattern.strip().lower()
    if not _PATTERN.fullmatch(pattern):
        raise Invalid("The list stays as it was.", fields={"pattern": "Write name@example.org or @example.org."})
    if verdict not in set(Verdict):
        raise Invalid("The list stays as it was.", fields={"verdict": "Choose one."})
    values = {"verdict": verdict, "note": note.strip()[:200], "made_by": actor.id, "at": at}
    row = insert(_ROWS).values(pattern=pattern, **values)
    kept = row.on_conflict_do_update(index_elements=["pattern"], set_=values).returning(_ROWS.c.id)
    house.record(actor, "changed", "sender", db.session.execute(kept).scalar_one(), at, {"verdict": verdict})


@unit()
def remove(actor: Actor, id_: int, at: datetime) -> None:
    """Takes a pattern off its list; raises Forbidden and NotFound."""
    _require(actor)
    gone = delete(_ROWS).where(_ROWS.c.id == id_).returning(_ROWS.c.id)
    if db.session.execute(gone).scalar() is None:
        raise NotFound("That is on no list.")
    house.record(actor, "ended", "sender", id_, at)


def _require(actor: Actor) -> None:
    if not may(actor, "administer"):
        raise Forbidden("The house is set up by administrators.")
