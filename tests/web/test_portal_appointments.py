"""An appointment in writing for who cannot hear or speak: booked like a call, kept by a word by e-mail or in a chat."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from helpdesk import clock, events
from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Invalid, Stale
from helpdesk.models.callbacks import CallbackAttempt, CallbackPromise
from helpdesk.models.chats import Chat
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM
from helpdesk.services import asking_calls, callbacks, catalogue, dialling, journal, presence, replies, slots
from helpdesk.services import chats as conversations
from helpdesk.services.asking_calls import Asked
from helpdesk.vocabulary import PromiseWay
from tests.builders import NOON, an_agent
from tests.web.citizen import errors, fields
from tests.web.test_portal_calls import DETAILS, asked, chosen, department, promise, times

__all__ = ["department"]
WRITTEN = {"phone": "", "way": "email"}
MINUTE = timedelta(minutes=1)


def booked(department, way: PromiseWay, email: str = "anna@example.org") -> CallbackPromise:
    """An appointment of that kind in the first window that is free."""
    begins = slots.offered(department.id, clock.now())[0].begins_at
    asking_calls.ask(SYSTEM, Asked(department.id, begins, "", "Άννα", email=email, way=way))
    ground.commit()
    return promise()


def test_a_citizen_who_would_rather_write_needs_no_telephone(client, department):
    sent = asked(client, department, **WRITTEN)
    assert sent.status_code == 303
    page = client.get(sent.location).text
    assert "We will write to you" in page and "We will ring you" not in page
    made = promise()
    assert (made.way, made.phone, made.state) == ("email", "", "scheduled")
    subject = db.session.scalars(select(Ticket.subject).where(Ticket.id == made.ticket_id)).one()
    assert subject.startswith("Write to me")
    letter = db.session.scalars(select(Outbound).order_by(Outbound.id.desc())).first()
    assert letter.template == "call_promised"
    assert "We will write to you between" in letter.payload["text"] and "ring" not in letter.payload["text"]
    assert "We will write to you between" in client.get(f"/en/requests/{made.ticket_id}", follow_redirects=True).text


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"way": "email", "phone": "", "email": ""}, "email"),
        ({"way": "chat", "phone": "", "email": ""}, "email"),
        ({"way": "phone", "phone": ""}, "phone"),
        ({"way": "nonsense", "phone": ""}, "phone"),
    ],
)
def test_what_each_way_needs_is_named_beside_its_field(client, department, given, wrong):
    refused = asked(client, department, **given)
    assert refused.status_code == 422 and wrong in errors(refused.text)


def test_one_appointment_to_an_address_at_a_time(client, department):
    assert asked(client, department, **WRITTEN).status_code == 303
    refused = asked(client, department, **WRITTEN)
    assert refused.status_code == 409 and "email" in errors(refused.text)


def test_two_who_write_from_different_addresses_have_one_each(department):
    booked(department, PromiseWay.CHAT)
    booked(department, PromiseWay.CHAT, "other@example.org")
    assert len(list(db.session.scalars(select(CallbackPromise)))) == 2


def test_nobody_is_dialled_for_an_appointment_in_writing(department):
    made = booked(department, PromiseWay.EMAIL)
    assert dialling.tick(made.begins_at + MINUTE) == 0
    assert list(db.session.scalars(select(CallbackAttempt))) == []


def test_the_first_word_within_the_time_keeps_it_one_before_does_not(department):
    made, agent = booked(department, PromiseWay.EMAIL), an_agent(department)
    replies.reply(agent, made.ticket_id, "Σας γράφουμε στις δέκα.", at=made.begins_at - 10 * MINUTE)
    ground.commit()
    assert promise().state == "scheduled"
    replies.reply(agent, made.ticket_id, "Καλημέρα σας.", at=made.begins_at + MINUTE)
    ground.commit()
    kept = promise()
    assert (kept.state, kept.ended, kept.first_dialled_at) == ("fulfilled", "reached", made.begins_at + MINUTE)
    [attempt] = db.session.scalars(select(CallbackAttempt))
    assert (attempt.agent_id, attempt.outcome) == (agent.id, "reached")
    facts = [one.event for one in journal.of(made.ticket_id)]
    assert [one.way for one in facts if isinstance(one, events.CallBackDialled)] == ["email"]


def test_a_reply_keeps_no_call_by_telephone(department):
    begins = slots.offered(department.id, clock.now())[0].begins_at
    asking_calls.ask(SYSTEM, Asked(department.id, begins, "6912345678", "Άννα"))
    ground.commit()
    replies.reply(an_agent(department), promise().ticket_id, "Καλημέρα σας.", at=begins + MINUTE)
    ground.commit()
    assert promise().state == "scheduled"


def test_the_time_is_moved_and_stays_in_writing(client, department):
    asked(client, department, **WRITTEN)
    number = promise().ticket_id
    page = client.get(f"/en/requests/{number}/call", follow_redirects=True)
    assert "Our appointment" in page.text and "Write to me then" in page.text
    action = f"/requests/{number}/call"
    found = next(one for one in (f"/en{action}", action) if one in page.text)
    sent = client.post(found, data=fields(page.text, action) | {"slot": times(page.text)[2]})
    assert sent.status_code == 303
    assert (promise().way, promise().state) == ("email", "scheduled")


def later_chat(client, department) -> CallbackPromise:
    """A chat in a window that is well ahead, whatever time it is now."""
    page = chosen(client, department, 4)
    given = fields(page.text, "/callback/details") | DETAILS | {"phone": "", "way": "chat"}
    assert client.post("/en/callback/details", data=given).status_code == 303
    return promise()


def begins_now(made: CallbackPromise) -> None:
    """The clock of the house stands where the window begins: its moments are brought here instead."""
    connection = db.session.connection()
    connection.exec_driver_sql("alter table callback_promise disable trigger callback_promise_window")
    now = clock.now()
    moments = {"begins_at": now - MINUTE, "ends_at": now + 29 * MINUTE, "due_at": now - MINUTE}
    db.session.execute(update(CallbackPromise).where(CallbackPromise.id == made.id).values(moments))
    connection.exec_driver_sql("alter table callback_promise enable trigger callback_promise_window")
    ground.commit()


def test_a_chat_that_was_promised_is_opened_from_the_request_and_kept_by_the_first_word(client, department):
    made, agent = later_chat(client, department), an_agent(department)
    path = f"/en/requests/{made.ticket_id}/call"
    page = client.get(path, follow_redirects=True)
    assert "Open the chat</button>" not in page.text
    values = fields(page.text, "/call/cancel")
    early = client.post(f"{page.request.path}/chat", data={"csrf_token": values["csrf_token"]})
    assert early.status_code == 303 and db.session.scalars(select(Chat)).all() == []
    begins_now(made)
    catalogue.changed(NOON)
    presence.seen(agent.id, clock.now())
    page = client.get(path, follow_redirects=True)
    assert "Open the chat" in page.text
    opened = client.post(f"{page.request.path}/chat", data={"csrf_token": values["csrf_token"]})
    assert opened.status_code == 303 and "/chat" in opened.location
    [chat] = db.session.scalars(select(Chat))
    assert (chat.ticket_id, chat.state) == (made.ticket_id, "queued")
    assert str(made.ticket_id) in client.get(opened.location).text
    conversations.accept(agent, chat.id, clock.now())
    conversations.answer(agent, chat.id, "Καλημέρα σας.")
    ground.commit()
    assert (promise().state, promise().ended) == ("fulfilled", "reached")


def test_a_chat_opened_twice_is_one_conversation(client, department):
    made, agent = later_chat(client, department), an_agent(department)
    begins_now(made)
    catalogue.changed(NOON)
    presence.seen(agent.id, clock.now())
    page = client.get(f"/en/requests/{made.ticket_id}/call", follow_redirects=True)
    token = fields(page.text, "/call/cancel")["csrf_token"]
    for _ in range(2):
        client.post(f"{page.request.path}/chat", data={"csrf_token": token})
    assert len(list(db.session.scalars(select(Chat)))) == 1


def test_who_books_in_writing_without_an_address_is_refused_by_the_service_too(department):
    with pytest.raises(Invalid) as refused:
        booked(department, PromiseWay.CHAT, "")
    assert "email" in refused.value.fields


def test_a_second_appointment_to_an_address_is_refused_until_the_first_is_over(department):
    first = booked(department, PromiseWay.EMAIL)
    with pytest.raises(Stale) as refused:
        booked(department, PromiseWay.EMAIL)
    assert refused.value.code == "appointment-asked"
    callbacks.cancel(an_agent(department), first.ticket_id)
    booked(department, PromiseWay.EMAIL)


def test_the_form_offers_the_three_ways(client, department):
    page = chosen(client, department).text
    for word in ("On the telephone", "In writing, in a chat", "In writing, by e-mail"):
        assert word in page
