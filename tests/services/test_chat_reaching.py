"""Who leaves the chat leaves an address or, where the body sends messages, a number; it goes on there, as before."""

import pytest

from helpdesk.db import db
from helpdesk.errors import Invalid, Stale
from helpdesk.models.people import Person
from helpdesk.services import chats, dialogue, replies
from tests.builders import NOON, a_department
from tests.services.chatting import a_chat, row_of, said, ticket_of
from tests.services.telephone import CITIZEN
from tests.services.texters import said as on_the_request
from tests.services.texters import texters

pytestmark = pytest.mark.usefixtures("rules")


@pytest.fixture(autouse=True)
def no_bot():
    before = list(dialogue._partners)
    dialogue._partners.clear()
    yield
    dialogue._partners[:] = before


@pytest.fixture
def town(client, monkeypatch):
    with texters(client, monkeypatch) as made:
        yield made


def test_where_the_body_sends_no_messages_no_telephone_is_taken():
    key = a_chat(a_department())
    assert not chats.by_text()
    with pytest.raises(Invalid) as refused:
        chats.reach_by(key, "", "Άννα", NOON, phone=CITIZEN)
    assert set(refused.value.fields) == {"phone"}


def test_it_goes_on_by_short_messages_on_the_same_request(town):
    place, now = town.town.department, town.town.now
    key = a_chat(place, at=now)
    assert chats.by_text() and not chats.standing(key, now).knows_address
    chats.reach_by(key, "", "Άννα", now, phone=CITIZEN)
    person = db.session.get_one(Person, ticket_of(key).requester_id)
    assert (person.phone, person.email, said(key)[-1]) == (CITIZEN, None, ("house", "texts"))
    assert chats.standing(key, now).knows_address
    number = row_of(key).ticket_id
    replies.reply(town.agent, number, "Το συνεργείο έρχεται αύριο.", at=now)
    town.wait(60)
    assert town.out("έρχεται αύριο")
    town.writes("Ευχαριστώ, περιμένω")
    assert "Ευχαριστώ, περιμένω" in [message.text for message in on_the_request(number)]


def test_a_number_is_taken_once_and_a_land_line_never(town):
    key = a_chat(town.town.department, at=town.town.now)
    with pytest.raises(Invalid):
        chats.reach_by(key, "", "", town.town.now, phone="+302101234567")
    chats.reach_by(key, "", "", town.town.now, phone=CITIZEN)
    with pytest.raises(Stale):
        chats.reach_by(key, "anna@example.org", "", town.town.now)
