"""Setting up the house: by administrators only, each wrong field named, and every process hears of it."""

import pytest
from flask import current_app
from sqlalchemy import text

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.models.catalogue import Service
from helpdesk.services import catalogue
from tests.builders import NOON, a_department, a_service, a_supervisor, an_administrator, an_agent

pytestmark = pytest.mark.usefixtures("rules")

NAMES = {"el": "Ύδρευση", "en": "Water"}


@pytest.fixture
def root():
    return an_administrator()


def test_a_house_is_set_up_from_nothing(root):
    water = catalogue.save(root, "department", key="water", names=NAMES)
    pipes = catalogue.save(root, "category", key="pipes", names=NAMES)
    leaks = catalogue.save(root, "service", key="leaks", names=NAMES, department_id=water, category_id=pipes)
    crew = catalogue.save(root, "team", key="crew", names=NAMES, department_id=water)
    anna = catalogue.create_staff(root, email="Anna@Example.org ", name="Άννα", department_ids=[water], leads=[water])
    catalogue.compose_team(root, crew, [anna])
    [person] = [item for item in catalogue.colleagues(water) if item.id == anna]
    assert (person.email, person.leads, person.teams) == ("anna@example.org", (water,), (crew,))
    assert [item.id for item in catalogue.services()] == [leaks]
    assert catalogue.id_of("department", "water") == water


def test_a_change_is_seen_at_once_and_by_other_processes(root):
    water = catalogue.save(root, "department", key="water", names=NAMES)
    catalogue.current()
    old = current_app.extensions["catalogue"]
    catalogue.save(root, "department", water, names={"el": "Νερό"})
    assert catalogue.current().departments[water].names == {"el": "Νερό"}
    current_app.extensions["catalogue"] = old
    ground.commit()
    assert catalogue.current().departments[water].names == {"el": "Νερό"}


def test_nothing_is_read_twice_while_nothing_changes(root):
    a_department()
    catalogue.changed(NOON)
    ground.commit()
    first = catalogue.current()
    ground.commit()
    assert catalogue.current() is first


@pytest.mark.parametrize(("kind", "given", "field"), [
    ("department", {"key": "Water!", "names": NAMES}, "key"),
    ("department", {"key": "taken", "names": NAMES}, "key"),
    ("department", {"key": "water", "names": {"el": " "}}, "names"),
    ("department", {"key": "water", "names": NAMES, "calendar_key": "nobodys"}, "calendar_key"),
    ("department", {"key": "water", "names": NAMES, "colour": "red"}, "colour"),
    ("team", {"key": "crew", "names": NAMES, "department_id": 999_999}, "department_id"),
    ("service", {"key": "leaks", "names": NAMES, "department_id": 999_999, "phase": "dreamt"}, "phase"),
    ("service", {"key": "leaks", "names": NAMES, "impact": "huge"}, "impact"),
    ("category", {"key": "pipes", "names": NAMES, "parent_id": 999_999}, "parent_id"),
])  # fmt: skip
def test_what_cannot_be_saved_is_refused_and_named(root, kind, given, field):
    a_department(key="taken")
    with pytest.raises(Invalid) as refused:
        catalogue.save(root, kind, **given)
    assert field in refused.value.fields


def test_a_category_does_not_stand_under_itself(root):
    top = catalogue.save(root, "category", key="top", names=NAMES)
    low = catalogue.save(root, "category", key="low", names=NAMES, parent_id=top)
    with pytest.raises(Invalid) as refused:
        catalogue.save(root, "category", top, parent_id=low)
    assert "parent_id" in refused.value.fields


@pytest.mark.parametrize(("given", "field"), [
    ({"email": "nobody"}, "email"),
    ({"name": " "}, "name"),
    ({"role": "king"}, "role"),
    ({"language": "xx"}, "language"),
    ({"capacity": -1}, "capacity"),
    ({"department_ids": [999_999]}, "departments"),
    ({"shoe_size": 43}, "shoe_size"),
])  # fmt: skip
def test_a_person_who_cannot_be_saved_is_refused_and_the_field_named(root, given, field):
    with pytest.raises(Invalid) as refused:
        catalogue.create_staff(root, **{"email": "anna@example.org", "name": "Άννα"} | given)
    assert field in refused.value.fields


def test_nobody_works_here_twice(root):
    catalogue.create_staff(root, email="anna@example.org", name="Άννα")
    with pytest.raises(Invalid) as refused:
        catalogue.create_staff(root, email="ANNA@example.org", name="Άννα")
    assert "email" in refused.value.fields


def test_departments_change_and_what_is_not_given_stays(root):
    ours, theirs = a_department(), a_department()
    agent = an_agent(ours)
    catalogue.change_staff(root, agent.id, leads=[theirs.id], skills=["sign-language"])
    person = catalogue.current().colleagues[agent.id]
    assert (set(person.departments), person.leads, person.skills) == (
        {ours.id, theirs.id}, (theirs.id,), ("sign-language",),
    )  # fmt: skip
    catalogue.change_staff(root, agent.id, active=False)
    assert agent.id not in {item.id for item in catalogue.colleagues()}
    assert catalogue.current().colleagues[agent.id].departments == person.departments


def test_nobody_takes_their_own_administration_away(root):
    ground.commit()
    with pytest.raises(Invalid):
        catalogue.change_staff(root, root.id, role="agent")
    with pytest.raises(Invalid):
        catalogue.change_staff(root, root.id, active=False)


def test_the_house_is_set_up_by_administrators():
    boss = a_supervisor(a_department())
    for act in (
        lambda: catalogue.save(boss, "department", key="water", names=NAMES),
        lambda: catalogue.create_staff(boss, email="anna@example.org", name="Άννα"),
        lambda: catalogue.change_staff(boss, boss.id, role="administrator"),
        lambda: catalogue.compose_team(boss, 1, []),
    ):
        with pytest.raises(Forbidden):
            act()


def test_what_does_not_exist_is_not_found(root):
    with pytest.raises(NotFound):
        catalogue.save(root, "department", 999_999, names=NAMES)
    with pytest.raises(NotFound):
        catalogue.change_staff(root, 999_999, role="agent")
    with pytest.raises(NotFound):
        catalogue.compose_team(root, 999_999, [])


def test_only_live_services_of_active_departments_take_requests(root):
    live, planned, closed = a_service(phase="live"), a_service(phase="planned"), a_service(phase="live")
    catalogue.save(root, "department", closed.department_id, active=False)
    assert [item.id for item in catalogue.services()] == [live.id]
    assert {item.id for item in catalogue.services(all_=True)} == {live.id, planned.id, closed.id}
    assert db.session.query(Service).count() == db.session.execute(text("select count(*) from service")).scalar()
