"""Rules of waiting: how long, when somebody is reminded, how it ends."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla import Calendar, waiting
from sla.waiting import Wait, WaitingAct, WaitingEnd, WaitingRule, WaitingRules

WEEK = {day: [["08:00", "15:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
OFFICE = Calendar.from_dict({"tz": "Europe/Athens", "hours": WEEK})
NOON = datetime(2026, 11, 24, 10, tzinfo=UTC)  # a Tuesday
DAY = timedelta(days=1)
ASKING = WaitingRule(longest_days=21, first_days=5, again_days=5, warn_days=5, end=WaitingEnd.RESOLVED)
PLAIN = WaitingRule(longest_days=21, first_days=7, again_days=7, warn_days=3)


def whole(rule: WaitingRule, since: datetime = NOON) -> Wait:
    return Wait(since, waiting.limit(rule, since, OFFICE))


def lived(rule: WaitingRule, wait: Wait, every: timedelta = timedelta(hours=1)) -> list[tuple[WaitingAct, datetime]]:
    """What a clock that looks so often does until waiting ends."""
    now, done = wait.since, []
    while not done or done[-1][0] is not WaitingAct.END:
        now += every
        act = waiting.due(rule, wait, OFFICE, now)
        if act is None or (act is not WaitingAct.END and not OFFICE.is_open(now)):
            continue
        done.append((act, now))
        if act is WaitingAct.REMIND:
            wait = Wait(wait.since, wait.until, now)
        if act is WaitingAct.WARN:
            wait = Wait(wait.since, waiting.end_after_warning(rule, wait.until, now), wait.reminded_at, now)
    return done


def test_it_is_reminded_some_times_then_warned_then_it_ends():
    acts = [act for act, _ in lived(ASKING, whole(ASKING))]
    assert acts == [WaitingAct.REMIND, WaitingAct.REMIND, WaitingAct.WARN, WaitingAct.END]


def test_a_reminder_falls_into_office_hours():
    saturday = Wait(NOON - 3 * DAY, NOON + 18 * DAY)
    monday = Wait(NOON - DAY, NOON + 20 * DAY)
    assert waiting.upcoming(ASKING, saturday, OFFICE)[0].at == NOON + 2 * DAY
    assert waiting.upcoming(ASKING, monday, OFFICE)[0].at == datetime(2026, 11, 30, 6, tzinfo=UTC)


def test_the_longest_wait_ends_when_the_office_opens():
    friday_night = datetime(2026, 11, 27, 22, tzinfo=UTC)
    assert waiting.limit(WaitingRule(1), friday_night, OFFICE) == datetime(2026, 11, 30, 6, tzinfo=UTC)


def test_after_an_outage_one_reminder_stands_for_all_that_were_missed():
    wait = whole(PLAIN)
    assert waiting.due(PLAIN, wait, OFFICE, NOON + 15 * DAY) is WaitingAct.REMIND
    told = Wait(wait.since, wait.until, NOON + 15 * DAY)
    assert waiting.due(PLAIN, told, OFFICE, NOON + 15 * DAY) is None


def test_after_an_outage_the_last_reminder_stands_for_the_ones_before():
    assert waiting.due(PLAIN, whole(PLAIN), OFFICE, NOON + 20 * DAY) is WaitingAct.WARN


def test_what_ends_in_open_ends_after_an_outage_without_more_letters():
    assert waiting.due(PLAIN, whole(PLAIN), OFFICE, NOON + 60 * DAY) is WaitingAct.END


def test_nothing_is_resolved_before_the_citizen_was_told_so_many_days_before():
    wait = whole(ASKING)
    late = NOON + 60 * DAY
    assert waiting.due(ASKING, wait, OFFICE, late) is WaitingAct.WARN
    until = waiting.end_after_warning(ASKING, wait.until, late)
    assert until == late + 5 * DAY
    warned = Wait(wait.since, until, None, late)
    assert waiting.due(ASKING, warned, OFFICE, late + 4 * DAY) is None
    assert waiting.due(ASKING, warned, OFFICE, until) is WaitingAct.END
    assert waiting.ending(ASKING, warned) is WaitingEnd.RESOLVED


def test_a_wait_too_short_for_a_last_reminder_ends_in_open():
    short = Wait(NOON, NOON + 2 * DAY)
    assert [one.act for one in waiting.upcoming(ASKING, short, OFFICE)] == [WaitingAct.END]
    assert waiting.ending(ASKING, short) is WaitingEnd.OPEN


def test_a_closure_before_the_end_moves_a_resolution_and_not_a_mere_end():
    closed = {f"2026-12-{day:02}": [] for day in range(5, 31)}
    winter = Calendar.from_dict({"tz": "Europe/Athens", "hours": WEEK, "special": closed})
    until = datetime(2026, 12, 15, 10, tzinfo=UTC)
    opens = datetime(2026, 12, 31, 6, tzinfo=UTC)
    *_, warning, end = waiting.upcoming(ASKING, Wait(NOON, until), winter)
    assert (warning.at, end.at) == (opens, opens + 5 * DAY)
    assert waiting.upcoming(PLAIN, Wait(NOON, until), winter)[-1].at == until


def test_without_an_end_nothing_is_ever_due():
    assert waiting.upcoming(ASKING, Wait(NOON, None), OFFICE) == ()
    assert waiting.due(ASKING, Wait(NOON, None), OFFICE, NOON + 999 * DAY) is None


def test_rules_are_read_and_written_alike():
    data = {"reasons": {"needs_document": ASKING.to_dict(), "approval": {"longest_days": 3}}}
    rules = WaitingRules.from_dict(data)
    assert rules.of("needs_document") == ASKING
    assert WaitingRules.from_dict(rules.to_dict()) == rules
    assert rules.of("unheard-of") == waiting.USUAL


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({}, "longest_days"),
        ({"longest_days": 0}, "longest_days"),
        ({"longest_days": 9_999}, "longest_days"),
        ({"longest_days": 5, "first_days": 5}, "first_days"),
        ({"longest_days": 5, "again_days": 2}, "again_days"),
        ({"longest_days": 5, "warn_days": 7}, "warn_days"),
        ({"longest_days": 5, "end": "resolved"}, "warn_days"),
        ({"longest_days": 5, "end": "closed"}, "end"),
        ({"longest_days": 5, "colour": 1}, ""),
    ],
)
def test_a_rule_without_sense_is_refused_with_its_field(rule, field):
    with pytest.raises(waiting.InvalidWaiting) as refused:
        WaitingRules.from_dict({"reasons": {"approval": rule}})
    assert refused.value.field == ".".join(filter(None, ("reasons.approval", field)))


_RULES = st.builds(
    WaitingRule,
    longest_days=st.integers(4, 40),
    first_days=st.integers(1, 3),
    again_days=st.integers(0, 9),
    warn_days=st.integers(1, 3),
    end=st.sampled_from(WaitingEnd),
)


@given(_RULES, st.integers(0, 10_000), st.integers(1, 200))
def test_whatever_the_rules_and_the_outages_it_ends_once_and_is_resolved_only_when_told(rule, minutes, every):
    wait = whole(rule, NOON + timedelta(minutes=minutes))
    acts = lived(rule, wait, timedelta(hours=every))
    kinds = [act for act, _ in acts]
    assert kinds.count(WaitingAct.END) == 1 and kinds.count(WaitingAct.WARN) <= 1
    warned = [at for act, at in acts if act is WaitingAct.WARN]
    if rule.end is WaitingEnd.RESOLVED:
        assert acts[-1][1] >= warned[0] + rule.warn_days * DAY
    assert all(OFFICE.is_open(at) for act, at in acts if act is not WaitingAct.END)
