"""Public holidays, proposed from the `holidays` library; an administrator approves before they count."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

import holidays as library
from dateutil.easter import EASTER_ORTHODOX, easter


class Holiday(NamedTuple):
    """A day on which the body may be closed, with its name.

    One that is not `official` is no public holiday: many close early then. One that `moves` hangs on Easter.
    """

    day: date
    name: str
    official: bool = True
    moves: bool = False


_EASTER_SUNDAY = {"el": "Κυριακή του Πάσχα"}
_WORDS = {" (παρατηρήθηκε)": " (μεταφορά)"}
"""Where the library's words would be read as a slip."""


def propose(country: str, years: Iterable[int], language: str = "el") -> list[Holiday]:
    """The public holidays of a country ("GR") in order; raises ValueError for one the library does not know.

    In Greece they include those that move with Orthodox Easter. Local patron days are not among them.
    """
    return [Holiday(day, name) for day, name in _found(country, years, language, library.PUBLIC)]


def customary(country: str, years: Iterable[int], language: str = "el") -> list[Holiday]:
    """All that a body may think of: public holidays, Orthodox Easter itself, and days on which many close early."""
    wanted = sorted(set(years))
    easters = {year: easter(year, EASTER_ORTHODOX) for year in wanted}
    public = dict(_found(country, wanted, language, library.PUBLIC))
    sundays = {day: _EASTER_SUNDAY.get(language, "Easter Sunday") for day in easters.values()}
    days = {day: Holiday(day, name, True, _moves(day, easters)) for day, name in (sundays | public).items()}
    early = {day: Holiday(day, name, False) for day, name in _found(country, wanted, language, library.HALF_DAY)}
    return [found for _day, found in sorted((early | days).items())]


def _moves(day: date, easters: Mapping[int, date]) -> bool:
    """Clean Monday, Good Friday, the days of Easter and Whit Monday."""
    return (day - easters[day.year]).days in (-48, -2, 0, 1, 50)


def _found(country: str, years: Iterable[int], language: str, category: str) -> list[tuple[date, str]]:
    wanted = list(years)
    code = {"en": "en_US"}.get(language, language)
    try:
        known = library.country_holidays(country)
        if category not in known.supported_categories:
            return []
        found = library.country_holidays(country, years=wanted, language=code, categories=(category,))
    except NotImplementedError:
        raise ValueError(f"no holidays are known for {country!r}") from None
    return [(day, _named(name)) for day, name in sorted(found.items()) if day.year in wanted]


def _named(name: str) -> str:
    for theirs, ours in _WORDS.items():
        name = name.replace(theirs, ours)
    return name
