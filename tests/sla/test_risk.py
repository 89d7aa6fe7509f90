"""Breach risk counts what it says, grows with age, asks wider groups when it must, and meets risks that are known."""

from datetime import timedelta
from math import exp
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.backtest import back_test
from sla.risk import LEAST, WHOLE, Group, History, Past, Traits, age_of, interval, merged

A, B, C = Traits("a", "incident", "high"), Traits("a", "incident", "low"), Traits("b", "request", "low")
AGES = st.integers(0, WHOLE)
CYCLES = st.lists(st.tuples(st.sampled_from([A, B, C]), AGES, st.booleans()), max_size=60)


def pasts_of(cycles, clock="resolution"):
    """Cycles as (traits, age at their end where they were met, whether they missed)."""
    return {
        (clock, traits): Past(
            sorted(age for one, age, missed in cycles if one == traits and not missed),
            sum(missed for one, _, missed in cycles if one == traits),
        )
        for traits in {one for one, _, _ in cycles}
    }


@given(CYCLES, st.sampled_from([A, B, C]), AGES)
def test_a_risk_is_the_share_of_the_cycles_alike_that_were_once_as_old(cycles, traits, age):
    risk = History.of(pasts_of(cycles), least=1).risk("resolution", traits, age)
    kin = {
        Group.ALIKE: lambda one: one == traits,
        Group.DEPARTMENT_PRIORITY: lambda one: (one.department, one.priority) == (traits.department, traits.priority),
        Group.DEPARTMENT: lambda one: one.department == traits.department,
        Group.CLOCK: lambda one: True,
    }
    for group, belongs in kin.items():
        reached = [missed for one, end, missed in cycles if belongs(one) and (missed or end >= age)]
        if reached:
            assert risk is not None
            assert (risk.group, risk.n, risk.missed) == (group, len(reached), sum(reached))
            assert risk.share == pytest.approx(sum(reached) / len(reached))
            assert 0 <= risk.low <= risk.share + 1e-9 <= risk.high + 2e-9 <= 1 + 3e-9
            return
    assert risk is None


@given(CYCLES, st.lists(AGES, min_size=2, max_size=6))
def test_the_longer_it_lasts_the_greater_is_the_risk_within_one_group(cycles, ages):
    history = History.of(pasts_of(cycles), least=1)
    found = [history.share("resolution", age) for age in sorted(ages)]
    known = [share for share in found if share is not None]
    assert known == sorted(known)


@given(CYCLES, CYCLES)
def test_two_histories_together_are_the_history_of_both(one, other):
    both = merged(pasts_of(one), pasts_of(other))
    assert {key: (list(past.met), past.missed) for key, past in both.items()} == {
        key: (list(past.met), past.missed) for key, past in pasts_of([*one, *other]).items()
    }


def test_a_group_that_is_too_small_gives_way_to_the_next_wider_one():
    few, many = [(A, WHOLE // 2, True)] * (LEAST - 1), [(B, WHOLE // 2, False)] * LEAST
    history = History.of(pasts_of(few + many))
    risk = history.risk("resolution", A, 0)
    assert risk is not None
    assert (risk.group, risk.n) == (Group.DEPARTMENT, 2 * LEAST - 1)
    assert history.risk("first_response", A, 0) is None
    assert History.of(pasts_of(few)).risk("resolution", A, 0) is None


def test_those_that_ended_sooner_no_longer_count_and_the_group_shrinks_with_age():
    history = History.of(pasts_of([(A, WHOLE // 4, False)] * 70 + [(A, 0, True)] * 30), least=30)
    at_first, later = history.risk("resolution", A, 0), history.risk("resolution", A, WHOLE // 2)
    assert at_first is not None and later is not None
    assert (at_first.share, at_first.n) == (0.3, 100)
    assert (later.share, later.n) == (1.0, 30)


def test_age_is_the_part_of_the_target_that_is_used_up():
    hour = timedelta(hours=1)
    assert age_of(2 * hour, 8 * hour) == WHOLE // 4
    assert age_of(timedelta(), 8 * hour) == 0
    assert age_of(9 * hour, 8 * hour) > WHOLE


@given(st.integers(0, 500), st.integers(0, 500))
def test_an_interval_holds_its_share(hits, others):
    low, high = interval(hits, hits + others)
    if hits + others:
        assert 0 <= low <= hits / (hits + others) + 1e-9
        assert hits / (hits + others) - 1e-9 <= high <= 1


def lives(chance: Random, rate: float, traits: Traits, n: int):
    """Cycles that end at any moment alike, whatever their age: of those of an age, exp(-rate * what is left) miss."""
    ends = [chance.expovariate(rate) for _ in range(n)]
    return [(traits, min(WHOLE, int(end * WHOLE)), end > 1) for end in ends]


@pytest.mark.parametrize("part", [0.0, 0.3, 0.6, 0.9])
def test_where_the_true_risk_is_known_the_interval_holds_it(part):
    chance = Random(7)
    history = History.of(pasts_of([*lives(chance, 2.0, A, 8000), *lives(chance, 0.5, C, 8000)]))
    for traits, rate in ((A, 2.0), (C, 0.5)):
        risk = history.risk("resolution", traits, int(part * WHOLE))
        assert risk is not None
        true = exp(-rate * (1 - part))
        assert risk.group is Group.ALIKE
        assert risk.share == pytest.approx(true, abs=0.03)
        assert risk.low - 0.015 <= true <= risk.high + 0.015


def test_a_trial_on_later_cycles_of_the_same_kind_is_calibrated_and_beats_the_usual_share():
    chance = Random(11)
    kinds = ((A, 2.0), (B, 1.0), (C, 0.3))
    learned = pasts_of([life for traits, rate in kinds for life in lives(chance, rate, traits, 4000)])
    judged = pasts_of([life for traits, rate in kinds for life in lives(chance, rate, traits, 4000)])
    found = back_test(History.of(learned), judged)
    assert (found.learned, found.judged, found.unforetold) == (12_000, 12_000, 0)
    assert found.whole.brier < found.whole.by_age < found.whole.base
    for one in found.bins:
        if one.n > 500:
            assert abs(one.foretold - one.came) < 0.04
    assert sum(one.n for one in found.bins) == found.whole.n == sum(score.n for score in found.ages.values())
    assert found.ages[90].skill is not None and found.ages[0].skill is not None
    assert found.ages[0].skill > 0


def test_a_trial_shows_it_where_the_world_has_changed():
    learned = pasts_of([(A, WHOLE // 2, False)] * 90 + [(A, 0, True)] * 10)
    judged = pasts_of([(A, WHOLE // 2, False)] * 10 + [(A, 0, True)] * 90)
    found = back_test(History.of(learned), judged, ages=(0,))
    [one] = found.bins
    assert (one.foretold, one.came, one.n) == (pytest.approx(0.1), pytest.approx(0.9), 100)
    assert found.whole.brier == pytest.approx(0.1 * 0.01 + 0.9 * 0.81)
    assert found.whole.skill == pytest.approx(0)


def test_a_brier_score_by_hand():
    learned = pasts_of([(A, WHOLE, False)] * 30 + [(A, 0, True)] * 30)
    judged = pasts_of([(A, WHOLE, False), (A, 0, True)])
    assert back_test(History.of(learned), judged, ages=(0,)).whole.brier == pytest.approx(0.25)


def test_what_nothing_is_known_of_is_counted_as_such():
    judged = pasts_of([(A, WHOLE // 2, False)] * 5)
    found = back_test(History.of({}), judged)
    assert (found.unforetold, found.whole.n, found.bins) == (5 * 3, 0, [])
