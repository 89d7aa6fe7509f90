"""Public holidays, proposed from the `holidays` library; an administrator approves before they count."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import holidays as library


class Holiday(NamedTuple):
    """A day on which the body may be closed, with its name."""

    day: date
    name: str


def propose(country: str, years: Iterable[int], language: str = "el") -> list[Holiday]:
    """The public holidays of a country ("GR") in order; raises ValueError for one the library does not know.

    In Greece they include those that move with Orthodox Easter. Local patron days are not among them.
    """
    wanted = list(years)
    code = {"en": "en_US"}.get(language, language)
    try:
        found = library.country_holidays(country, years=wanted, language=code)
    except NotImplementedError:
        raise ValueError(f"no holidays are known for {country!r}") from None
    return [Holiday(day, name) for day, name in sorted(found.items()) if day.year in wanted]
