"""The figures anybody may read: numbers of the whole body and of its departments, small ones kept back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import true

from helpdesk.services.reports import counting
from helpdesk.services.reports.counting import Value
from helpdesk.services.reports.definitions import FIGURES, Figure
from helpdesk.services.reports.periods import Period, last_days

FEWEST = 5
"""What fewer requests than these make up could be about somebody one knows, and is kept back."""

SPANS = (30, 90, 365)
"""Days one can ask for. Fixed ones, so that nobody subtracts one period from another to find a single request."""


@dataclass(frozen=True)
class Published:
    """A figure as it is published; None where it is kept back because it is about too few."""

    figure: Figure
    whole: Value | None
    departments: Mapping[int | None, Value | None]


def published(days: int, now: datetime) -> tuple[Period, Sequence[Published]]:
    """Every figure of so many days, today included."""
    period = last_days(days, now)
    return period, [_published(figure, period, now) for figure in FIGURES.values() if figure.public]


def _published(figure: Figure, period: Period, now: datetime) -> Published:
    reading = counting.read(figure, period, true(), now)
    back = kept_back({place: value.n for place, value in reading.departments.items()})
    whole = None if 0 < reading.whole.n < FEWEST else reading.whole
    shown = {place: None if place in back else value for place, value in reading.departments.items()}
    return Published(figure, whole, shown)


def kept_back(counts: Mapping[int | None, int]) -> set[int | None]:
    """The places whose number is not told: the small ones and, as the sum is known, enough others to hide them."""
    back = {place for place, n in counts.items() if 0 < n < FEWEST}
    others = sorted((n, str(place), place) for place, n in counts.items() if n >= FEWEST)
    while back and others and (len(back) < 2 or sum(counts[place] for place in back) < FEWEST):
        back.add(others.pop(0)[2])
    return back
