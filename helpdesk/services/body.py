"""The public body itself: its name in every language, and how patient it is with resolved requests."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from helpdesk import i18n
from helpdesk.db import after_commit, db, table, unit
from helpdesk.errors import Forbidden, Invalid
from helpdesk.models.rulebook import Setting
from helpdesk.permissions import Actor, may
from helpdesk.services import house
from helpdesk.services.patience import DAYS
from helpdesk.vocabulary import TicketType

_ROWS = table(Setting)
KEY = "body"
"""The setting that holds the names: ``{"names": {language: name}}``."""

DEMO = "demo"
"""The setting that marks a fictional body."""

_CACHE = "body_names"
FRESH = 20.0
"""Seconds for which a process believes the name it read: every page shows it, and it hardly ever changes."""
LONGEST = 120


def name(language: str) -> str:
    """The body's name as it is told in that language: what the administrators gave, else the operator's setting."""
    given = i18n.pick(_marks().get(KEY, {}).get("names", {}), language)
    return given or str(current_app.config["SETTINGS"].body_name)


def is_fictional() -> bool:
    """Whether this is a demo, as every page says; from the process's memory."""
    return DEMO in _marks()


def _marks() -> Mapping[str, Mapping[str, Any]]:
    """Both settings from the process's memory; an error page must be made without the database, too."""
    kept: tuple[float, Mapping[str, Mapping[str, Any]]] | None = current_app.extensions.get(_CACHE)
    if kept is not None and time.monotonic() - kept[0] < FRESH:
        return kept[1]
    try:
        rows = db.session.execute(select(_ROWS.c.key, _ROWS.c.data).where(_ROWS.c.key.in_((KEY, DEMO)))).all()
    except SQLAlchemyError:
        return kept[1] if kept else {}
    found = {row.key: row.data for row in rows}
    current_app.extensions[_CACHE] = (time.monotonic(), found)
    return found


def names() -> Mapping[str, str]:
    """The names as they stand in the database."""
    data = db.session.execute(select(_ROWS.c.data).where(_ROWS.c.key == KEY)).scalar() or {}
    found: Mapping[str, str] = data.get("names", {})
    return found


def forget_name() -> None:
    """Lets the name, and whether it is fictional, be read anew."""
    current_app.extensions.pop(_CACHE, None)


def days() -> Mapping[str, int]:
    """How many days each of `patience.DAYS` takes now."""
    query = select(_ROWS.c.key, _ROWS.c.data).where(_ROWS.c.key.in_(DAYS))
    kept = {row.key: int(row.data.get("days", DAYS[row.key])) for row in db.session.execute(query)}
    return DAYS | kept


def days_by_type() -> Mapping[str, Mapping[str, int]]:
    """The days of types that differ from the usual, by `patience.DAYS` and type."""
    query = select(_ROWS.c.key, _ROWS.c.data).where(_ROWS.c.key.in_(DAYS))
    kept = {row.key: dict(row.data.get("types", {})) for row in db.session.execute(query)}
    return {key: kept.get(key, {}) for key in DAYS}


@unit()
def save(
    actor: Actor,
    names_: Mapping[str, str],
    days_: Mapping[str, int],
    at: datetime,
    by_type: Mapping[str, Mapping[str, int]] | None = None,
) -> None:
    """Keeps the body's names and patience; ``by_type`` holds the days of types that differ, all of them.

    Raises Forbidden, and Invalid that names each wrong field (of a type ``key.type``).
    """
    if not may(actor, "administer"):
        raise Forbidden("The house is set up by administrators.")
    told = {code: text.strip() for code, text in names_.items() if text.strip()}
    types = days_by_type() if by_type is None else by_type
    _check(told, {**days_, **_flat(types)})
    before = {"names": names(), **days(), **_flat(days_by_type())}
    now = {"names": told, **days_, **_flat(types)}
    different = {key: [before.get(key), now.get(key)] for key in {**before, **now} if before.get(key) != now.get(key)}
    house.keep(KEY, {"names": told}, at)
    for key, number in days_.items():
        house.keep(key, {"days": number, "types": dict(types.get(key, {}))}, at)
    if different:
        house.record(actor, "changed", "body", None, at, different)
    after_commit(forget_name)


def _check(told: Mapping[str, str], days_: Mapping[str, int]) -> None:
    wrong = {key: "Give a number from 1 to 365." for key, number in days_.items() if not 1 <= number <= 365}
    wrong |= dict.fromkeys(days_.keys() - DAYS.keys() - _OF_TYPES, "There is no such field.")
    if not told:
        wrong["names"] = "Give a name."
    if any(len(text) > LONGEST for text in told.values()):
        wrong["names"] = "Use at most 120 characters."
    if wrong:
        raise Invalid("The settings cannot be saved like this.", fields=wrong)


def _flat(by_type: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    return {f"{key}.{kind}": number for key, types in by_type.items() for kind, number in types.items()}


_OF_TYPES = frozenset(f"{key}.{kind}" for key in DAYS for kind in TicketType)
