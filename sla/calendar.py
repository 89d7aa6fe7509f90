"""Weekly hours, special days and a zone: when a body is open."""

from collections.abc import Collection, Iterator, Mapping
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
Names = tuple[tuple[date, str], ...]


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
    `names` says for people what such a date is; nothing is computed from it.
    """

    tz: str
    hours: Week = (CLOSED,) * 7
    holidays: tuple[date, ...] = ()
    special: Special = ()
    names: Names = ()
    table: Unrolled = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", _table(self.tz, self.hours, self.holidays, self.special))

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> "Calendar":
        """The calendar of the published form; raises InvalidCalendar, which names the wrong field.

        {"tz": "Europe/Athens", "hours": {"mon": [["09:00", "14:00"]]}, "holidays": ["2026-12-25"],
        "special": {"2026-12-24": [["09:00", "13:00"]]}, "names": {"2026-12-25": "Christmas"}}: all but tz may be left
        out, and whoever is named in `names` stands in `holidays` or `special`.
        """
        try:
            return _read(form.mapping(data, "calendar", ("tz", "hours", "holidays", "special", "names")))
        except Malformed as error:
            raise InvalidCalendar(error.field, error.reason) from None

    @classmethod
    def always(cls, tz: str = "UTC") -> "Calendar":
        """Open around the clock, every day."""
        return cls(tz, ((Period(0, 86_400),),) * 7)

    def to_dict(self) -> dict[str, object]:
        """The form that `from_dict` reads."""
        week = zip(WEEKDAYS, self.hours, strict=True)
        written: dict[str, object] = {
            "tz": self.tz,
            "hours": {day: _written(periods) for day, periods in week if periods},
            "holidays": [day.isoformat() for day in self.holidays],
            "special": {day.isoformat(): _written(periods) for day, periods in self.special},
        }
        return written | ({"names": {day.isoformat(): name for day, name in self.names}} if self.names else {})

    def periods(self, day: date) -> tuple[Period, ...]:
        """The open periods that begin on a date, in seconds since its midnight."""
        own = dict.fromkeys(self.holidays, CLOSED) | dict(self.special)
        return own.get(day, self.hours[day.weekday()])

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
    closed = {form.day(day, path) for path, day in form.items(data.get("holidays", ()), "holidays")}
    special = dict(_special(*entry) for entry in form.mapping(data.get("special", {}), "special").items())
    return Calendar(
        tz=form.text(data.get("tz"), "tz"),
        hours=tuple(hours.periods(week.get(day, ()), f"hours.{day}") for day in WEEKDAYS),
        holidays=tuple(sorted(closed)),
        special=tuple(sorted(special.items())),
        names=_names(form.mapping(data.get("names", {}), "names"), closed | special.keys()),
    )


def _names(told: Mapping[str, object], days: Collection[date]) -> Names:
    named = {form.day(day, f"names.{day}"): form.text(name, f"names.{day}") for day, name in told.items()}
    if stray := sorted(named.keys() - days):
        raise Malformed(f"names.{stray[0].isoformat()}", "is neither among the holidays nor the special days")
    return tuple(sorted(named.items()))


def _special(day: str, periods: object) -> tuple[date, tuple[Period, ...]]:
    path = f"special.{day}"
    return form.day(day, path), hours.periods(periods, path)


def _written(periods: tuple[Period, ...]) -> list[list[str]]:
    return [period.written() for period in periods]


__all__ = ["Calendar", "InvalidCalendar", "NeverOpens", "Span"]
