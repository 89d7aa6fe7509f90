"""Acknowledgements: once, in the citizen's language, and never to machines or in a loop."""

import pytest
from sqlalchemy import select, update

from helpdesk import db as ground
from helpdesk.db import db, table
from helpdesk.events import TicketOpened
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Message, Ticket
from helpdesk.services import acknowledgements, intake, journal, tracking
from helpdesk.services.arrival import Arrival
from helpdesk.services.people import Contact
from tests.builders import NOON, an_account

ROWS = table(Outbound)


@pytest.fixture(autouse=True)
def _alone(session, monkeypatch):
    """Only acknowledgements follow, so that other rooms do not matter here."""
    monkeypatch.setattr(journal, "REACTIONS", {TicketOpened: (acknowledgements.acknowledge,)})


def a_mail(**given) -> Arrival:
    defaults = {"channel": "email", "received_at": NOON, "contact": Contact("anna@example.org", "Άννα")}
    return Arrival(**defaults | {"subject": "Φως", "text": "Δεν ανάβει.", "external_id": "a@example.org"} | given)


def taken(*arrivals: Arrival) -> list[intake.Taken]:
    an_account(address="info@city.example", is_default=True)
    found = intake.take_in(arrivals, NOON)
    ground.commit()
    return found


def letters() -> list:
    return list(db.session.execute(select(ROWS).order_by(ROWS.c.id)).all())


def test_it_says_number_code_and_link_and_hangs_in_the_thread():
    [found] = taken(a_mail())
    [row] = letters()
    letter = row.payload
    assert str(found.ticket_id) in letter["subject"]
    assert tracking.code_of(found.ticket_id, 1) in letter["text"]
    assert tracking.link(found.ticket_id, 1, "el") in letter["text"]
    assert (letter["in_reply_to"], letter["references"]) == ("a@example.org", ["a@example.org"])
    assert (row.automatic, row.state, letter["to_address"]) == (True, "waiting", "anna@example.org")


def test_it_stands_on_the_ticket_as_an_automatic_message():
    [found] = taken(a_mail())
    said = db.session.scalars(
        select(Message).where(Message.ticket_id == found.ticket_id, Message.direction == "outbound")
    )
    message = said.one()
    assert (message.automatic, message.audience, message.delivery_state) == ("acknowledgement", "public", "waiting")
    assert message.external_id == letters()[0].external_id
    sent = [fact.event for fact in journal.of(found.ticket_id) if fact.type == "reply_sent"]
    assert [event.automatic for event in sent] == ["acknowledgement"]


def test_staff_read_it_without_the_link_and_the_code_with_which_the_citizen_acts():
    [found] = taken(a_mail())
    said = select(Message).where(Message.ticket_id == found.ticket_id, Message.direction == "outbound")
    message = db.session.scalars(said).one()
    code = tracking.code_of(found.ticket_id, 1)
    assert code not in message.text and "code=" not in message.text and message.html is None
    assert message.text.count("(μόνο στο ίδιο το μήνυμα)") == 2
    assert str(found.ticket_id) in message.text


def test_it_speaks_the_citizens_language():
    taken(a_mail(language="en"), a_mail(language="el", external_id="b@x"))
    english, greek = (row.payload["text"] for row in letters())
    assert "We received your request" in english
    assert "Λάβαμε το αίτημά σας" in greek


@pytest.mark.parametrize("given", [{"automatic": "auto-reply"}, {"may_answer": False}, {"contact": Contact()}])
def test_machines_and_who_wants_no_answer_get_none(given):
    taken(a_mail(**given))
    assert letters() == []


def test_a_message_that_joins_is_not_acknowledged_again():
    taken(a_mail(), a_mail(external_id="b@x", references=("a@example.org",)))
    assert len(letters()) == 1


def test_an_unproven_address_gets_none_of_the_senders_words_back():
    taken(a_mail(subject="BUY NOW", text="http://spam.example"))
    whole = str(letters()[0].payload)
    assert "BUY NOW" not in whole and "spam.example" not in whole


def test_a_proven_address_sees_its_own_subject():
    taken(a_mail(subject="Φως στη γωνία", authentication={"trusted": True, "aligned": True}))
    assert "Φως στη γωνία" in letters()[0].payload["subject"]


def test_one_address_gets_no_more_than_the_cap_in_a_day(monkeypatch):
    monkeypatch.setattr(acknowledgements, "MOST_A_DAY", 3)
    taken(*(a_mail(external_id=f"{at}@x") for at in range(2)))
    intake.take_in([a_mail(external_id=f"b{at}@x") for at in range(4)], NOON)
    intake.take_in([a_mail(external_id="c@x", contact=Contact("other@example.org"))], NOON)
    ground.commit()
    assert [row.payload["to_address"] for row in letters()].count("anna@example.org") == 3
    assert letters()[-1].payload["to_address"] == "other@example.org"


def test_a_follow_up_says_that_the_earlier_request_is_closed():
    [first] = taken(a_mail())
    tickets = table(Ticket)
    db.session.execute(update(tickets).where(tickets.c.id == first.ticket_id).values(status="closed"))
    [second] = intake.take_in([a_mail(external_id="b@x", references=("a@example.org",))], NOON)
    ground.commit()
    text = letters()[-1].payload["text"]
    assert str(first.ticket_id) in text and str(second.ticket_id) in text


def test_without_an_address_of_ours_nothing_is_sent():
    intake.take_in([a_mail()], NOON)
    ground.commit()
    assert letters() == []
