"""A policy's targets put together as people read them promise every ticket what the policy promises."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.web.admin.agreements.line import EDGE, WIDTH, line
from helpdesk.web.admin.agreements.promises import promises, targets
from sla import Policy, Priority, Scope

priorities = [priority.value for priority in Priority]
STEPS = [[], [{"at": "80%", "do": "warn"}], [{"at": -3600, "do": "warn"}, {"at": 0, "do": "breach"}]]


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    when = st.fixed_dictionaries(
        {},
        optional={
            "priority": st.lists(st.sampled_from(priorities), min_size=1, max_size=3, unique=True),
            "service": st.lists(st.sampled_from(["leak", "light"]), min_size=1, max_size=2, unique=True),
        },
    )
    amount = st.one_of(
        st.integers(1, 5).map(lambda n: {"seconds": n * 3600}), st.integers(1, 5).map(lambda n: {"days": n})
    )
    target = st.tuples(st.sampled_from(["resolution", "update"]), amount, when, st.sampled_from(STEPS))
    found = draw(st.lists(target, min_size=1, max_size=8))
    data: list[dict[str, Any]] = [
        {"clock": clock, **amount, "when": asked, "steps": steps} for clock, amount, asked, steps in found
    ]
    return Policy.from_dict({"targets": data})


@given(policies())
def test_every_ticket_is_promised_the_same_after_a_way_through_the_table(policy: Policy) -> None:
    again = Policy.from_dict({"targets": targets(promises(policy))})
    for clock in ("resolution", "update"):
        for priority in priorities:
            for service in ("", "leak", "light"):
                scope = Scope(priority=priority, service=service)
                before, after = policy.target(clock, scope), again.target(clock, scope)
                assert (before is None) == (after is None)
                if before is not None and after is not None:
                    assert (before.seconds, before.days, before.steps) == (after.seconds, after.days, after.steps)


def test_the_usual_table_is_one_row_a_clock() -> None:
    data = [
        {"clock": clock, "seconds": 3600 * (at + 1), "when": {"priority": [priority]}}
        for at, priority in enumerate(priorities)
        for clock in ("resolution", "update")
    ]
    found = promises(Policy.from_dict({"targets": data}))
    assert [one.clock for one in found] == ["resolution", "update"]
    assert dict(found[0].cells) == {"critical": 3600, "high": 7200, "normal": 10_800, "low": 14_400}


@pytest.mark.parametrize("steps", STEPS[1:])
def test_steps_stand_on_the_line_where_their_time_comes(steps: list[dict[str, Any]]) -> None:
    data = {"targets": [{"clock": "resolution", "seconds": 4 * 3600, "steps": steps}]}
    (one,) = promises(Policy.from_dict(data))
    drawn = line(one)
    assert drawn is not None
    shares = [(tick.x - EDGE) / (drawn.due - EDGE) for tick in drawn.ticks]
    assert shares[0] == pytest.approx(0.8 if len(steps) == 1 else 0.75, abs=0.01)
    assert all(EDGE <= tick.x <= WIDTH - EDGE for tick in drawn.ticks)


def test_steps_are_numbered_as_their_time_comes_and_share_a_mark_where_they_meet() -> None:
    steps = [{"at": 0, "do": "breach"}, {"at": 36_000, "do": "reassign"}, {"at": 0, "do": "tell-citizen"}]
    data = {"targets": [{"clock": "resolution", "seconds": 36_000, "steps": steps}]}
    (one,) = promises(Policy.from_dict(data))
    drawn = line(one)
    assert drawn is not None
    assert [(tick.label, tick.late) for tick in drawn.ticks] == [("1, 2", False), ("3", True)]
    assert [step.do.value for step in drawn.steps] == ["breach", "tell-citizen", "reassign"]
