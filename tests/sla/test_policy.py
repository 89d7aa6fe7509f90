"""Policies: which promise holds for a ticket, and why that one."""

from typing import Any

import pytest

from sla import InvalidPolicy, Policy, Reopening, Scope, When, choose

TARGET = {"clock": "resolution", "seconds": 3600}
FULL: dict[str, Any] = {
    "targets": [
        {
            "clock": "first_response",
            "seconds": 7200,
            "calendar": "hotline",
            "when": {"priority": ["critical", "high"], "department": ["water"]},
            "steps": [
                {"at": "75%", "do": "warn", "urgent": False},
                {"at": -600, "do": "reassign", "urgent": True, "to": "it"},
            ],
        },
        {"clock": "first_response", "seconds": 28_800, "calendar": "", "when": {}, "steps": []},
    ],
    "pauses": {"resolution": ["waiting_requester"], "update": []},
    "reopen": "new-cycle",
    "order": 7,
    "when": {"customer": ["school-7"]},
}


def _policy(order: int = 100, **when: tuple[str, ...]) -> Policy:
    return Policy.from_dict(
        {"targets": [TARGET], "order": order, "when": {key: list(value) for key, value in when.items()}}
    )


def test_written_form_comes_back_the_same() -> None:
    policy = Policy.from_dict(FULL)
    assert policy.to_dict() == FULL
    assert Policy.from_dict(policy.to_dict()) == policy


def test_short_form_pauses_resolution_only_and_goes_on_when_reopened() -> None:
    policy = Policy.from_dict({"targets": [TARGET]})
    assert policy.pausing("resolution") == ("waiting_requester", "scheduled")
    assert policy.pausing("first_response") == ()
    assert (policy.reopen, policy.order) == (Reopening.CONTINUE, 100)


def test_first_target_that_fits_is_the_promise() -> None:
    policy = Policy.from_dict(FULL)
    urgent, other = Scope(priority="high", department="water"), Scope(priority="high", department="roads")
    assert policy.target("first_response", urgent).seconds == 7200  # type: ignore[union-attr]
    assert policy.target("first_response", other).seconds == 28_800  # type: ignore[union-attr]
    assert policy.target("resolution", urgent) is None


def test_targets_are_told_apart_by_clock_and_condition() -> None:
    first, second = Policy.from_dict(FULL).targets
    assert first.key == "first_response[priority=critical|high,department=water]"
    assert second.key == "first_response[]"


def test_empty_condition_fits_every_ticket_and_each_list_must_fit() -> None:
    assert When().fits(Scope())
    assert not When(type=("incident",), service=("lamps",)).fits(Scope(type="incident"))
    assert When(type=("incident", "request"), service=("lamps",)).fits(Scope(type="request", service="lamps"))


def test_lower_order_wins_over_the_more_specific() -> None:
    policies = {"general": _policy(order=1), "special": _policy(customer=("school-7",))}
    choice = choose(policies, Scope(customer="school-7"))
    assert choice
    assert (choice.key, choice.why) == ("general", "order")


def test_of_one_order_the_more_specific_wins() -> None:
    policies = {"a": _policy(), "b": _policy(customer=("school-7",)), "c": _policy(customer=("x",), priority=("low",))}
    choice = choose(policies, Scope(customer="school-7"))
    assert choice
    assert (choice.key, choice.why) == ("b", "specific")


def test_only_one_that_fits_needs_no_other_reason_and_none_is_none() -> None:
    policies = {"a": _policy(customer=("x",)), "b": _policy(customer=("y",))}
    choice = choose(policies.items(), Scope(customer="y"))
    assert choice
    assert (choice.key, choice.why) == ("b", "only")
    assert choose(policies, Scope(customer="z")) is None


def test_choice_does_not_depend_on_the_order_they_are_given_in() -> None:
    pairs = [("b", _policy()), ("a", _policy()), ("c", _policy(priority=("low",)))]
    found = {choose(order, Scope()).key for order in (pairs, pairs[::-1])}  # type: ignore[union-attr]
    assert found == {"a"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"targets": []}, "targets"),
        ({"targets": None}, "targets"),
        ({"targets": [{"seconds": 1}]}, "targets[0].clock"),
        ({"targets": [{"clock": "resolution"}]}, "targets[0].seconds"),
        ({"targets": [TARGET | {"seconds": 0}]}, "targets[0].seconds"),
        ({"targets": [TARGET | {"seconds": 1.5}]}, "targets[0].seconds"),
        ({"targets": [TARGET | {"seconds": 10**9}]}, "targets[0].seconds"),
        ({"targets": [TARGET | {"calendar": 3}]}, "targets[0].calendar"),
        ({"targets": [TARGET | {"when": {"priority": ["urgent"]}}]}, "targets[0].when.priority[0]"),
        ({"targets": [TARGET | {"when": {"colour": []}}]}, "targets[0].when"),
        ({"targets": [TARGET | {"steps": [{"at": "80%"}]}]}, "targets[0].steps[0].do"),
        ({"targets": [TARGET | {"steps": [{"at": "80%", "do": "warn"}] * 2}]}, "targets[0].steps"),
        ({"targets": [TARGET | {"hours": 3}]}, "targets[0]"),
        ({"pauses": {"resolution": "scheduled"}}, "pauses.resolution"),
        ({"pauses": {"resolution": [1]}}, "pauses.resolution[0]"),
        ({"reopen": "restart"}, "reopen"),
        ({"order": -1}, "order"),
        ({"order": True}, "order"),
        ({"when": []}, "when"),
        ({"name": "x"}, "policy"),
    ],
)
def test_wrong_form_names_the_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidPolicy) as refused:
        Policy.from_dict({"targets": [TARGET]} | change)
    assert refused.value.field == field
