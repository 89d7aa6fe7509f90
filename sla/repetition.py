"""Which repetitions of a foreign calendar are worked out: those that surely come to an end, and at a known price.

A rule that never applies (30 February, the sixth Monday of a month) lets the library search until the year 9999, one
with an interval of 0 for ever. Calendars of closures need none of them.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

_A_YEAR = {"DAILY": 366, "WEEKLY": 53, "MONTHLY": 12, "YEARLY": 1}
_FREE = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
_PARTS = {
    "DAILY": {"BYDAY", "BYMONTH"},
    "WEEKLY": {"BYDAY", "BYMONTH"},
    "MONTHLY": {"BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"},
    "YEARLY": {"BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"},
}
_LEAP_YEAR = 2028

Rule = Mapping[str, Any]


def listed(value: Any) -> list[Any]:
    """What a file gives once or several times, as a list."""
    return [] if value is None else value if isinstance(value, list) else [value]


def frequency(rule: Rule) -> str:
    """DAILY, WEEKLY, MONTHLY or YEARLY, or what the file has instead."""
    return str(listed(rule["FREQ"])[0]).upper()


def is_daily_at_most(rule: Rule) -> bool:
    """Whether it gives days and no times of them."""
    return frequency(rule) in _A_YEAR and not {"BYHOUR", "BYMINUTE", "BYSECOND"} & _names(rule)


def is_bounded(rule: Rule) -> bool:
    """Whether the rule applies again and again, so that looking for its days ends. May raise ValueError, TypeError."""
    name, parts = frequency(rule), _names(rule) - _FREE
    if not parts <= _PARTS[name] or any(number < 1 for number in (*_numbers(rule, "INTERVAL"), _count(rule, 1))):
        return False
    steps = max(_numbers(rule, "INTERVAL"), default=1)
    if steps > 1 and parts and not (name == "WEEKLY" and parts == {"BYDAY"}):
        return False
    return _has_a_day(rule) and _has_a_weekday(rule, name)


def _names(rule: Rule) -> set[str]:
    return {str(part).upper() for part in rule}


def _numbers(rule: Rule, part: str) -> list[int]:
    return [int(number) for number in listed(rule.get(part))]


def _count(rule: Rule, without: int) -> int:
    return min(_numbers(rule, "COUNT"), default=without)


def _has_a_day(rule: Rule) -> bool:
    """Some month of the rule has some day of it."""
    months = _numbers(rule, "BYMONTH") or list(range(1, 13))
    days = _numbers(rule, "BYMONTHDAY") or [1]
    known = [month for month in months if 1 <= month <= 12]
    return any(1 <= abs(day) <= monthrange(_LEAP_YEAR, month)[1] for month in known for day in days)


def _has_a_weekday(rule: Rule, name: str) -> bool:
    """An ordinal (the second Monday) exists, and does not fight with days of the month."""
    ordinals = list(_ordinals(rule))
    positions = _numbers(rule, "BYSETPOS")
    if positions and ("BYDAY" not in _names(rule) or ordinals or "BYMONTHDAY" in _names(rule)):
        return False
    if any(not 1 <= abs(position) <= 4 for position in positions):
        return False
    if ordinals and (name not in ("MONTHLY", "YEARLY") or "BYMONTHDAY" in _names(rule)):
        return False
    most = 5 if name == "MONTHLY" or "BYMONTH" in _names(rule) else 52
    return all(1 <= abs(ordinal) <= most for ordinal in ordinals)


def _ordinals(rule: Rule) -> Iterator[int]:
    for day in listed(rule.get("BYDAY")):
        if digits := str(day).strip("+")[:-2]:
            yield int(digits)


def steps(rule: Rule, begins: date, last: date) -> int:
    """How many steps lie from its beginning to the last day asked for: the price of finding its days."""
    years = max(0, last.year - begins.year) + 1
    each = max([1, *_numbers(rule, "INTERVAL")])
    return years * _A_YEAR[frequency(rule)] // each + 1


def times(rule: Rule, years: int) -> int:
    """How often it may apply in so many years, at most: the price of what it gives."""
    within = 1
    for part in ("BYDAY", "BYMONTH", "BYMONTHDAY"):
        within *= max(1, len(listed(rule.get(part))))
    each = max([1, *_numbers(rule, "INTERVAL")])
    most = min(
        366 * years, years * _A_YEAR[frequency(rule)] * within * (5 if "BYDAY" in _names(rule) else 1) // each + 1
    )
    return min(most, _count(rule, most))
