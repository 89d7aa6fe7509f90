"""Calendar files of others: which days they close, why the rest is left out, and that no file stops the clock."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla import ical
from sla.ical import Problem, Skip, UnreadableFile

FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)


def file_of(*events: str) -> bytes:
    """Events given as their lines with bars between."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test"]
    for place, event in enumerate(events):
        own = event.split("|")
        uid = [] if any(line.startswith("UID") for line in own) else [f"UID:{place}"]
        lines += ["BEGIN:VEVENT", *uid, *own, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def days(*events: str) -> list[str]:
    return [found.day.isoformat() for found in ical.read(file_of(*events), FIRST, LAST).days]


def why(event: str) -> list[Skip]:
    found = ical.read(file_of(event), FIRST, LAST)
    assert found.days == []
    return [skipped.why for skipped in found.skipped]


def test_a_whole_day_closes_with_its_name() -> None:
    found = ical.read(file_of("DTSTART;VALUE=DATE:20261225|SUMMARY:Χριστούγεννα\\, αργία"), FIRST, LAST)
    assert [(one.day, one.name) for one in found.days] == [(date(2026, 12, 25), "Χριστούγεννα, αργία")]


@pytest.mark.parametrize(("event", "expected"), [
    ("DTSTART;VALUE=DATE:20260803|DTEND;VALUE=DATE:20260806", ["2026-08-03", "2026-08-04", "2026-08-05"]),
    ("DTSTART;VALUE=DATE:20260803|DURATION:P2D", ["2026-08-03", "2026-08-04"]),
    ("DTSTART;VALUE=DATE:20201225|RRULE:FREQ=YEARLY", ["2026-12-25", "2027-12-25", "2028-12-25"]),
    ("DTSTART;VALUE=DATE:20260105|RRULE:FREQ=WEEKLY;COUNT=2", ["2026-01-05", "2026-01-12"]),
    ("DTSTART;VALUE=DATE:20200302|RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=1MO", ["2026-03-02", "2027-03-01", "2028-03-06"]),
    ("DTSTART;VALUE=DATE:20260101|RRULE:FREQ=YEARLY|EXDATE;VALUE=DATE:20270101", ["2026-01-01", "2028-01-01"]),
    ("DTSTART;VALUE=DATE:20260101|RDATE;VALUE=DATE:20260707", ["2026-01-01", "2026-07-07"]),
    ("DTSTART;VALUE=DATE:20251231|DTEND;VALUE=DATE:20260102", ["2026-01-01"]),
    ("DTSTART:20261225T000000|DTEND:20261226T000000", ["2026-12-25"]),
    ("DTSTART;TZID=Europe/Athens:20261225T000000|DTEND;TZID=Europe/Athens:20261227T000000",
     ["2026-12-25", "2026-12-26"]),
])  # fmt: skip
def test_events_cover_the_days_that_they_say(event: str, expected: list[str]) -> None:
    assert days(event) == expected


def test_one_repetition_may_be_moved() -> None:
    series = "UID:a|DTSTART;VALUE=DATE:20260101|RRULE:FREQ=YEARLY|SUMMARY:x"
    assert days(series, "UID:a|RECURRENCE-ID;VALUE=DATE:20270101|DTSTART;VALUE=DATE:20270104") == [
        "2026-01-01", "2027-01-04", "2028-01-01",
    ]  # fmt: skip


@pytest.mark.parametrize(("event", "reason"), [
    ("DTSTART:20261224T090000Z|DTEND:20261224T100000Z", Skip.TIMED),
    ("DTSTART;VALUE=DATE:20261224|STATUS:CANCELLED", Skip.CANCELLED),
    ("DTSTART;VALUE=DATE:20400101", Skip.OUTSIDE),
    ("DTSTART;VALUE=DATE:20200101|RRULE:FREQ=YEARLY;UNTIL=20220101", Skip.OUTSIDE),
    ("DTSTART;VALUE=DATE:20260101|DTEND;VALUE=DATE:20300101", Skip.TOO_LONG),
    ("DTSTART;VALUE=DATE:20260101|RRULE:FREQ=SECONDLY", Skip.TOO_OFTEN),
    ("DTSTART;VALUE=DATE:20260101|RRULE:FREQ=DAILY;BYHOUR=1,2,3", Skip.TOO_OFTEN),
    ("SUMMARY:no day", Skip.UNREADABLE),
    ("DTSTART;VALUE=DATE:20261345", Skip.UNREADABLE),
    ("DTSTART;VALUE=DATE:20260105|DTEND;VALUE=DATE:20260101", Skip.UNREADABLE),
    ("DTSTART;VALUE=DATE:00010101|RRULE:FREQ=YEARLY", Skip.UNREADABLE),
    ("DTSTART;VALUE=DATE:20260101|RRULE:FREQ=SOMETIMES", Skip.UNREADABLE),
    ("DTSTART;VALUE=DATE:20260101|RRULE:FREQ=YEARLY;COUNT=x", Skip.UNREADABLE),
])  # fmt: skip
def test_what_gives_no_day_says_why(event: str, reason: Skip) -> None:
    assert why(event) == [reason]


@pytest.mark.parametrize("rule", [
    "FREQ=YEARLY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYDAY=6MO", "FREQ=YEARLY;BYMONTH=3;BYDAY=6MO",
    "FREQ=DAILY;INTERVAL=7;BYDAY=TU", "FREQ=MONTHLY;INTERVAL=12;BYMONTH=2", "FREQ=YEARLY;BYDAY=54MO",
    "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1",
    "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
])  # fmt: skip
def test_a_repetition_that_would_be_searched_for_ever_is_left_out_at_once(rule: str) -> None:
    begun = time.monotonic()
    assert why(f"DTSTART;VALUE=DATE:20260105|RRULE:{rule}") == [Skip.UNREADABLE]
    assert time.monotonic() - begun < 1


def test_two_hundred_rules_since_1970_are_worked_out_and_more_are_refused() -> None:
    yearly = "DTSTART;VALUE=DATE:19700302|RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=1MO"
    assert len(days(*[yearly] * 200)) == 3
    for flood in ([yearly] * 201, ["DTSTART;VALUE=DATE:19000101|RRULE:FREQ=DAILY"] * 2):
        with pytest.raises(UnreadableFile) as refused:
            days(*flood)
        assert refused.value.problem is Problem.REPEATS


@pytest.mark.parametrize(("raw", "problem"), [
    (b"", Problem.NO_CALENDAR), (b"hello", Problem.NO_CALENDAR), (b"\xff\xfe\x00" * 99, Problem.NO_CALENDAR),
    (b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", Problem.NO_CALENDAR), (b"BEGIN:VCALENDAR\r\n" * 50_000, Problem.NO_CALENDAR),
    (b"BEGIN:VCALENDAR\r\nCALSCALE:JULIAN\r\nEND:VCALENDAR\r\n", Problem.NO_CALENDAR),
    (b" " * 1_000_001, Problem.TOO_LARGE), (file_of(*["DTSTART;VALUE=DATE:20260101"] * 3_001), Problem.TOO_MANY),
])  # fmt: skip
def test_a_file_that_is_no_calendar_is_refused_with_the_reason(raw: bytes, problem: Problem) -> None:
    with pytest.raises(UnreadableFile) as refused:
        ical.read(raw, FIRST, LAST)
    assert refused.value.problem is problem


LINES = st.sampled_from([
    "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VCALENDAR", "END:VCALENDAR", "UID:1", "SUMMARY:a", "SUMMARY:b", "RRULE:",
    "DTSTART;VALUE=DATE:20260101", "DTEND;VALUE=DATE:20260102", "DTSTART:20260101T000000", "DTEND:x", "DURATION:P1D",
    "DURATION:-P1D", "RRULE:FREQ=YEARLY", "RRULE:FREQ=WEEKLY;BYDAY=MO;WKST=XX", "RRULE:FREQ=YEARLY;UNTIL=x",
    "RDATE;VALUE=PERIOD:20260101T000000Z/P1D", "EXDATE:20260101", "RECURRENCE-ID:20260101", "X-A;B=C:d", "STATUS:x",
    "DTSTART;TZID=Nowhere/Land:20260101T000000", "DTSTART;VALUE=DATE:99991231", "BEGIN:VTIMEZONE", "END:VTIMEZONE",
    "RECURRENCE-ID;RANGE=THISANDFUTURE:20260101T000000", "SEQUENCE:x", "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1,99",
])  # fmt: skip


@settings(max_examples=300, deadline=timedelta(seconds=3))
@given(st.lists(LINES | st.text(max_size=12), max_size=24))
def test_no_file_raises_anything_but_that_it_cannot_be_read(lines: list[str]) -> None:
    inside = "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"])
    try:
        found = ical.read(inside.encode("utf-8", "replace"), FIRST, LAST)
    except UnreadableFile:
        return
    assert all(FIRST <= one.day <= LAST for one in found.days)
