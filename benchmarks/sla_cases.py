"""Checks open time against cases of other systems: ``python -m benchmarks.sla_cases --folder FOLDER``.

The folder holds ``cases.jsonl``: a calendar, a start, and an amount with the end it leads to, or an end with the
amount in between. Without a folder there is nothing to check, and it says so.
"""

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sla import Calendar
from sla.calendar import WEEKDAYS

Case = dict[str, Any]
ALL_DAY = [["00:00", "24:00"]]


def calendar(case: Case) -> Calendar:
    """The case's opening hours; holidays of every year and breaks become special days of the years it touches."""
    week = dict.fromkeys(WEEKDAYS, ALL_DAY) if case["hours"] is None else case["hours"]
    years = range(datetime.fromisoformat(case["start"]).year - 1, datetime.fromisoformat(case["end"]).year + 3)
    yearly = [f"{year}-{day}" for year in years for day in case.get("holidays_yearly", ())]
    special = dict(case.get("date_hours") or {})
    for day, breaks in (case.get("breaks") or {}).items():
        special[day] = _without(special.get(day, week.get(WEEKDAYS[date.fromisoformat(day).weekday()], [])), breaks)
    return Calendar.from_dict(
        {"tz": case["tz"], "hours": week, "holidays": [*case["holidays"], *yearly], "special": special}
    )


def _without(periods: list[list[str]], breaks: list[list[str]]) -> list[list[str]]:
    """The periods with the breaks taken out of them."""
    for opens, closes in breaks:
        cut = [[[start, min(end, opens)], [max(start, closes), end]] for start, end in periods]
        periods = [part for pair in cut for part in pair if part[0] < part[1]]
    return periods


def _end(case: Case, hours: Calendar) -> object:
    return hours.after(datetime.fromisoformat(case["start"]), timedelta(seconds=case["seconds"]))


def _elapsed(case: Case, hours: Calendar) -> object:
    start, end = datetime.fromisoformat(case["start"]), datetime.fromisoformat(case["end"])
    pauses = [(datetime.fromisoformat(since), datetime.fromisoformat(until)) for since, until in case.get("pauses", ())]
    paused = sum((hours.worked(max(since, start), min(until, end)) for since, until in pauses), timedelta())
    return hours.worked(start, end) - paused


def _advance(case: Case, hours: Calendar) -> object:
    return hours.next_opening(datetime.fromisoformat(case["start"]))


def _end_days(case: Case, hours: Calendar) -> object:
    """Whole business days: the same reading of the wall on the last of so many days that open at all."""
    at = datetime.fromisoformat(case["start"])
    left = case["business_days"]
    while left:
        at += timedelta(days=1)
        midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
        left -= hours.worked(midnight, midnight + timedelta(days=1)) > timedelta()
    return at


FOUND: dict[str, Callable[[Case, Calendar], object]] = {
    "end": _end,
    "elapsed": _elapsed,
    "advance": _advance,
    "end_days": _end_days,
}


def expected(case: Case) -> object:
    """What the other system says."""
    if case["kind"] == "elapsed":
        return timedelta(seconds=case["elapsed_seconds"])
    return datetime.fromisoformat(case["end"])


def differences(cases: list[Case]) -> list[str]:
    """A line for each case that comes out otherwise."""
    results = ((case, FOUND[case["kind"]](case, calendar(case)), expected(case)) for case in cases)
    return [
        f"{case['id']} ({case['kind']}): {found}, not {wanted}" for case, found, wanted in results if found != wanted
    ]


def main() -> int:
    """Prints what differs; the status is 1 when anything does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=os.environ.get("SLA_CASES") or None, metavar="FOLDER")
    folder = parser.parse_args().folder
    if folder is None or not (Path(folder) / "cases.jsonl").is_file():
        print("no folder with cases.jsonl was given: nothing is checked")
        return 0
    lines = (Path(folder) / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    wrong = differences(cases)
    print(*wrong, sep="\n")
    print(f"{len(cases) - len(wrong)} of {len(cases)} cases agree", dict(Counter(case["kind"] for case in cases)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
