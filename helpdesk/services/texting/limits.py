"""What short messages may cost the body: how many to one number, how many parts a day, whether any leave at all."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text

from channels.carrier import AT_HOME
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid
from helpdesk.models.rulebook import Setting
from helpdesk.permissions import Actor, may
from helpdesk.services import house

KEY = "texts"
RINGS = "callbacks"
"""The setting that says, beside this, numbers of which countries the body rings."""
_SETTINGS = table(Setting)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Limits:
    """The brakes. ``parts_a_day`` is money: a carrier counts parts. Beyond it messages wait until the day has room."""

    sending: bool = True
    to_one_a_day: int = 20
    parts_a_day: int = 2_000
    most_parts: int = 6


_BOUNDS: Mapping[str, tuple[int, int]] = {
    "to_one_a_day": (1, 500), "parts_a_day": (0, 1_000_000), "most_parts": (1, 10),
}  # fmt: skip


def limits() -> Limits:
    """What the body decided; until then the usual."""
    data = db.session.execute(select(_SETTINGS.c.data).where(_SETTINGS.c.key == KEY)).scalar() or {}
    return Limits(**{one.name: data[one.name] for one in fields(Limits) if one.name in data})


def countries() -> frozenset[str]:
    """To numbers of which countries we write: the same that we ring."""
    data = db.session.execute(select(_SETTINGS.c.data).where(_SETTINGS.c.key == RINGS)).scalar() or {}
    return frozenset(data.get("countries") or (AT_HOME,))


@unit()
def save(actor: Actor, at: datetime, **given: Any) -> None:
    """Changes the brakes; what is not given stays. Raises Forbidden, and Invalid that names each field."""
    if not may(actor, "administer"):
        raise Forbidden("Only administrators set the telephone up.")
    before = limits()
    wrong = {
        name: f"Give a number from {least} to {most}."
        for name, (least, most) in _BOUNDS.items()
        if name in given and not (isinstance(given[name], int) and least <= given[name] <= most)
    }
    if wrong:
        raise Invalid("Please correct what is marked.", fields=wrong)
    house.keep(KEY, asdict(before) | given, at)
    if different := house.changes(before, given):
        house.record(actor, "changed", "telephone", None, at, different)


_SPENT = text(
    """
    select coalesce(sum(parts), 0) as parts, count(*) filter (where number = :number) as to_one
    from text_message where asked_at > :since and outbound_id <> :self
    """
)


@dataclass(frozen=True)
class Spent:
    """What went out within a day: parts to everybody, messages to one."""

    parts: int
    to_one: int


def spent(number: str, at: datetime, outbound_id: int = 0) -> Spent:
    """Beside that row of the outbox."""
    told = {"number": number, "since": at - DAY, "self": outbound_id}
    row = db.session.execute(_SPENT, told).one()
    return Spent(int(row.parts), int(row.to_one))
