"""A department or supplier that may take longer than the customer was promised is found, and nothing else is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla import Calendar, Policy, Scope, Target
from sla.support import OTHER, Hours, gaps, overrun, starts_of
from tests.sla import strategies
from tests.sla.builders import ALWAYS, HOUR, OFFICE, WEEKDAYS

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
SHIFTS = Calendar.from_dict({"tz": "UTC", "hours": {day: [["06:00", "22:00"]] for day in WEEKDAYS}})
KNOWN = {"": OFFICE, "always": ALWAYS, "shifts": SHIFTS}


def _calendar(target: Target, scope: Scope) -> Calendar:
    return ALWAYS if target.days else KNOWN[target.calendar]


def _promise(clock: str, hours: int, calendar: str = "", **when: list[str]) -> dict[str, Any]:
    return {"clock": clock, "seconds": hours * 3600, "calendar": calendar, "when": when}


def _policy(*targets: dict[str, Any], kind: str = "sla", order: int = 100, **when: list[str]) -> Policy:
    supplier = {"supplier": "lamps"} if kind == "ua" else {}
    agreement = {"kind": kind, **supplier}
    return Policy.from_dict({"targets": list(targets), "when": when, "order": order, "agreement": agreement})


def _found(**policies: Policy) -> list[tuple[str, str]]:
    return [(gap.policy, gap.promised_by) for gap in gaps(policies, _calendar, MONDAY)]


USUAL = _policy(_promise("resolution", 16))


@pytest.mark.parametrize(("hours", "calendar", "is_longer"), [
    (16, "", False),
    (17, "", True),
    (8, "", False),
    (16, "always", False),
    (32, "always", False),  # 16 office hours from 09:00 are two days less a night
    (33, "always", True),
    (24, "shifts", False),
    (25, "shifts", True),
])  # fmt: skip
def test_due_moments_are_compared_and_not_bare_amounts(hours: int, calendar: str, is_longer: bool) -> None:
    ours = _policy(_promise("ola", hours, calendar), kind="ola", department=["water"])
    assert _found(usual=USUAL, water=ours) == ([("water", "usual")] if is_longer else [])


def test_the_worst_start_of_the_week_and_how_many_run_over_are_told() -> None:
    ours = _policy(_promise("ola", 20), kind="ola", department=["water"])
    (gap,) = gaps({"usual": USUAL, "water": ours}, _calendar, MONDAY)
    assert gap.overrun.of == gap.overrun.starts == 7 * 24
    assert gap.overrun.supported_at - gap.overrun.promised_at >= 68 * HOUR  # the weekend lies between
    assert (gap.scope.department, gap.scope.service) == ("water", OTHER)


def test_days_of_the_law_are_compared_with_open_hours() -> None:
    law = {"clock": "resolution", "days": 3}
    assert _found(usual=_policy(law), water=_policy(_promise("ola", 8), kind="ola")) == []
    assert _found(usual=_policy(law), water=_policy(_promise("ola", 40), kind="ola")) == [("water", "usual")]
    assert _found(usual=USUAL, water=_policy({"clock": "ola", "days": 9}, kind="ola")) == [("water", "usual")]


def test_only_promises_to_the_same_tickets_are_compared() -> None:
    critical = _policy(_promise("resolution", 4, priority=["critical"]), _promise("resolution", 40))
    swift = _policy(
        _promise("ola", 4, priority=["critical"]),
        _promise("ola", 8, priority=["high"]),
        _promise("ola", 40),
        kind="ola",
    )
    assert _found(usual=critical, water=swift) == []
    slow = _policy(_promise("ola", 8, priority=["critical"]), kind="ola")
    assert _found(usual=critical, water=slow) == [("water", "usual")]


def test_a_target_that_another_one_always_comes_before_warns_of_nothing() -> None:
    ours = _policy(_promise("ola", 8), _promise("ola", 900), kind="ola", department=["water"])
    assert _found(usual=USUAL, water=ours) == []
    before = _policy(_promise("ola", 4), kind="ola", department=["water"], order=1)
    slow = _policy(_promise("ola", 900), kind="ola", department=["water"])
    assert _found(usual=USUAL, water=slow, first=before) == []


def test_a_policys_own_word_on_departments_counts_where_nothing_is_agreed_with_them() -> None:
    usual = _policy(_promise("resolution", 16), _promise("ola", 30))
    assert _found(usual=usual) == [("usual", "usual")]
    agreed = _policy(_promise("ola", 8), kind="ola")
    assert _found(usual=usual, all=agreed) == []


def test_a_supplier_holds_the_promise_up_in_the_hours_of_its_contract() -> None:
    contract = _policy(_promise("ua", 24, "always"), kind="ua", supplier=["lamps"])
    assert _found(usual=USUAL, lamps=contract) == []
    assert _found(usual=_policy(_promise("resolution", 2)), lamps=contract) == [("lamps", "usual")]


def test_a_special_promise_to_a_customer_is_compared_too() -> None:
    school = _policy(_promise("resolution", 4), order=10, customer=["school-7"])
    ours = _policy(_promise("ola", 8), kind="ola", department=["water"])
    assert _found(usual=USUAL, school=school, water=ours) == [("water", "school")]


def test_kinds_of_tickets_that_do_not_exist_warn_of_nothing() -> None:
    registry = _policy(_promise("resolution", 1), order=10, service=["certificates"])
    ours = _policy(_promise("ola", 8), kind="ola", department=["water"])
    policies = {"usual": USUAL, "registry": registry, "water": ours}
    assert [gap.promised_by for gap in gaps(policies, _calendar, MONDAY)] == ["registry"]

    def real(scope: Scope) -> bool:
        return scope.service == OTHER or scope.department == "registry"

    assert gaps(policies, _calendar, MONDAY, real) == []


amounts = st.integers(min_value=1, max_value=200)


@given(amounts, amounts)
def test_in_the_same_hours_exactly_the_larger_amount_is_longer(ours: int, promised: int) -> None:
    pair = [Hours(Target("x", amount * 3600), OFFICE) for amount in (ours, promised)]
    assert (overrun(*pair, starts_of(MONDAY)) is not None) == (ours > promised)


@given(strategies.windows(), amounts, amounts)
def test_what_never_runs_over_is_due_first_from_every_start(window: Any, ours: int, promised: int) -> None:
    data, since = window
    calendar = Calendar.from_dict(data | {"hours": data["hours"] | {"wed": [["09:00", "17:00"]]}})
    support, promise = Hours(Target("ola", ours * 900), calendar), Hours(Target("resolution", promised * 900), ALWAYS)
    over = overrun(support, promise, starts_of(since))
    late = [start for start in starts_of(since) if support.due(start) > promise.due(start)]
    assert (over is None) == (not late)
    if over is not None:
        assert over.starts == len(late) and over.start in late
        assert over.supported_at - over.promised_at == max(support.due(at) - promise.due(at) for at in late)


@given(strategies.windows(), amounts, st.timedeltas(timedelta(0), timedelta(hours=3)))
def test_where_a_longer_support_is_in_time_a_shorter_one_is(window: Any, hours: int, less: timedelta) -> None:
    data, since = window
    calendar = Calendar.from_dict(data | {"hours": data["hours"] | {"wed": [["09:00", "17:00"]]}})
    promise = Hours(Target("resolution", hours * 3600), ALWAYS)
    longer = Hours(Target("ola", 4 * 3600), calendar)
    shorter = Hours(Target("ola", 4 * 3600 - int(less.total_seconds())), calendar)
    if overrun(longer, promise, starts_of(since)) is None:
        assert overrun(shorter, promise, starts_of(since)) is None
