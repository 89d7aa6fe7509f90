"""Short messages: they become requests and join them, answers go the way the citizen came, states and opt-outs hold."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select, text

from channels.phone.simulator.things import Phone
from channels.port import Hook
from channels.sms import CHANNEL
from channels.twilio_carrier import sign
from helpdesk.db import db
from helpdesk.errors import Invalid
from helpdesk.models.calls import HookRefused
from helpdesk.models.post import Inbound
from helpdesk.models.texts import TextMessage, TextReport
from helpdesk.models.tickets import Message
from helpdesk.services import accounts, house, journal, outbox, replies, texts, tickets, upkeep
from helpdesk.services.outbox import delivery, settlement
from helpdesk.services.texting import limits
from tests.builders import a_citizen as a_person
from tests.builders import a_ticket
from tests.checking import faults
from tests.services.telephone import CITIZEN, OURS, TOKEN
from tests.services.texters import WHATSAPP, said, texters, with_email
from tests.services.texters import tickets as all_tickets


@pytest.fixture
def town(client, monkeypatch):
    with texters(client, monkeypatch) as found:
        yield found


def facts(number):
    journal.flush()
    return [fact.event.type for fact in journal.of(number)]


def answer(town, number, words="Το φτιάχνουμε αύριο.", **given):
    return replies.reply(town.agent, number, words, at=town.town.now, **given)


def test_a_text_opens_a_request_and_is_acknowledged_by_the_same_way(town):
    town.writes("Καλημέρα, ο κάδος στην Πατησίων 10 έχει σπάσει.")
    [ticket] = all_tickets()
    assert (ticket.channel, ticket.language, ticket.department_id) == ("sms", "el", town.town.department.id)
    receipt = said(ticket.id)[-1]
    assert (receipt.channel, receipt.automatic) == ("sms", "acknowledgement")
    [sent] = town.out()
    assert (sent.sender, sent.to) == (OURS, CITIZEN)
    assert str(ticket.id) in sent.body and "http://127.0.0.1:8000/" in sent.body
    assert sent.parts <= 4
    assert not faults(town.town.now)


def test_what_the_same_number_writes_next_joins_the_request(town):
    town.writes("Ο κάδος έχει σπάσει.")
    [ticket] = all_tickets()
    town.writes("Είναι στη γωνία με την Ηπείρου.")
    assert [one.direction for one in said(ticket.id)] == ["inbound", "outbound", "inbound"]
    assert len(all_tickets()) == 1 and len(town.out()) == 1


def test_after_a_fortnight_of_silence_it_is_something_new(town):
    town.writes("Ο κάδος έχει σπάσει.")
    town.network.now += timedelta(days=15).total_seconds()
    town.writes("Δεν έχουμε νερό.")
    assert len(all_tickets()) == 2


def test_a_text_on_a_resolved_request_reopens_it_and_on_a_closed_one_opens_a_linked_one(town):
    town.writes("Ο κάδος έχει σπάσει.")
    [ticket] = all_tickets()
    tickets.resolve(town.agent, ticket.id, "solved", "Έγινε.", at=town.town.now)
    town.writes("Δεν έγινε τίποτα.")
    assert all_tickets()[0].status == "open"
    tickets.resolve(town.agent, ticket.id, "solved", "Τώρα έγινε.", at=town.town.now)
    db.session.execute(text("update ticket set status = 'closed', closed_at = :at"), {"at": town.town.now})
    town.writes("Πάλι έσπασε.")
    assert len(all_tickets()) == 2


def test_another_number_is_another_citizen(town):
    town.writes("Ο κάδος έχει σπάσει.")
    town.writes("Η λάμπα δεν ανάβει.", "+306944123457")
    first, second = all_tickets()
    assert first.requester_id != second.requester_id


def test_who_is_known_by_the_number_alone_is_who_asks(town):
    known = a_person(phone=CITIZEN, email="maria@example.org")
    town.writes("Ο κάδος έχει σπάσει.")
    assert all_tickets()[0].requester_id == known.id


def test_of_several_with_one_number_nobody_is_chosen_by_chance(town):
    family = {a_person(phone=CITIZEN, email=f"{name}@example.org").id for name in ("maria", "nikos")}
    town.writes("Ο κάδος έχει σπάσει.")
    town.writes("Και το φως.")
    [ticket] = all_tickets()
    assert ticket.requester_id not in family


def test_a_withheld_sender_becomes_a_request_without_a_person_and_is_not_answered(town):
    town.writes("Broken lamp, please come", "Anonymous")
    [ticket] = all_tickets()
    assert (ticket.requester_id, ticket.language) == (None, "en")
    assert not town.out()


def test_a_repeated_webhook_is_one_message(town):
    town.network.faults.doubled = 1.0
    town.writes("Ο κάδος έχει σπάσει.")
    assert db.session.execute(select(func.count()).select_from(Inbound)).scalar() == 1
    assert [one.direction for one in said(all_tickets()[0].id)] == ["inbound", "outbound"]
    assert not town.network.alarms


def test_an_unsigned_call_is_refused_counted_and_leaves_nothing(town):
    path = f"/hooks/sms/{town.sms.id}/message/inbound"
    body = urlencode({"MessageSid": "SM" + "0" * 32, "From": CITIZEN, "To": OURS, "Body": "x"})
    kind = "application/x-www-form-urlencoded"
    assert town.town.client.post(path, data=body, content_type=kind).status_code == 403
    wrong = {"X-Twilio-Signature": sign("http://127.0.0.1:8000" + path, body.encode(), "x" * 32)}
    assert town.town.client.post(path, data=body, content_type=kind, headers=wrong).status_code == 403
    assert {row.reason for row in db.session.query(HookRefused)} == {"missing", "mismatch"}
    assert not db.session.query(Inbound).all()


def test_the_carrier_is_answered_with_nothing_to_say(town):
    path = f"/hooks/sms/{town.sms.id}/message/inbound"
    body = urlencode({"MessageSid": "SM" + "0" * 32, "From": CITIZEN, "To": OURS, "Body": "x", "NumMedia": "0"})
    signed = {"X-Twilio-Signature": sign("http://127.0.0.1:8000" + path, body.encode(), TOKEN)}
    kind = "application/x-www-form-urlencoded"
    told = town.town.client.post(path, data=body, content_type=kind, headers=signed)
    assert (told.status_code, told.mimetype) == (200, "text/xml")
    assert told.data.endswith(b"<Response/>")


def test_an_answer_goes_by_text_and_shows_how_far_it_got(town):
    town.writes("Ο κάδος έχει σπάσει.")
    number = all_tickets()[0].id
    message = answer(town, number)
    assert message.channel == "sms"
    town.wait(40)
    [sent] = town.out("Το φτιάχνουμε")
    assert sent.body == "Το φτιάχνουμε αύριο."
    assert said(number)[-1].delivery_state == "delivered"
    town.writes("Ευχαριστώ!")
    assert said(number)[-1].text == "Ευχαριστώ!"


def test_states_never_lead_back_whatever_the_order_and_a_strange_one_is_kept(town):
    town.writes("Ο κάδος έχει σπάσει.")
    number = all_tickets()[0].id
    sid, key = db.session.execute(select(TextMessage.sid, TextMessage.key)).one()
    for state in ("delivered", "sent", "queued", "on-the-moon", "sending", "delivered"):
        body = urlencode({"MessageSid": sid, "MessageStatus": state}).encode()
        tiding = CHANNEL.tiding(Hook(f"message/status/{key}", body))
        texts.report(accounts.book().by_id[town.sms.id], tiding, at=town.town.now)
    assert said(number)[-1].delivery_state == "delivered"
    kept = db.session.execute(select(TextReport.state).where(TextReport.sid == sid)).scalars().all()
    assert sorted(kept) == ["delivered", "on-the-moon", "queued", "sending", "sent"]


def test_what_the_carrier_could_not_deliver_goes_by_letter_and_says_why(town):
    town.writes("Ο κάδος έχει σπάσει.")
    with_email(CITIZEN, "maria@example.org")
    number = all_tickets()[0].id
    town.network.phones[CITIZEN] = Phone(fails=True)
    answer(town, number)
    town.wait(60)
    last = said(number)[-1]
    assert (last.channel, last.delivery_state) == ("email", "sent")
    assert "way_changed" in facts(number)
    assert not faults(town.town.now)


def test_without_another_way_it_came_back_and_stands_among_the_undelivered(town):
    town.writes("Ο κάδος έχει σπάσει.")
    number = all_tickets()[0].id
    town.network.phones[CITIZEN] = Phone(fails=True)
    answer(town, number)
    town.wait(60)
    last = said(number)[-1]
    assert last.delivery_state == "bounced" and last.delivery_detail.startswith("30003")


@pytest.mark.parametrize("word", ["STOP", "ΣΤΟΠ", "στοπ!", "Διακοπή", "Τέλος."])
def test_who_wants_none_gets_none_until_they_want_it_again(town, word):
    town.writes("Ο κάδος έχει σπάσει.")
    number = all_tickets()[0].id
    town.writes(word)
    assert "texts_declined" in facts(number)
    assert len(said(number)) == 2
    message = answer(town, number)
    town.wait(40)
    assert not town.out("Το φτιάχνουμε")
    assert said(message.ticket_id)[-1].delivery_state is None
    with pytest.raises(Invalid, match="asked for no messages"):
        answer(town, number, by="sms")
    town.writes("START")
    town.writes("ΕΝΑΡΞΗ")
    assert facts(number).count("texts_accepted") == 1
    answer(town, number, "Καλώς ήρθατε πάλι.")
    town.wait(40)
    assert len(town.out("Καλώς")) == 1


def test_stop_of_a_stranger_opens_no_request(town):
    town.writes("STOP")
    assert not all_tickets()
    assert db.session.query(Inbound).one().outcome == "settled"
    assert not faults(town.town.now)


def test_an_opt_out_that_only_the_carrier_knows_is_learnt_from_its_refusal(town):
    town.writes("Ο κάδος έχει σπάσει.")
    number = all_tickets()[0].id
    town.network.stopped.add((OURS, CITIZEN))
    answer(town, number)
    town.wait(40)
    last = said(number)[-1]
    assert last.delivery_state == "refused" and last.delivery_detail.startswith("21610")
    answer(town, number, "Ακόμη κάτι.")
    assert said(number)[-1].delivery_state is None


def test_what_is_too_long_or_leads_elsewhere_is_not_sent(town):
    town.writes("Ο κάδος έχει σπάσει.")
    number = all_tickets()[0].id
    with pytest.raises(Invalid, match="too long"):
        answer(town, number, "λόγια " * 100)
    with pytest.raises(Invalid, match="links to our own"):
        answer(town, number, "Δείτε https://evil.example/x")
    answer(town, number, "Δείτε http://127.0.0.1:8000/el/help")


def test_a_restricted_request_says_nothing_of_its_contents(town):
    town.writes("Ο κάδος έχει σπάσει.")
    number = all_tickets()[0].id
    db.session.execute(text("update ticket set restricted = true"))
    db.session.expire_all()
    answer(town, number, "Η διάγνωσή σας είναι εδώ.")
    town.wait(40)
    assert not town.out("διάγνωσή")
    [sent] = town.out("νέο")
    assert str(number) in sent.body


def test_whoever_has_only_a_number_hears_by_text_and_whoever_has_an_address_by_letter(town):
    for phone, email in ((CITIZEN, None), ("+306944123459", "nikos@example.org")):
        person = a_person(phone=phone, email=email)
        ticket = a_ticket(requester_id=person.id, department_id=town.town.department.id, channel="phone")
        answer(town, ticket.id)
    town.wait(40)
    assert [one.to for one in town.out("Το φτιάχνουμε")] == [CITIZEN]


def test_a_land_line_or_a_dear_number_is_never_written_to(town):
    for phone in ("+302103214567", "+309011234567", "+442079460000"):
        person = a_person(phone=phone, email=None)
        ticket = a_ticket(requester_id=person.id, department_id=town.town.department.id, channel="phone")
        assert answer(town, ticket.id).delivery_state is None
    town.wait(40)
    assert not town.out()


def test_whatsapp_takes_free_words_for_a_day_and_then_the_next_way_is_taken(town):
    town.writes("Ο κάδος έχει σπάσει.", prefix=WHATSAPP)
    number = all_tickets()[0].id
    assert town.out()[0].to == WHATSAPP + CITIZEN
    answer(town, number, "Σήμερα.")
    town.wait(40)
    assert said(number)[-1].delivery_state == "read"
    town.network.now += timedelta(hours=25).total_seconds()
    with pytest.raises(Invalid, match="approved words"):
        answer(town, number, "Αύριο.", by="whatsapp")
    assert answer(town, number, "Αύριο.").channel == "sms"


def test_approved_words_reach_whatsapp_at_any_time(town):
    town.writes("Ο κάδος έχει σπάσει.", prefix=WHATSAPP)
    number = all_tickets()[0].id
    words = {"names": '{"el": "Νέα", "en": "News"}', "words": "Νέα για το αίτημα {{1}}: {{2}}", "at": town.town.now}
    made = db.session.execute(
        text(
            "insert into text_template (names, language, content_sid, words, changed_at)"
            " values (:names, 'el', :sid, :words, :at) returning id"
        ),
        words | {"sid": "HX" + "a" * 32},
    ).scalar_one()
    db.session.commit()
    town.network.now += timedelta(hours=25).total_seconds()
    with pytest.raises(Invalid, match="every gap"):
        answer(town, number, "", approved=made, values=["1"])
    message = answer(town, number, "", approved=made, values=[str(number), "έτοιμο"])
    assert message.text == f"Νέα για το αίτημα {number}: έτοιμο"
    town.wait(40)
    [sent] = [one for one in town.out() if one.content_sid]
    assert sent.status == "read" and said(number)[-1].delivery_state == "read"


def test_where_the_carriers_clock_says_that_the_day_is_over_it_counts(town):
    town.writes("Ο κάδος έχει σπάσει.", prefix=WHATSAPP)
    number = all_tickets()[0].id
    town.network.heard.clear()
    answer(town, number)
    town.wait(60)
    last = said(number)[-1]
    assert last.delivery_state == "bounced" and last.delivery_detail.startswith("63016")
    assert answer(town, number, "Ξανά.").channel == "sms"


def test_too_many_to_one_number_are_not_sent_and_the_days_money_is_never_overspent(town):
    town.writes("Ο κάδος έχει σπάσει.")
    number = all_tickets()[0].id
    house.keep(limits.KEY, {"to_one_a_day": 3}, town.town.now)
    for n in range(4):
        answer(town, number, f"Νέα {n}.")
    town.wait(60)
    assert len(town.out("Νέα")) == 2
    house.keep(limits.KEY, {"parts_a_day": 3, "to_one_a_day": 100}, town.town.now)
    answer(town, number, "Άλλα.")
    town.wait(60)
    assert not town.out("Άλλα") and said(number)[-1].delivery_state == "waiting"
    town.network.now += timedelta(days=1).total_seconds()
    town.wait(10)
    assert len(town.out("Άλλα")) == 1


def test_a_reply_taken_back_in_time_is_never_sent(town):
    town.writes("Ο κάδος έχει σπάσει.")
    message = answer(town, all_tickets()[0].id)
    replies.withdraw(town.agent, message.id, at=town.town.now)
    town.wait(60)
    assert not town.out("Το φτιάχνουμε")
    assert db.session.get(Message, message.id).delivery_state == "withdrawn"


def test_a_worker_that_died_in_between_sends_nothing_twice(town):
    town.writes("Ο κάδος έχει σπάσει.")
    number = all_tickets()[0].id
    answer(town, number)
    town.network.now += 31
    row, _ = delivery._begin(town.town.now)
    assert row.payload["text"] == "Το φτιάχνουμε αύριο."
    town.network.now += settlement.FORGOTTEN.total_seconds() + 1
    outbox.sweep(town.town.now)
    assert said(number)[-1].delivery_state == "unknown"
    town.wait(900, step=30)
    assert not town.out("Το φτιάχνουμε")
    assert said(number)[-1].delivery_state == "refused"


def test_numbers_are_forgotten_in_their_time_but_not_who_wants_no_messages(town):
    town.writes("Ο κάδος έχει σπάσει.")
    town.wait(10)
    town.writes("Η λάμπα δεν ανάβει.", "+306944123457")
    town.writes("STOP", "+306944123457")
    later = town.town.now + timedelta(days=200)
    upkeep.forget(later)
    numbers = db.session.execute(text("select number from text_contact")).scalars().all()
    assert numbers == ["+306944123457"]
    assert not any(db.session.execute(select(TextMessage.number)).scalars())
    assert not db.session.query(TextReport).all()
