"""Weekly hours, special days and a zone: when a body is open."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from sla import arithmetic, form, hours, zone
from sla.form import Malformed
from sla.hours import Period
from sla.near import Unrolled, table
from sla.table import NeverOpens

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOSED: tuple[Period, ...] = ()
_FOUR_YEARS = timedelta(days=4 * 366)

Week = tuple[tuple[Period, ...], ...]
Special = tuple[tuple[date, tuple[Period, ...]], ...]


class InvalidCalendar(Malformed):
    """A calendar that cannot be understood; the message names the field."""


class Span(NamedTuple):
    """Open time from start up to, not including, end; both in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Calendar:
    """When a body is open. Equal content is equal and shares one table of open time.

    `hours` holds the periods of Monday to Sunday; a date in `special` has its own periods, one in `holidays` none.
    """

    tz: str
    hours: Week = (CLOSED,) * 7
    holidays: tuple[date, ...] = ()
    special: Special = ()
    table: Unrolled = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", _table(self.tz, self.hours, self.holidays, self.special))

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> "Calendar":
        """The calendar of SLA.md §1's form; raises InvalidCalendar, which names the wrong field."""
        try:
            return _read(form.mapping(data, "calendar", ("tz", "hours", "holidays", "special")))
        except Malformed as error:
            raise InvalidCalendar(error.field, error.reason) from None

    @classmethod
    def always(cls, tz: str = "UTC") -> "Calendar":
        """Open around the clock, every day."""
        return cls(tz, ((Period(0, 86_400),),) * 7)

    def to_dict(self) -> dict[str, object]:
        """The form that `from_dict` reads."""
        week = zip(WEEKDAYS, self.hours, strict=True)
        return {
            "tz": self.tz,
            "hours": {day: _written(periods) for day, periods in week if periods},
            "holidays": [day.isoformat() for day in self.holidays],
            "special": {day.isoformat(): _written(periods) for day, periods in self.special},
        }

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """Open time from start to end; zero when end <= start. Raises ValueError without a zone."""
        return arithmetic.worked(self, start, end)

    def after(self, start: datetime, amount: timedelta) -> datetime:
        """The moment, in UTC, at which the amount of open time is used up; see `arithmetic.after`."""
        return arithmetic.after(self, start, amount)

    def is_open(self, at: datetime) -> bool:
        """Whether the local wall reading of that instant lies in an open period."""
        moment = arithmetic.moment(at)
        return self.table.worked(moment, moment + 1) == 1

    def next_opening(self, at: datetime) -> datetime:
        """The first open instant from `at` on (itself when open), in UTC; NeverOpens after three silent years."""
        return self.after(at, arithmetic.MICROSECOND) - arithmetic.MICROSECOND

    def spans(self, start: datetime, end: datetime | None = None) -> Iterator[Span]:
        """Open spans from start on, cut at `end` or endless; a long unbroken one may come in pieces that touch.

        Raises NeverOpens after three silent years (never before `end`).
        """
        last = arithmetic.moment(end) if end else None
        for opens, closes in self.table.spans(arithmetic.moment(start), last):
            yield Span(arithmetic.instant(opens), arithmetic.instant(closes))

    def require_openings(self, since: datetime) -> None:
        """Raises NeverOpens when the calendar, from `since` on, is ever closed for three years: not fit for use."""
        dates = [day.toordinal() for day, _ in self.special] + [day.toordinal() for day in self.holidays]
        last_special = timedelta(days=max(dates, default=1) - since.toordinal())
        horizon = since + max(last_special, timedelta()) + _FOUR_YEARS
        for span in self.spans(since):
            if span.start > horizon:
                return


@lru_cache(maxsize=512)
def _table(tz: str, week: Week, holidays: tuple[date, ...], special: Special) -> Unrolled:
    dated = dict.fromkeys(holidays, CLOSED) | dict(special)
    days = ((day.toordinal() - date(1970, 1, 1).toordinal(), periods) for day, periods in dated.items())
    try:
        return table(
            tz,
            tuple(tuple(period.span for period in periods) for periods in week),
            tuple((day, tuple(period.span for period in periods)) for day, periods in sorted(days)),
        )
    except zone.UnknownZone as error:
        raise InvalidCalendar("tz", str(error)) from None


def _read(data: Mapping[str, object]) -> Calendar:
    week = form.mapping(data.get("hours", {}), "hours", WEEKDAYS)
    special = form.mapping(data.get("special", {}), "special")
    return Calendar(
        tz=form.text(data.get("tz"), "tz"),
        hours=tuple(hours.periods(week.get(day, ()), f"hours.{day}") for day in WEEKDAYS),
        holidays=tuple(sorted({form.day(day, path) for path, day in form.items(data.get("holidays", ()), "holidays")})),
        special=tuple(sorted(_special(day, periods) for day, periods in special.items())),
    )


def _special(day: str, periods: object) -> tuple[date, tuple[Period, ...]]:
    path = f"special.{day}"
    return form.day(day, path), hours.periods(periods, path)


def _written(periods: tuple[Period, ...]) -> list[list[str]]:
    return [period.written() for period in periods]


__all__ = ["Calendar", "InvalidCalendar", "NeverOpens", "Span"]
