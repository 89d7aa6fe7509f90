"""The life of a version: drafted, replaced, put in force now or on its day, retired, come back as a new one."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.models.rulebook import Rulebook
from helpdesk.permissions import SYSTEM
from helpdesk.services import house, rulebook
from helpdesk.vocabulary import RulebookKind, VersionState
from tests.builders import NOON, a_department, a_supervisor, an_administrator

pytestmark = pytest.mark.usefixtures("rules")

CALENDAR = RulebookKind.CALENDAR
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def week(begin="08:00"):
    return {"tz": "Europe/Athens", "hours": {"mon": [[begin, "15:00"]]}}


@pytest.fixture
def root():
    actor = an_administrator()
    ground.commit()  # a refused act takes back what came since the last commit
    return actor


@pytest.fixture
def draft(root):
    return rulebook.make_draft(root, CALENDAR, "default", week(), title="Summer", at=NOON)


def state(id_):
    return rulebook.record(id_).state


def test_an_edited_draft_takes_the_place_of_the_one_before(root, draft):
    newer = rulebook.make_draft(root, CALENDAR, "default", week("09:00"), instead_of=draft, at=NOON + HOUR)
    assert (state(draft), state(newer)) == ("discarded", "draft")
    assert rulebook.record(newer).number == rulebook.record(draft).number + 1


def test_whoever_edits_a_draft_that_somebody_replaced_is_told(root, draft):
    rulebook.make_draft(root, CALENDAR, "default", week("09:00"), instead_of=draft)
    with pytest.raises(Stale):
        rulebook.make_draft(root, CALENDAR, "default", week("10:00"), instead_of=draft)
    assert len([row for row in rulebook.versions(CALENDAR, "default") if row.state == VersionState.DRAFT]) == 1


def test_a_discarded_draft_stays_known_and_its_number_is_not_given_again(root, draft):
    rulebook.discard(root, draft, at=NOON + HOUR)
    assert (state(draft), rulebook.record(draft).retired_at) == ("discarded", NOON + HOUR)
    with pytest.raises(Stale):
        rulebook.discard(root, draft)
    assert rulebook.record(rulebook.make_draft(root, CALENDAR, "default", week())).number == 3


def test_what_is_in_force_cannot_be_discarded(root):
    with pytest.raises(Stale):
        rulebook.discard(root, rulebook.in_force(CALENDAR).id)


def test_a_reason_is_needed_to_put_a_version_in_force(root, draft):
    for why in ("", "  ", "x" * 501, "a\x00b"):
        with pytest.raises(Invalid) as refused:
            rulebook.start(root, draft, why=why)
        assert "why" in refused.value.fields
    assert state(draft) == "draft"
    started = rulebook.start(root, draft, why="Decision 12/2026", at=NOON + HOUR)
    assert (started.state, started.why, started.in_force_at) == ("in_force", "Decision 12/2026", NOON + HOUR)
    assert started.in_force_by_id == root.id


def test_a_version_waits_for_its_day_and_then_holds_once(root, draft):
    begins = NOON + 3 * DAY
    waiting = rulebook.start(root, draft, why="Summer", starts_at=begins, at=NOON)
    assert (waiting.state, waiting.starts_at) == ("scheduled", begins)
    assert rulebook.in_force(CALENDAR).number == 1
    assert rulebook.start_due(begins - timedelta(seconds=1)) == 0
    assert rulebook.start_due(begins + HOUR) == 1
    assert rulebook.start_due(begins + HOUR) == 0
    row = rulebook.record(draft)
    assert (row.state, row.in_force_at, row.starts_at) == ("in_force", begins + HOUR, begins)
    assert (row.in_force_by_id, row.why) == (root.id, "Summer"), "who decided it stays known"
    assert rulebook.in_force(CALENDAR).id == draft


def test_a_moment_that_has_passed_means_now(root, draft):
    assert rulebook.start(root, draft, why="Late", starts_at=NOON - DAY, at=NOON).state == "in_force"


def test_two_versions_whose_days_passed_come_in_order(root, draft):
    later = rulebook.make_draft(root, CALENDAR, "default", week("10:00"))
    rulebook.start(root, later, why="Winter", starts_at=NOON + 2 * DAY, at=NOON)
    rulebook.start(root, draft, why="Summer", starts_at=NOON + DAY, at=NOON)
    assert rulebook.start_due(NOON + 5 * DAY) == 2
    assert (state(draft), state(later)) == ("retired", "in_force")


def test_a_crash_before_the_commit_leaves_the_version_waiting_for_the_next_try(root, draft, monkeypatch):
    rulebook.start(root, draft, why="Summer", starts_at=NOON + DAY, at=NOON)
    ground.commit()

    def dies():
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(db.session(), "commit", dies)
        with pytest.raises(KeyboardInterrupt):
            rulebook.start_due(NOON + 2 * DAY)
    assert (state(draft), rulebook.in_force(CALENDAR).number) == ("scheduled", 1)
    assert rulebook.start_due(NOON + 2 * DAY) == 1


def test_a_plan_can_be_moved_called_off_and_done_at_once(root, draft):
    rulebook.start(root, draft, why="Summer", starts_at=NOON + DAY, at=NOON)
    rulebook.start(root, draft, why="Summer, later", starts_at=NOON + 2 * DAY, at=NOON)
    assert rulebook.start_due(NOON + DAY) == 0
    rulebook.call_off(root, draft)
    assert (state(draft), rulebook.record(draft).starts_at) == ("draft", None)
    with pytest.raises(Stale):
        rulebook.call_off(root, draft)
    rulebook.start(root, draft, why="Summer", starts_at=NOON + DAY, at=NOON)
    assert rulebook.start(root, draft, why="At once", at=NOON).state == "in_force"
    assert rulebook.start_due(NOON + 9 * DAY) == 0


def test_a_version_that_cannot_hold_on_its_day_is_set_aside_and_the_others_go_on(root, draft):
    rulebook.enact(CALENDAR, "night", week(), at=NOON)
    promise = {"targets": [{"clock": "resolution", "seconds": 60, "calendar": "night"}]}
    policy = rulebook.make_draft(root, RulebookKind.POLICY, "fast", promise)
    rulebook.start(root, policy, why="Night promise", starts_at=NOON + DAY, at=NOON)
    rulebook.start(root, draft, why="Summer", starts_at=NOON + DAY, at=NOON)
    rulebook.retire(root, rulebook.in_force(CALENDAR, "night").id, why="No night shift")
    assert rulebook.start_due(NOON + 2 * DAY) == 1
    row = rulebook.record(policy)
    assert (row.state, row.starts_at) == ("draft", NOON + DAY)
    assert (state(draft), rulebook.start_due(NOON + 2 * DAY)) == ("in_force", 0)
    assert "could-not-start" in [deed.act for deed in house.deeds("rulebook").rows]


def test_an_earlier_version_comes_back_as_a_new_one(root, draft):
    first = rulebook.in_force(CALENDAR)
    rulebook.start(root, draft, why="Summer", at=NOON)
    back = rulebook.start(root, first.id, why="Back to the old hours", at=NOON + HOUR)
    assert (back.number, back.state) == (3, "in_force")
    assert rulebook.in_force(CALENDAR).value == first.value
    old = rulebook.record(first.id)
    assert (old.state, old.retired_at) == ("retired", NOON)


def test_the_usual_one_cannot_be_retired_nor_hours_that_somebody_keeps(root):
    with pytest.raises(Invalid):
        rulebook.retire(root, rulebook.in_force(CALENDAR).id, why="No")
    for key in ("place", "promise", "free"):
        rulebook.enact(CALENDAR, key, week(), at=NOON)
    a_department(calendar_key="place")
    ground.commit()
    promise = {"targets": [{"clock": "resolution", "seconds": 60, "calendar": "promise"}]}
    rulebook.enact(RulebookKind.POLICY, "fast", promise, at=NOON)
    for key in ("place", "promise"):
        with pytest.raises(Invalid):
            rulebook.retire(root, rulebook.in_force(CALENDAR, key).id, why="No")
    free = rulebook.in_force(CALENDAR, "free").id
    with pytest.raises(Invalid):
        rulebook.retire(root, free)
    rulebook.retire(root, free, why="Nobody keeps them", at=NOON + HOUR)
    row = rulebook.record(free)
    assert (row.state, row.retired_why, row.retired_at) == ("retired", "Nobody keeps them", NOON + HOUR)


def test_what_administrators_did_stands_in_the_houses_log_and_what_the_system_did_does_not(root, draft):
    rulebook.enact(CALENDAR, "night", week(), at=NOON, actor=SYSTEM)
    rulebook.start(root, draft, why="Summer", starts_at=NOON + DAY, at=NOON)
    rulebook.call_off(root, draft, at=NOON)
    rulebook.start(root, draft, why="Now", at=NOON)
    acts = [(deed.act, deed.thing_id) for deed in reversed(house.deeds("rulebook").rows)]
    assert acts == [(act, draft) for act in ("drafted", "scheduled", "called-off", "put-in-force")]


def test_the_life_of_rules_is_for_administrators(draft):
    supervisor = a_supervisor(a_department())
    for act in (
        lambda: rulebook.start(supervisor, draft, why="Mine"),
        lambda: rulebook.discard(supervisor, draft),
        lambda: rulebook.call_off(supervisor, draft),
        lambda: rulebook.retire(supervisor, draft, why="Mine"),
        lambda: rulebook.draft_again(supervisor, draft),
    ):
        with pytest.raises(Forbidden):
            act()


def test_what_is_not_there_is_not_found(root):
    for act in (rulebook.discard, rulebook.call_off, rulebook.draft_again, rulebook.retire):
        with pytest.raises(NotFound):
            act(root, 999_999)
    with pytest.raises(NotFound):
        rulebook.numbered(CALENDAR, "default", 99)


@pytest.mark.parametrize(("data", "field"), [
    (week() | {"special": {"2999-01-01": []}}, "special.2999-01-01"),
    (week() | {"holidays": [(NOON.date() + timedelta(days=day)).isoformat() for day in range(4 * 366)]}, "hours"),
    ({"tz": "UTC", "hours": {}, "special": {"2027-01-01": [["08:00", "12:00"]]}}, "hours"),
])  # fmt: skip
def test_a_calendar_that_stops_opening_is_refused_and_a_closed_august_is_not(root, data, field):
    with pytest.raises(Invalid) as refused:
        rulebook.make_draft(root, CALENDAR, "default", data)
    assert field in refused.value.fields
    august = week() | {"holidays": [f"2027-08-{day:02}" for day in range(1, 32)]}
    assert rulebook.make_draft(root, CALENDAR, "default", august)


def test_data_that_the_database_cannot_keep_is_refused(root):
    rules = [{"key": "a", "title": "a\x00b", "when": {}, "then": {}}]
    for data in ({"rules": rules}, {"rules": [], "x": "y" * 600_000}):
        with pytest.raises(Invalid) as refused:
            rulebook.make_draft(root, RulebookKind.RULESET, "default", data)
        assert "data" in refused.value.fields
    assert db.session.execute(select(Rulebook.id).where(Rulebook.state == "draft")).first() is None
