"""Versions of what decides: drafted, refused where they cannot hold, put in force, kept for the tickets they bound."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.models.rulebook import Rulebook
from helpdesk.services import rulebook
from helpdesk.vocabulary import RulebookKind
from tests.builders import NOON, a_department, a_supervisor, an_administrator

pytestmark = pytest.mark.usefixtures("rules")

WEEK = {"tz": "Europe/Athens", "hours": {"mon": [["08:00", "15:00"]]}}
PROMISE = {"clock": "resolution", "seconds": 3600}


@pytest.fixture
def root():
    return an_administrator()


def test_an_empty_body_gets_a_default_of_every_kind_once_but_no_model_of_work():
    kinds = set(RulebookKind) - {RulebookKind.MODEL}
    before = {kind: rulebook.in_force(kind).id for kind in kinds}
    rulebook.ensure_defaults(NOON + timedelta(days=1))
    assert {kind: rulebook.in_force(kind).id for kind in kinds} == before
    assert rulebook.all_in_force(RulebookKind.MODEL) == {}


def test_a_draft_decides_nothing_until_it_is_put_in_force(root):
    draft = rulebook.make_draft(root, RulebookKind.CALENDAR, "default", WEEK, why="Θερινό ωράριο", at=NOON)
    assert rulebook.in_force(RulebookKind.CALENDAR).number == 1
    now = rulebook.put_in_force(root, draft, at=NOON + timedelta(hours=1))
    assert (now.name, rulebook.in_force(RulebookKind.CALENDAR)) == ("default@2", now)


def test_who_put_it_in_force_when_and_why_stays_known(root):
    draft = rulebook.make_draft(root, RulebookKind.CALENDAR, "default", WEEK, at=NOON)
    rulebook.put_in_force(root, draft, why="Απόφαση 12/2026", at=NOON)
    new, old = rulebook.versions(RulebookKind.CALENDAR, "default")
    assert (new.in_force_by_id, new.why, new.in_force_at) == (root.id, "Απόφαση 12/2026", NOON)
    assert (old.state, old.retired_at) == ("retired", NOON)


def test_a_retired_version_can_be_taken_up_again(root):
    first = rulebook.in_force(RulebookKind.CALENDAR)
    rulebook.put_in_force(root, rulebook.make_draft(root, RulebookKind.CALENDAR, "default", WEEK), at=NOON)
    assert rulebook.put_in_force(root, first.id, at=NOON) == rulebook.in_force(RulebookKind.CALENDAR) == first


def test_what_is_in_force_cannot_be_put_in_force(root):
    with pytest.raises(Stale):
        rulebook.put_in_force(root, rulebook.in_force(RulebookKind.POLICY).id)


@pytest.mark.parametrize(("kind", "data", "field"), [
    (RulebookKind.CALENDAR, {"tz": "Europe/Athens", "hours": {}}, "hours"),
    (RulebookKind.CALENDAR, {"tz": "Europe/Nowhere", "hours": WEEK["hours"]}, "tz"),
    (RulebookKind.POLICY, {"targets": []}, "targets"),
    (RulebookKind.POLICY, {"targets": [PROMISE | {"seconds": 0}]}, "targets[0].seconds"),
    (RulebookKind.MATRIX, {"high": {}}, None),
    (RulebookKind.RULESET, {"rules": [{"key": "x"}]}, None),
])  # fmt: skip
def test_what_cannot_be_used_is_refused_and_names_its_field(root, kind, data, field):
    with pytest.raises(Invalid) as refused:
        rulebook.make_draft(root, kind, "default", data)
    assert refused.value.fields
    assert field is None or field in refused.value.fields
    assert [row.number for row in rulebook.versions(kind, "default")] == [1]


def test_a_promise_in_the_hours_of_an_unknown_calendar_is_refused(root):
    draft = rulebook.make_draft(root, RulebookKind.POLICY, "fast", {"targets": [PROMISE | {"calendar": "night"}]})
    with pytest.raises(Invalid) as refused:
        rulebook.put_in_force(root, draft)
    assert "targets[0].calendar" in refused.value.fields


def test_rules_are_for_administrators():
    supervisor = a_supervisor(a_department())
    with pytest.raises(Forbidden):
        rulebook.make_draft(supervisor, RulebookKind.CALENDAR, "default", WEEK)
    with pytest.raises(Forbidden):
        rulebook.put_in_force(supervisor, 1)


def test_an_unknown_version_or_key_is_not_found(root):
    with pytest.raises(NotFound):
        rulebook.put_in_force(root, 999_999)
    with pytest.raises(NotFound):
        rulebook.in_force(RulebookKind.POLICY, "nobodys")


def test_a_unit_asks_once_what_is_in_force():
    ground.commit()
    asked: list[str] = []

    def count(connection, cursor, statement, *_):
        asked.append(statement)

    engine = db.session.connection().engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        for _ in range(3):
            for kind in set(RulebookKind) - {RulebookKind.MODEL}:
                rulebook.in_force(kind)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert len([statement for statement in asked if "rulebook" in statement]) <= 1


def test_versions_count_by_key(root):
    for key in ("night", "night", "default"):
        rulebook.make_draft(root, RulebookKind.CALENDAR, key, WEEK)
    numbers = [(row.key, row.number) for row in rulebook.versions(RulebookKind.CALENDAR)]
    assert numbers == [("always", 1), ("default", 2), ("default", 1), ("night", 2), ("night", 1)]
    assert db.session.query(Rulebook).filter_by(key="night", state="draft").count() == 2
