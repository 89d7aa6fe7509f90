"""The ribbon to scale: where moments lie, what is too fine to draw, words that cover none, an axis one can read."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk import db as ground
from helpdesk.permissions import SYSTEM
from helpdesk.services import classification, tickets, timers
from helpdesk.web.desk import scale
from helpdesk.web.desk.scale import EDGE, Flag, Scale
from helpdesk.web.desk.ticks import MOST, ticks
from tests.builders import NOON

pytestmark = pytest.mark.usefixtures("body")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))


def drawn(ticket, now, name="resolution"):
    ground.flush_pending()
    [account] = [one for one in timers.explain(SYSTEM, ticket.id, now) if one.clock == name]
    return scale.drawing(account, now, "en", lambda kind: kind)


def kinds(found) -> set[str]:
    return {one.kind for one in found}


def test_widths_are_to_scale_and_bands_join_without_a_gap(agent, ticket):
    tickets.wait(agent, ticket.id, "needs_information", at=NOON + HOUR)
    tickets.resume(agent, ticket.id, at=NOON + 3 * HOUR)
    picture = drawn(ticket, NOON + 4 * HOUR)
    running, paused = picture.bands[0], picture.bands[1]
    assert (running.kind, paused.kind) == ("running", "paused")
    assert paused.width == pytest.approx(2 * running.width, abs=0.01)
    for band, after in zip(picture.bands, picture.bands[1:], strict=False):
        if "ahead" not in (band.kind, after.kind):
            assert band.x + band.width == pytest.approx(after.x, abs=0.01)


def test_a_running_clock_shows_now_the_due_moment_and_the_open_hours_until_then(ticket):
    picture = drawn(ticket, NOON + HOUR)
    assert kinds(picture.flags) == {"now", "due"}
    assert kinds(picture.bands) == {"running", "ahead"}
    assert [dot.state for dot in picture.dots] == ["to-come", "to-come"]


def test_a_paused_clock_shows_when_it_would_be_due_if_it_went_on(agent, ticket):
    tickets.wait(agent, ticket.id, "needs_information", at=NOON + HOUR)
    picture = drawn(ticket, NOON + 2 * HOUR)
    assert kinds(picture.flags) == {"now", "if-resumed"}
    assert picture.dots == []


def test_a_deadline_missed_under_an_old_target_stays_on_the_picture(agent, ticket):
    due = next(one.reading.due_at for one in timers.explain(SYSTEM, ticket.id, NOON) if one.clock == "resolution")
    classification.classify(agent, ticket.id, priority="low", reason="μπορεί να περιμένει", at=due + HOUR)
    picture = drawn(ticket, due + 2 * HOUR)
    assert {"missed", "changed", "due", "now"} <= kinds(picture.flags)
    [missed] = [flag for flag in picture.flags if flag.kind == "missed"]
    assert missed.at == due


def test_years_are_drawn_as_one_band_that_is_partly_open(ticket):
    picture = drawn(ticket, NOON + 1000 * DAY)
    assert kinds(picture.bands) == {"mixed"}


@given(MOMENTS, st.timedeltas(timedelta(minutes=1), timedelta(days=4000)), st.sampled_from(["el", "en"]))
def test_the_axis_has_few_marks_in_order_within_the_picture(since, length, language):
    found = ticks(since, since + length, Scale(since, since + length).x, language)
    assert len(found) <= MOST + 1
    assert [tick.x for tick in found] == sorted({tick.x for tick in found})
    assert all(EDGE <= tick.x <= 100 - EDGE and tick.text for tick in found)
    if length >= 3 * HOUR:
        assert found


@given(st.lists(st.tuples(st.floats(0, 100), st.text("abc ", min_size=1, max_size=20)), max_size=8))
def test_no_word_covers_another(given_):
    flags = [Flag("due", NOON, x, word, "start" if x < 10 else "end" if x > 90 else "middle") for x, word in given_]
    placed, lines = scale._stacked(flags)
    assert len(placed) == len(flags)
    assert all(flag.line < lines for flag in placed)
    extents = [(flag.line, *scale._extent(flag)) for flag in placed]
    for at, (line, left, right) in enumerate(extents):
        for other, start, end in extents[at + 1 :]:
            assert line != other or right < start or end < left
