"""A conversation by chat is a request from the first word meant for a person, and reaches somebody who is there."""

from collections import Counter
from datetime import timedelta

import pytest

from helpdesk.db import db
from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.models.tickets import Message
from helpdesk.services import assignment, chats, dialogue, invariants, journal, presence, replies
from helpdesk.services.chats import Key
from helpdesk.services.dialogue import Choice, HandOver, Partner, Said, Source
from helpdesk.services.notices import NewFile
from helpdesk.vocabulary import ChatState
from tests.builders import NOON, a_department, a_supervisor, an_account
from tests.services.chatting import SECOND, a_chat, accepted, row_of, said, ticket_of
from tests.services.crew import a_member

pytestmark = pytest.mark.usefixtures("rules")

MIDNIGHT = NOON.replace(hour=22)


@pytest.fixture(autouse=True)
def no_bot():
    before = list(dialogue._partners)
    dialogue._partners.clear()
    yield
    dialogue._partners[:] = before


def kinds(key):
    return [fact.type for fact in journal.of(row_of(key).ticket_id)]


def test_the_first_word_opens_a_request_of_the_chosen_department_and_tells_its_number():
    place = a_department()
    a_member(place)
    key = a_chat(place, name="Άννα", email="anna@example.org")
    ticket = ticket_of(key)
    assert (ticket.channel, ticket.department_id, ticket.subject) == ("chat", place.id, "Ο κάδος ξεχείλισε.")
    assert ticket.requester_id is not None
    assert said(key) == [("citizen", "Ο κάδος ξεχείλισε."), ("house", "number"), ("house", "queued")]
    assert row_of(key).state == ChatState.QUEUED and row_of(key).email == ""


def test_it_is_offered_to_somebody_present_who_accepts_and_has_the_request():
    place = a_department()
    agent = a_member(place)
    key = a_chat(place)
    assert accepted(agent) == key.id
    chat, ticket = row_of(key), ticket_of(key)
    assert (chat.state, chat.agent_id, ticket.assignee_id) == ("active", agent.id, agent.id)
    assert "chat_answered" in kinds(key) and said(key)[-1] == ("house", "joined")


def test_what_is_said_on_both_sides_stands_in_the_request_once_and_answers_it():
    place = a_department()
    agent = a_member(place)
    key = a_chat(place)
    accepted(agent)
    chats.answer(agent, key.id, "Στέλνω συνεργείο.", at=NOON + SECOND)
    chats.say(key, "Ευχαριστώ!", at=NOON + 2 * SECOND)
    ticket = ticket_of(key)
    rows = db.session.query(Message).filter_by(ticket_id=ticket.id).order_by(Message.id).all()
    told = [(row.direction, row.channel, row.text) for row in rows if row.automatic is None]
    assert told == [
        ("inbound", "chat", "Ο κάδος ξεχείλισε."), ("outbound", "chat", "Στέλνω συνεργείο."),
        ("inbound", "chat", "Ευχαριστώ!"),
    ]  # fmt: skip
    assert ticket.first_response_at == NOON + SECOND
    assert [line.text for line in chats.lines(key.id, 0) if line.text] == [text for _, _, text in told]


def test_the_same_line_sent_twice_is_one_line_with_one_number():
    place = a_department()
    agent = a_member(place)
    key = a_chat(place)
    accepted(agent)
    first = chats.say(key, "Ναι", client_id="c1", at=NOON + SECOND)
    again = chats.say(key, "Ναι", client_id="c1", at=NOON + 9 * SECOND)
    assert (again.seq, again.at, again.again) == (first.seq, first.at, True)
    mine = chats.answer(agent, key.id, "Εντάξει", client_id="a1", at=NOON + 10 * SECOND)
    assert chats.answer(agent, key.id, "Εντάξει", client_id="a1", at=NOON + 11 * SECOND).seq == mine.seq
    assert [line.seq for line in chats.lines(key.id, 0)] == list(range(1, mine.seq + 1))


def test_who_comes_back_reads_every_line_after_the_last_they_have():
    place = a_department()
    key = a_chat(place)
    known = row_of(key).seq
    chats.say(key, "Ακόμη κάτι", at=NOON + SECOND)
    standing, lines = chats.resume(key, known, NOON + SECOND)
    assert [line.text for line in lines] == ["Ακόμη κάτι"] and standing.seq == known + 1
    assert standing.number == ticket_of(key).id


def test_another_token_knows_of_no_conversation():
    key = a_chat(a_department())
    stranger = Key(key.id, "x" * 43)
    for act in (lambda: chats.resume(stranger, 0, NOON), lambda: chats.say(stranger, "Εγώ", at=NOON),
                lambda: chats.end(stranger, NOON)):  # fmt: skip
        with pytest.raises(NotFound):
            act()


@pytest.mark.parametrize("when", [NOON, MIDNIGHT])
def test_where_nobody_answers_it_is_a_request_all_the_same_and_says_so(when):
    place = a_department()
    if when == MIDNIGHT:
        a_member(place, at=MIDNIGHT)
    key = a_chat(place, at=when)
    assert row_of(key).state == ChatState.LEFT and ticket_of(key).department_id == place.id
    assert said(key)[-1] == ("house", "nobody") and "chat_left" in kinds(key)


def test_who_left_a_word_at_night_and_writes_in_the_morning_waits_for_somebody():
    place = a_department()
    key = a_chat(place)
    agent = a_member(place)
    chats.say(key, "Είστε εκεί;", at=NOON + SECOND)
    assert row_of(key).state == ChatState.QUEUED
    accepted(agent, NOON + SECOND)


def test_a_request_without_a_department_is_offered_wherever_somebody_is():
    agent = a_member(a_department())
    key = a_chat(None, text="Καλημέρα")
    assert accepted(agent) == key.id


def test_what_was_declined_is_offered_to_the_next():
    place = a_department()
    crew = [a_member(place), a_member(place)]
    key = a_chat(place)
    (offer,) = [one for member in crew for one in assignment.open_for(member.id, NOON)]
    first = next(member for member in crew if member.id == offer.person_id)
    assignment.decline(first, offer.id, at=NOON)
    chats.tick(NOON + SECOND)
    (second,) = [member for member in crew if member.id != first.id]
    assert accepted(second, NOON + SECOND) == key.id


def test_an_accepted_chat_takes_capacity_until_it_ends():
    place = a_department()
    agent = a_member(place, capacity=5)
    first = a_chat(place)
    accepted(agent)
    second = a_chat(place)
    assert row_of(second).state == ChatState.QUEUED and not assignment.open_for(agent.id, NOON)
    chats.end_for_staff(agent, first.id, at=NOON + SECOND)
    later = NOON + timedelta(minutes=2)
    presence.seen(agent.id, later)
    chats.citizen_seen(second.id, later)
    db.session.query(type(ticket_of(first))).filter_by(id=ticket_of(first).id).update({"status": "resolved"})
    chats.tick(later)
    assert accepted(agent, later) == second.id


def test_the_queue_tells_a_place_and_a_range_of_waits_only_where_enough_was_measured():
    place = a_department()
    a_member(place, capacity=4)
    keys = [a_chat(place, at=NOON + n * SECOND) for n in range(3)]
    waits = [chats.standing(key, NOON + 5 * SECOND).wait for key in keys]
    assert [wait.position for wait in waits] == [1, 2, 3] and waits[0].shortest is None


def test_an_agent_without_a_sign_of_life_is_replaced_and_the_citizen_is_told():
    place = a_department()
    gone, other = a_member(place), a_member(place)
    key = a_chat(place)
    (offer,) = [one for member in (gone, other) for one in assignment.open_for(member.id, NOON)]
    if offer.person_id != gone.id:
        gone, other = other, gone
    accepted(gone)
    at = NOON + timedelta(seconds=31)
    chats.citizen_seen(key.id, at)
    presence.leave(gone.id, at)
    chats.tick(at)
    assert ("house", "agent_lost") in said(key) and accepted(other, at) == key.id
    assert kinds(key).count("chat_broke_off") == 1


def test_an_agent_whose_desk_is_open_keeps_the_conversation():
    place = a_department()
    agent = a_member(place)
    key = a_chat(place)
    accepted(agent)
    at = NOON + timedelta(seconds=25)
    chats.agent_seen(agent.id, at)
    chats.tick(NOON + timedelta(seconds=50))
    assert row_of(key).agent_id == agent.id


def test_a_citizen_who_is_gone_for_long_holds_nobody_up_and_goes_on_where_they_were():
    place = a_department()
    agent = a_member(place)
    key = a_chat(place)
    accepted(agent)
    at = NOON + timedelta(minutes=11)
    presence.seen(agent.id, at)
    chats.agent_seen(agent.id, at)
    chats.tick(at)
    assert row_of(key).state == ChatState.PAUSED and row_of(key).agent_id is None
    chats.say(key, "Εδώ είμαι πάλι", at=at + SECOND)
    assert ("house", "resumed") in said(key) and accepted(agent, at + SECOND) == key.id


def test_passed_on_to_another_department_it_waits_there_with_all_that_was_said():
    here, there = a_department(), a_department()
    agent, expert = a_member(here), a_member(there)
    key = a_chat(here)
    accepted(agent)
    chats.pass_on(agent, key.id, there.id, "Δικό τους", at=NOON + SECOND)
    assert ticket_of(key).department_id == there.id and said(key)[-1] == ("house", "passed_on")
    assert accepted(expert, NOON + SECOND) == key.id
    assert ("citizen", "Ο κάδος ξεχείλισε.") in said(key)


def test_a_supervisor_whispers_unseen_and_takes_over():
    place = a_department()
    agent, boss = a_member(place), a_supervisor(place)
    key = a_chat(place)
    accepted(agent)
    chats.whisper(boss, key.id, "Πες τους για την αποκομιδή της Πέμπτης.", at=NOON + SECOND)
    assert all("Πέμπτης" not in text for _, text in said(key))
    assert [note.text for note in chats.notes(key.id)] == ["Πες τους για την αποκομιδή της Πέμπτης."]
    chats.take_over(boss, key.id, at=NOON + SECOND)
    assert row_of(key).agent_id == boss.id
    with pytest.raises(Stale):
        chats.answer(agent, key.id, "Εγώ", at=NOON + 2 * SECOND)
    chats.answer(boss, key.id, "Εγώ", at=NOON + 2 * SECOND)


def test_whom_nobody_could_answer_can_be_answered_in_the_chat_later():
    place = a_department()
    key = a_chat(place)
    agent = a_member(place)
    chats.take_over(agent, key.id, at=NOON + SECOND)
    chats.answer(agent, key.id, "Τώρα είμαι εδώ.", at=NOON + SECOND)
    assert said(key)[-2:] == [("house", "joined"), ("agent", "Τώρα είμαι εδώ.")]
    chats.end_for_staff(agent, key.id, at=NOON + SECOND)
    with pytest.raises(Stale):
        chats.take_over(agent, key.id, at=NOON + SECOND)


def test_a_colleague_may_not_take_it_from_who_has_it():
    place = a_department()
    agent = a_member(place)
    key = a_chat(place)
    accepted(agent)
    with pytest.raises(Forbidden):
        chats.take_over(a_member(place), key.id, at=NOON)


def test_who_says_more_after_the_end_says_it_on_the_same_request():
    place = a_department()
    agent = a_member(place)
    key = a_chat(place)
    accepted(agent)
    chats.end_for_staff(agent, key.id, at=NOON)
    number = row_of(key).ticket_id
    later = NOON + timedelta(minutes=5)
    presence.seen(agent.id, later)
    chats.say(key, "Κάτι ακόμη", at=later)
    assert (row_of(key).ticket_id, row_of(key).state) == (number, ChatState.QUEUED)


def test_an_answer_on_the_request_is_read_in_the_conversation_of_who_gave_no_address():
    place = a_department()
    key = a_chat(place)
    agent = a_member(place)
    replies.reply(agent, row_of(key).ticket_id, "Το βλέπουμε αύριο.", at=NOON + SECOND)
    assert said(key)[-1] == ("agent", "Το βλέπουμε αύριο.")


def test_a_letter_is_read_in_the_conversation_only_once_it_has_left():
    an_account()
    place = a_department()
    key = a_chat(place, email="maria@example.org")
    agent = a_member(place)
    replies.reply(agent, row_of(key).ticket_id, "Το βλέπουμε αύριο.", at=NOON + SECOND)
    assert ("agent", "Το βλέπουμε αύριο.") not in said(key)


def test_an_address_that_comes_late_belongs_to_the_request_from_then_on():
    key = a_chat(a_department(), name="Άννα")
    chats.reach_by(key, "Anna@Example.org", "Άννα", NOON)
    assert chats.standing(key, NOON).knows_address
    with pytest.raises(Stale):
        chats.reach_by(key, "other@example.org", "", NOON)
    with pytest.raises(Invalid):
        chats.reach_by(key, "nonsense", "", NOON)


def test_files_come_with_a_line_and_open_only_with_its_key():
    key = a_chat(a_department(), files=[NewFile("photo.png", "image/png", b"\x89PNG\r\n\x1a\n")])
    (file,) = chats.lines(key.id, 0)[0].files
    assert chats.file(key, file.id, NOON).name == "photo.png"
    with pytest.raises(NotFound):
        chats.file(a_chat(a_department()), file.id, NOON)


def test_too_much_from_one_place_or_in_one_conversation_is_refused():
    place = a_department()
    for _ in range(12):
        key = a_chat(place, visitor="here")
    with pytest.raises(chats.Crowded):
        a_chat(place, visitor="here")
    a_chat(place, visitor="elsewhere")
    for n in range(29):
        chats.say(key, f"γραμμή {n}", at=NOON + SECOND)
    with pytest.raises(chats.Crowded):
        chats.say(key, "άλλη μία", at=NOON + SECOND)


def test_who_was_kept_out_opens_no_conversation_until_let_in_again():
    place = a_department()
    agent = a_member(place)
    key = a_chat(place, visitor="rude")
    accepted(agent)
    chats.block(agent, key.id, "insults", hours=2, at=NOON)
    with pytest.raises(Forbidden):
        a_chat(place, visitor="rude", at=NOON + SECOND)
    a_chat(place, visitor="rude", at=NOON + timedelta(hours=3))
    chats.unblock(agent, key.id, NOON + SECOND)
    a_chat(place, visitor="rude", at=NOON + 2 * SECOND)
    with pytest.raises(Invalid):
        chats.block(agent, key.id, "dislike", at=NOON)


def parrot(hand_over_at="agent"):
    asked = []

    def answer(spoken, words, at):
        asked.append(words)
        if words == hand_over_at:
            return Said(("Σας συνδέω.",), hand_over=HandOver("asked", summary="Ζήτησε άνθρωπο."))
        if words == "ναι":
            return Said(("Χαίρομαι.",), solved=True)
        sources = (Source("Ογκώδη", "/el/help/bulky"),)
        return Said((f"Για «{words}»:",), (Choice("yes", "ναι"),), sources, kept={"n": len(asked)})

    def greet(spoken, at):
        return Said(("Είμαι ένα αυτόματο σύστημα.",))

    dialogue.register(Partner(lambda department: True, greet, answer))
    return asked


def test_the_bot_speaks_first_and_a_conversation_that_it_solves_is_no_request():
    parrot()
    key = a_chat(a_department(), text="ογκώδη")
    assert said(key) == [
        ("bot", "Είμαι ένα αυτόματο σύστημα."), ("citizen", "ογκώδη"), ("bot", "Για «ογκώδη»:")
    ]  # fmt: skip
    line = chats.lines(key.id, 0)[-1]
    assert line.data["choices"] == [{"key": "yes", "text": "ναι"}]
    assert line.data["sources"][0]["link"] == "/el/help/bulky"
    chats.say(key, "ναι", choice="yes", at=NOON + SECOND)
    assert row_of(key).state == ChatState.SOLVED and row_of(key).ticket_id is None


def test_after_the_hand_over_the_bot_is_never_asked_again_and_its_words_stand_in_the_request():
    asked = parrot()
    place = a_department()
    a_member(place)
    key = a_chat(place, text="ογκώδη απορρίμματα σε ποιον δρόμο")
    chats.say(key, "agent", at=NOON + SECOND)
    chats.say(key, "ακόμη εδώ", at=NOON + 2 * SECOND)
    assert asked == ["ογκώδη απορρίμματα σε ποιον δρόμο", "agent"]
    ticket = ticket_of(key)
    assert ticket.subject == "ογκώδη απορρίμματα σε ποιον δρόμο"
    rows = db.session.query(Message).filter_by(ticket_id=ticket.id, audience="public")
    assert Counter(row.automatic for row in rows) == {"bot": 3, None: 3}
    assert ticket.first_response_at is None
    assert [line[0] for line in said(key)][:5] == ["bot", "citizen", "bot", "citizen", "bot"]
    assert [note.text for note in chats.notes(key.id)] == ["Ζήτησε άνθρωπο."]


def test_the_check_of_the_whole_finds_a_conversation_that_lost_a_line():
    key = a_chat(a_department())
    assert not [fault for fault in invariants.broken(NOON) if fault.thing == f"chat {key.id}"]
    db.session.execute(db.text("delete from chat_line where chat_id = :id and seq = 2"), {"id": key.id})
    faults = [fault.what for fault in invariants.broken(NOON) if fault.thing == f"chat {key.id}"]
    assert faults == ["has 2 lines, its last is 3"]
