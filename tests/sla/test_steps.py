"""Steps come at shares of the target or so long before or after it, each once."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla import Step, StepAction, next_step, steps_due
from sla.form import Malformed
from tests.sla.builders import HOUR, at, clock

WARN = Step("75%", StepAction.WARN)
BEFORE = Step(-3600, StepAction.NOTIFY_TEAM, to="night")
BREACH = Step("100%", StepAction.BREACH)
AFTER = Step(7200, StepAction.ESCALATE_TO_SUPERVISOR, urgent=True)
ALL = (AFTER, BREACH, WARN, BEFORE)


def test_steps_are_due_in_order_of_time() -> None:
    reading = clock("mon 09:00 start", now="mon 09:00")
    due = steps_due(reading, ALL, at("fri 09:00"))
    assert [(one.at, one.step) for one in due] == [
        (at("mon 15:00"), WARN),
        (at("mon 16:00"), BEFORE),
        (at("mon 17:00"), BREACH),
        (at("tue 11:00"), AFTER),
    ]


def test_step_before_due_is_counted_in_office_time_over_a_night() -> None:
    reading = clock("mon 16:00 start", target=4 * HOUR, now="mon 16:00")
    assert next_step(reading, [Step(-3600 * 2, StepAction.WARN)]) == (at("tue 10:00"), Step(-7200, StepAction.WARN))
    assert next_step(reading, [BEFORE]) == (at("tue 11:00"), BEFORE)


def test_only_what_has_come_is_due_and_what_fired_is_not_due_again() -> None:
    reading = clock("mon 09:00 start", now="mon 16:00")
    assert [one.step for one in steps_due(reading, ALL, at("mon 16:00"))] == [WARN, BEFORE]
    assert [one.step for one in steps_due(reading, ALL, at("mon 16:00"), {WARN.key})] == [BEFORE]
    assert next_step(reading, ALL, {WARN.key, BEFORE.key}) == (at("mon 17:00"), BREACH)
    assert next_step(reading, ALL, {step.key for step in ALL}) is None


def test_paused_clock_has_no_step_to_come() -> None:
    reading = clock("mon 09:00 start", "mon 12:00 pause", now="fri 09:00")
    assert next_step(reading, ALL) is None
    assert steps_due(reading, ALL, at("fri 09:00")) == ()


def test_stopped_clock_owes_what_it_passed_and_nothing_more() -> None:
    met = clock("mon 09:00 start", "mon 15:30 stop", now="fri 09:00")
    late = clock("mon 09:00 start", "tue 09:30 stop", now="fri 09:00")
    assert [one.step for one in steps_due(met, ALL, at("fri 09:00"))] == [WARN]
    assert [one.step for one in steps_due(late, ALL, at("fri 09:00"))] == [WARN, BEFORE, BREACH]


def test_withdrawn_clock_owes_nothing() -> None:
    reading = clock("mon 09:00 start", "fri 09:00 withdraw", now="fri 10:00")
    assert steps_due(reading, ALL, at("fri 10:00")) == ()


def test_step_longer_before_due_than_the_target_comes_at_the_start() -> None:
    reading = clock("mon 10:00 start", target=HOUR, now="mon 10:00")
    assert next_step(reading, [Step(-7200, StepAction.WARN)]).at == at("mon 10:00")  # type: ignore[union-attr]


def test_keys_tell_the_steps_of_a_target_apart() -> None:
    assert [step.key for step in ALL] == [
        "+7200:escalate-to-supervisor",
        "100%:breach",
        "75%:warn",
        "-3600:notify-team:night",
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.builds(
        Step,
        st.one_of(st.integers(-10_000, 10_000), st.integers(0, 300).map(lambda share: f"{share}%")),
        st.sampled_from(StepAction),
        st.booleans(),
        st.sampled_from(["", "night", "κέντρο"]),
    )
)
def test_written_form_comes_back_the_same(step: Step) -> None:
    assert Step.from_dict(step.to_dict()) == step


def test_leading_zeros_make_no_other_step() -> None:
    assert Step.from_dict({"at": "075%", "do": "warn"}) == WARN


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ("80%", "step"),
        ({"do": "warn"}, "step.at"),
        ({"at": 1.5, "do": "warn"}, "step.at"),
        ({"at": True, "do": "warn"}, "step.at"),
        ({"at": "80", "do": "warn"}, "step.at"),
        ({"at": "-80%", "do": "warn"}, "step.at"),
        ({"at": "80%"}, "step.do"),
        ({"at": "80%", "do": "shout"}, "step.do"),
        ({"at": "80%", "do": "warn", "urgent": 1}, "step.urgent"),
        ({"at": "80%", "do": "warn", "to": ""}, "step.to"),
        ({"at": "80%", "do": "warn", "when": "now"}, "step"),
    ],
)
def test_wrong_form_names_the_field(form: Any, field: str) -> None:
    with pytest.raises(Malformed) as refused:
        Step.from_dict(form)
    assert refused.value.field == field
