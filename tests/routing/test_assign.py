"""Work goes to someone who can take it, evenly, and always to the same one for the same roster."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing import AssignReason, Choice, Need, OnDuty, Turn, choose_agent

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

rosters = st.lists(
    st.builds(
        OnDuty,
        key=st.sampled_from("abcdefgh"),
        allowed=st.booleans(),
        present=st.booleans(),
        skills=st.frozensets(st.sampled_from(["water", "roads"])),
        languages=st.frozensets(st.sampled_from(["el", "en"])),
        capacity=st.integers(0, 4),
        load=st.integers(0, 4),
        last_given_at=st.one_of(st.none(), st.integers(0, 3).map(lambda hours: NOON + timedelta(hours=hours))),
    ),
    unique_by=lambda one: one.key,
    max_size=8,
)
needs = st.builds(
    Need,
    skills=st.frozensets(st.sampled_from(["water", "roads"])),
    language=st.sampled_from(["", "el", "en"]),
    weight=st.integers(1, 2),
    last_agent=st.sampled_from([None, *"abc"]),
)


def able(one: OnDuty, need: Need) -> bool:
    speaks = not need.language or need.language in one.languages
    return (
        one.allowed and one.present and need.skills <= one.skills and speaks and one.load + need.weight <= one.capacity
    )


@given(rosters, needs, st.sampled_from(Turn))
def test_chosen_agent_can_take_it_and_nobody_is_overlooked(roster: list[OnDuty], need: Need, turn: Turn) -> None:
    choice = choose_agent(roster, need, turn)
    candidates = {one.key for one in roster if able(one, need)}
    assert choice.able == len(candidates)
    assert choice.agent in candidates if candidates else choice.agent is None


@given(rosters, needs, st.sampled_from(Turn), st.randoms())
def test_order_of_the_roster_does_not_matter(
    roster: list[OnDuty], need: Need, turn: Turn, chance: st.DataObject
) -> None:
    shuffled = list(roster)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert choose_agent(shuffled, need, turn) == choose_agent(roster, need, turn)


@given(st.integers(1, 6), st.integers(1, 40), st.sampled_from(Turn))
def test_equals_get_equal_shares(agents: int, requests: int, turn: Turn) -> None:
    roster = {name: OnDuty(key=name, capacity=100) for name in "abcdef"[:agents]}
    given_to = Counter[str]()
    for at in range(requests):
        name = choose_agent(roster.values(), Need(), turn).agent
        assert name is not None
        given_to[name] += 1
        roster[name] = replace(roster[name], load=given_to[name], last_given_at=NOON + timedelta(minutes=at))
    shares = [given_to[name] for name in roster]
    assert max(shares) - min(shares) <= 1


@pytest.mark.parametrize(
    ("lacking", "reason"),
    [
        ({"allowed": False}, AssignReason.NOBODY_ALLOWED),
        ({"present": False}, AssignReason.NOBODY_PRESENT),
        ({"skills": frozenset[str]()}, AssignReason.NOBODY_SKILLED),
        ({"languages": frozenset({"el"})}, AssignReason.NOBODY_SPEAKS),
        ({"load": 3}, AssignReason.ALL_FULL),
    ],
)
def test_none_is_chosen_with_the_reason_that_emptied_the_room(lacking: dict[str, object], reason: AssignReason) -> None:
    skilled = OnDuty(key="a", skills=frozenset({"water"}), languages=frozenset({"en"}), capacity=4)
    need = Need(skills=frozenset({"water"}), language="en", weight=2)
    assert choose_agent([skilled], need).agent == "a"
    assert choose_agent([replace(skilled, **lacking)], need) == Choice(None, reason)  # type: ignore[arg-type]


def test_nobody_on_the_roster_is_nobody_allowed() -> None:
    assert choose_agent([], Need()) == Choice(None, AssignReason.NOBODY_ALLOWED)


def test_same_agent_is_preferred_while_able() -> None:
    busy, idle = OnDuty(key="busy", capacity=3, load=2), OnDuty(key="idle", capacity=3)
    assert choose_agent([busy, idle], Need(last_agent="busy")) == Choice("busy", AssignReason.SAME_AGENT, 2)
    assert choose_agent([busy, idle], Need(last_agent="busy", weight=2)) == Choice("idle", AssignReason.ONLY_ONE, 1)


def test_load_is_weighed_against_capacity() -> None:
    half, third = OnDuty(key="half", capacity=4, load=2), OnDuty(key="third", capacity=9, load=3)
    assert choose_agent([half, third], Need()) == Choice("third", AssignReason.LEAST_LOADED, 2)


def test_longest_idle_goes_first_among_equals() -> None:
    roster = [
        OnDuty(key=key, capacity=2, last_given_at=NOON - timedelta(hours=hours)) for key, hours in (("a", 1), ("b", 3))
    ]
    assert choose_agent(roster, Need()) == Choice("b", AssignReason.LONGEST_IDLE, 2)


def test_round_robin_looks_at_the_turn_and_not_the_load() -> None:
    loaded = OnDuty(key="loaded", capacity=9, load=5, last_given_at=NOON - timedelta(hours=2))
    fresh = OnDuty(key="fresh", capacity=9, last_given_at=NOON)
    assert choose_agent([loaded, fresh], Need(), Turn.ROUND_ROBIN).agent == "loaded"
