"""Calendars of every kind, near the days on which clocks are set."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.sla.oracle import DAYS

SETTINGS_OF_CLOCKS = [
    ("Europe/Athens", date(2026, 3, 29)),  # 03:00 becomes 04:00
    ("Europe/Athens", date(2026, 10, 25)),  # 04:00 becomes 03:00
    ("America/New_York", date(2026, 11, 1)),
    ("America/Sao_Paulo", date(2018, 11, 4)),  # the day has no midnight
    ("America/Sao_Paulo", date(2018, 2, 17)),  # the hour before midnight comes twice
    ("Africa/Cairo", date(2024, 4, 26)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # by half an hour
    ("Pacific/Apia", date(2011, 12, 30)),  # a date that never was
    ("Asia/Kathmandu", date(2026, 5, 1)),
    ("UTC", date(2026, 2, 28)),
]
LENGTH = 9
"""Days that a window has."""


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


times = st.one_of(
    st.sampled_from([0, 60, 120, 150, 180, 240, 540, 1380, 1439]), st.integers(min_value=0, max_value=1439)
)
pairs = st.tuples(times, st.one_of(times, st.just(1440))).filter(lambda pair: pair[0] != pair[1])
period = pairs.map(lambda pair: [_clock(minutes) for minutes in pair])
periods = st.lists(period, max_size=3)


@st.composite
def windows(draw: st.DrawFn) -> tuple[dict[str, Any], datetime]:
    """A calendar's form and the beginning of a window of days about a setting of the clocks in its zone."""
    zone, about = draw(st.sampled_from(SETTINGS_OF_CLOCKS))
    since = datetime(about.year, about.month, about.day, tzinfo=UTC) - timedelta(days=4)
    dates = st.integers(min_value=-1, max_value=LENGTH).map(lambda at: (since.date() + timedelta(days=at)).isoformat())
    data = {
        "tz": zone,
        "hours": draw(st.dictionaries(st.sampled_from(DAYS), periods)),
        "holidays": draw(st.lists(dates, max_size=2)),
        "special": draw(st.dictionaries(dates, periods, max_size=2)),
    }
    return data, since
