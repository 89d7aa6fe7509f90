"""Public holidays put into a calendar: a new version of it, in force at once."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache

from helpdesk.db import unit
from helpdesk.errors import Forbidden, Invalid
from helpdesk.permissions import Actor, may
from helpdesk.services import rulebook
from helpdesk.services.rulebook import Version
from helpdesk.vocabulary import RulebookKind
from sla import holidays

COUNTRY = "GR"


@lru_cache(maxsize=64)
def names(years: tuple[int, ...], language: str) -> Mapping[date, str]:
    """The public holidays of these years by day."""
    return {holiday.day: holiday.name for holiday in holidays.propose(COUNTRY, years, language)}


def missing(version: Version, years: Iterable[int]) -> list[date]:
    """The public holidays of these years that the calendar does not know."""
    known = {*version.value.holidays, *(day for day, _ in version.value.special)}
    return [day for day in names(tuple(years), "el") if day not in known]


@unit()
def add(actor: Actor, id_: int, years: Iterable[int], at: datetime) -> Version:
    """Closes the calendar on the public holidays of these years; the new version.

    Raises Forbidden, and Invalid for what is no calendar in force or knows them all.
    """
    if not may(actor, "administer"):
        raise Forbidden("Rules are for administrators.")
    before = rulebook.version(id_)
    current = rulebook.all_in_force(RulebookKind.CALENDAR).get(before.key)
    if before.kind is not RulebookKind.CALENDAR or current is None or current.id != id_:
        raise Invalid("Only a calendar that is in force can be given holidays.")
    days = missing(before, years)
    if not days:
        raise Invalid("This calendar knows these holidays already.")
    data = before.value.to_dict()
    data["holidays"] = sorted({*data["holidays"], *(day.isoformat() for day in days)})
    title = next(row.title for row in rulebook.versions(before.kind, before.key) if row.id == id_)
    return rulebook.enact(before.kind, before.key, data, title=title, at=at, actor=actor)
