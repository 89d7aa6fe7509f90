"""People are invited by a link, changed, let go with all their sessions, and taken back."""

import re

import pytest
from sqlalchemy import select, text

from helpdesk import clock
from helpdesk.db import db
from helpdesk.models.people import Person, Staff
from helpdesk.services import access, catalogue, outbox
from tests.builders import NOON, a_department, an_account, an_administrator, an_agent
from tests.web.staff_browser import StaffBrowser, visible

pytestmark = pytest.mark.usefixtures("house_in_order")


@pytest.fixture
def place():
    row = a_department()
    catalogue.changed(NOON)
    return row


@pytest.fixture
def root(app, place):
    return StaffBrowser(app, an_administrator())


def anna(place, **more):
    return {
        "name": "Άννα", "email": "Anna@Example.org", "role": "agent", "language": "el", "languages": ["el", "en"],
        "skills": "Lighting, sign language", "capacity": "12", "department_ids": [str(place.id)], **more,
    }  # fmt: skip


def the_person():
    return db.session.execute(select(Person).where(Person.email == "anna@example.org")).scalar_one()


def test_an_invitation_leads_to_a_password_and_to_the_desk(app, root, place):
    an_account(address="info@city.example", is_default=True)
    root.send_fields("/admin/people/new", anna(place, leads=[str(place.id)]))
    person = the_person()
    known = catalogue.current().colleagues[person.id]
    assert (known.departments, known.leads, known.skills, known.capacity) == (
        (place.id,), (place.id,), ("lighting", "sign-language"), 12,
    )  # fmt: skip
    letter = db.session.execute(text("select payload from outbound where template = 'invitation'")).scalar_one()
    assert letter["to_address"] == "anna@example.org"
    [path] = re.findall(r"http://127.0.0.1:8000(/auth/new-password/\S+)", letter["text"])
    hers = StaffBrowser(app, None)
    hers.send_fields(path, {"password": "a long enough password"})
    assert "Άννα" in hers.page("/auth/account")
    hers.page("/admin", 403)


def test_without_an_address_to_send_from_the_link_is_shown_once(root, place):
    answer = root.send_fields("/admin/people/new", anna(place), status=200)
    [link] = re.findall(r"<code>(http://\S+/auth/new-password/\S+)</code>", answer.text)
    assert access.reset_is_good(link.rpartition("/")[2], clock.now())
    assert link not in root.page(f"/admin/people/{the_person().id}")


def test_the_invitation_can_be_sent_again(root, place):
    person = an_agent(place)
    an_account(address="info@city.example", is_default=True)
    catalogue.changed(NOON)
    root.send_fields(f"/admin/people/{person.id}/invite", {}, at=f"/admin/people/{person.id}")
    assert db.session.execute(text("select count(*) from outbound where template = 'invitation'")).scalar() == 1
    outbox.deliver()


@pytest.mark.parametrize(("given", "field", "told"), [
    ({"email": "nobody"}, "email", "Write an address like"),
    ({"name": " "}, "name", "This is needed."),
    ({"role": "king"}, "role", "Choose one of the list."),
    ({"capacity": "many"}, "capacity", "Give a whole number."),
    ({"capacity": "1001"}, "capacity", "Give a number from 0 to 1000."),
    ({"department_ids": ["999"]}, "department_ids", "Choose one of the list."),
])  # fmt: skip
def test_who_cannot_be_saved_is_told_beside_the_field(root, place, given, field, told):
    answer = root.send_fields("/admin/people/new", anna(place, **given), status=422)
    assert f'href="#{field}"' in answer.text and f'id="{field}-error"' in answer.text
    assert told in visible(answer.text)
    assert db.session.execute(select(Person.id).where(Person.email == "anna@example.org")).first() is None


def test_nobody_is_invited_twice(root, place):
    person = an_agent(place, email="anna@example.org")
    catalogue.changed(NOON)
    answer = root.send_fields("/admin/people/new", anna(place), status=422)
    assert "works here already" in visible(answer.text)
    assert person.id


def test_whoever_leaves_is_signed_out_everywhere_at_once_and_may_come_back(app, root, place):
    person = an_agent(place)
    catalogue.changed(NOON)
    one, other = StaffBrowser(app, person), StaffBrowser(app, person)
    one.page("/auth/account")
    here = f"/admin/people/{person.id}"
    root.send_fields(f"{here}/leave", {}, at=here)
    for browser in (one, other):
        assert "/auth/sign-in" in browser.get("/auth/account").location
    assert access.sessions_of(person.id, clock.now()) == []
    assert person.name not in visible(root.page("/admin/people"))
    assert person.name in visible(root.page("/admin/people?left=yes"))
    root.send_fields(f"{here}/return", {}, at=here)
    assert db.session.get(Staff, person.id, populate_existing=True).active
    assert access.sessions_of(person.id, clock.now()) == [], "an old session came back to life"


def test_nobody_takes_their_own_administration_away(app, place):
    me = an_administrator()
    mine = StaffBrowser(app, me)
    here = f"/admin/people/{me.id}"
    assert "Has left" not in visible(mine.page(here))
    answer = mine.send_fields(f"{here}/leave", {}, at=here, status=422)
    assert "Somebody else must change your own role." in visible(answer.text)
    answer = mine.send_fields(here, anna(place, name=me.name), status=422)
    assert 'id="role-error"' in answer.text


def test_a_person_is_changed_and_the_address_stays(root, place):
    person = an_agent(place, email="anna@example.org")
    catalogue.changed(NOON)
    root.send_fields(f"/admin/people/{person.id}", anna(place, name="Άννα Β.", email="x@y.example", department_ids=[]))
    known = catalogue.current().colleagues[person.id]
    assert (known.name, known.email, known.departments) == ("Άννα Β.", "anna@example.org", ())


def test_what_a_person_is_called_is_not_kept_in_the_log_of_changes(root, place):
    person = an_agent(place, name="Παλιό Όνομα")
    catalogue.changed(NOON)
    root.send_fields(f"/admin/people/{person.id}", anna(place, name="Νέο Όνομα"))
    kept = db.session.execute(text("select data::text from house_event where kind = 'person' and act = 'changed'"))
    assert "name" in (data := kept.scalar_one()) and "Όνομα" not in data
