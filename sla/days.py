"""Working days: dates on which a body is open at all, whatever its hours."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sla import arithmetic
from sla.calendar import Calendar

_HORIZON = 3 * 366


def after_days(calendar: Calendar, start: datetime, days: int) -> datetime:
    """When so many working days have passed since a moment, in UTC: at its time of day, or when it opens next.

    ``days`` is at least 1. Raises ValueError for a moment without a zone, NeverOpens after three silent years.
    """
    here = arithmetic.instant(arithmetic.moment(start)).astimezone(ZoneInfo(calendar.tz))
    day, left = here.date(), days
    for _ in range(_HORIZON + days * 7):
        day += timedelta(days=1)
        left -= bool(calendar.periods(day))
        if left <= 0:
            return calendar.next_opening(datetime.combine(day, here.time(), here.tzinfo))
    return calendar.next_opening(start)
