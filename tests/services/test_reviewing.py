"""Models and known errors whose day to be looked at has come: whoever answers for them is told, once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk.db import db
from helpdesk.models.people import Staff
from helpdesk.models.post import Outbound
from helpdesk.services import problems, reviewing, rulebook
from tests.builders import NOON, a_department, an_account, an_administrator, an_agent
from tests.procedures import enact

DAY = timedelta(days=1)
TODAY = NOON.date()
STEP = {"key": "look", "kind": "task", "texts": {"el": "Δες", "en": "Look"}}
TITLES = {"el": "Η κάρτα κόβεται", "en": "Cards fail"}


@pytest.fixture(autouse=True)
def owner(session):
    rulebook.ensure_defaults(NOON - 300 * DAY)
    an_account()
    return an_agent(a_department(), email="owner@city.example", language="en")


def letters():
    rows = db.session.execute(select(Outbound.payload).order_by(Outbound.id)).scalars()
    return [(row["to_address"], row["subject"], row["text"]) for row in rows]


def known(owner, review_on=TODAY):
    opened = problems.open_(owner, titles=TITLES, review_on=review_on, at=NOON - 9 * DAY)
    return problems.declare(owner, opened.id, none_yet=True, at=NOON - 9 * DAY)


def test_whoever_answers_for_a_model_is_told_once_also_over_a_new_version(owner):
    enact(STEP, owner="owner@city.example", review_on=TODAY.isoformat(), at=NOON - DAY)
    assert [reviewing.remind(at) for at in (NOON - DAY, NOON, NOON + DAY)] == [0, 1, 0]
    version = enact(STEP, owner="owner@city.example", review_on=TODAY.isoformat(), at=NOON)
    assert reviewing.remind(NOON + DAY) == 0
    enact(STEP, owner="owner@city.example", review_on=(TODAY + DAY).isoformat(), at=NOON + DAY)
    assert reviewing.remind(NOON + DAY) == 1
    (first, _later) = letters()
    assert first[:2] == ("owner@city.example", "A model is to be looked at again: A model")
    assert f"/admin/rulebook/{version.id - 1}" in first[2] and "24 Nov 2026" in first[2]


def test_whoever_keeps_a_known_error_is_told_once_until_another_day_is_set(owner):
    problem = known(owner)
    assert [reviewing.remind(at) for at in (NOON - DAY, NOON, NOON + DAY)] == [0, 1, 0]
    ((to, subject, words),) = letters()
    assert (to, subject) == ("owner@city.example", "A known error is to be looked at again: Cards fail")
    assert f"/desk/problems/{problem.id}" in words
    problems.reviewed(owner, problem.id, TODAY + 2 * DAY, at=NOON)
    assert [reviewing.remind(at) for at in (NOON + DAY, NOON + 2 * DAY)] == [0, 1]


def test_of_what_is_no_known_error_any_more_nobody_is_told(owner):
    problem = known(owner)
    problems.resolve(owner, problem.id, at=NOON)
    assert reviewing.remind(NOON) == 0


def test_administrators_are_told_where_its_keeper_works_here_no_more(owner):
    an_administrator(email="root@city.example", language="el")
    known(owner)
    db.session.get(Staff, owner.id).active = False
    assert reviewing.remind(NOON) == 1
    ((to, subject, _words),) = letters()
    assert (to, subject) == ("root@city.example", "Ένα γνωστό σφάλμα πρέπει να επανεξεταστεί: Η κάρτα κόβεται")
