"""When departments are open today, by the calendar that also times their promises."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk import i18n
from helpdesk.errors import NotFound
from helpdesk.services import rulebook
from helpdesk.web import language
from helpdesk.web.templating import say
from sla import Calendar, NeverOpens


@dataclass(frozen=True)
class Hours:
    """Whether it is open now, that in words (``Open now, until 15:00``), and the hours of today, empty for none."""

    open: bool
    told: str
    today: str


def of_departments(departments: Iterable[Any], at: datetime) -> dict[int, Hours]:
    """By department id; one whose body has no calendar at all is left out."""
    found: dict[int, Hours] = {}
    for department in departments:
        try:
            calendar: Calendar = rulebook.calendar_for(department.calendar_key).value
            found[department.id] = of_calendar(calendar, at, language.current())
        except (NotFound, NeverOpens):
            continue
    return found


def of_calendar(calendar: Calendar, at: datetime, tongue: str) -> Hours:
    """The hours of the local day of that moment. Raises NeverOpens for a calendar without any."""
    zone = ZoneInfo(calendar.tz)
    begin = datetime.combine(at.astimezone(zone).date(), time(), zone)
    end = datetime.combine(begin.date() + timedelta(days=1), time(), zone)
    spans = _joined((span.start, span.end) for span in calendar.spans(begin, end))
    whole = spans == [(begin, end)]
    today = say("All day") if whole else ", ".join(_span(span, tongue, zone) for span in spans)
    now = next((closes for opens, closes in spans if opens <= at < closes), None)
    if now is None:
        return Hours(False, _opens(calendar.next_opening(at), at, tongue, zone), today)
    told = say("Open now") if whole else say("Open now, until %(time)s", time=_clock(now, tongue, zone))
    return Hours(True, told, today)


def _joined(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Spans that touch are one."""
    found: list[tuple[datetime, datetime]] = []
    for opens, closes in spans:
        if found and found[-1][1] == opens:
            found[-1] = (found[-1][0], closes)
        else:
            found.append((opens, closes))
    return found


def _clock(at: datetime, tongue: str, zone: ZoneInfo) -> str:
    """Midnight as an end is 24:00."""
    told = i18n.clock_time(at, tongue, zone)
    return "24:00" if told == "00:00" else told


def _span(span: tuple[datetime, datetime], tongue: str, zone: ZoneInfo) -> str:
    return f"{i18n.clock_time(span[0], tongue, zone)}–{_clock(span[1], tongue, zone)}"


def _opens(opening: datetime, at: datetime, tongue: str, zone: ZoneInfo) -> str:
    clock_time = i18n.clock_time(opening, tongue, zone)
    days = (opening.astimezone(zone).date() - at.astimezone(zone).date()).days
    if not days:
        return say("Closed, opens today at %(time)s", time=clock_time)
    day = i18n.weekday(opening, tongue, zone) if days < 7 else i18n.day(opening, tongue, zone)
    return say("Closed, opens %(day)s at %(time)s", day=day, time=clock_time)
