"""A refused move leaves the ticket as it was and a fact behind, once a minute, for who may know of the ticket."""

from datetime import timedelta

import pytest

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Forbidden, HelpdeskError, NotFound, Stale
from helpdesk.models.clocks import TicketClock
from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services import journal, refusals, replies, tickets, transitions
from helpdesk.services.transitions import Condition
from helpdesk.vocabulary import ActorKind
from tests.builders import NOON, a_citizen, a_department, an_agent
from tests.services.moves import marks

pytestmark = pytest.mark.usefixtures("body")

LATER = NOON + timedelta(hours=1)


def refused(ticket):
    return [fact for fact in journal.of(ticket.id) if fact.type == "move_refused"]


def tried(actor, ticket, verb="close", at=LATER, **given):
    ground.commit()
    with pytest.raises(HelpdeskError):
        tickets.VERBS[verb](actor, ticket.id, **given, at=at)


def test_what_was_tried_is_on_record_and_nothing_else_is(agent, ticket):
    ground.commit()
    before, clocks = marks(ticket), db.session.query(TicketClock.next_step_at).all()
    tried(agent, ticket)
    [fact] = refused(ticket)
    assert (fact.event.verb, fact.event.code, fact.event.fields) == ("close", "illegal-move", [])
    assert (fact.actor_id, fact.at) == (agent.id, LATER)
    assert marks(ticket) == before
    assert db.session.query(TicketClock.next_step_at).all() == clocks


def test_the_missing_field_is_named_and_its_content_is_not(agent, ticket):
    tried(agent, ticket, "resolve", code="Κωστής Παππάς", text="Μυστικό")
    [fact] = refused(ticket)
    assert fact.event.fields == ["code"]
    assert "Παππάς" not in str(fact.event.data()) and "Μυστικό" not in str(fact.event.data())


def test_the_same_refusal_is_recorded_once_a_minute(agent, ticket):
    for second in (0, 1, 30, 59):
        tried(agent, ticket, at=LATER + timedelta(seconds=second))
    assert len(refused(ticket)) == 1
    tried(agent, ticket, at=LATER + timedelta(seconds=61))
    tried(agent, ticket, "reopen", at=LATER + timedelta(seconds=61), reason="x")
    assert len(refused(ticket)) == 3


def test_nobody_can_flood_a_journal(agent, ticket):
    for minute in range(refusals.MOST + 5):
        tried(agent, ticket, at=LATER + timedelta(minutes=minute, seconds=minute))
    assert len(refused(ticket)) == refusals.MOST


def test_who_may_read_and_not_change_is_on_record_and_who_may_not_know_is_not(ticket):
    stranger = an_agent(a_department())
    ground.commit()
    with pytest.raises(Forbidden):
        tickets.take(stranger, ticket.id)
    assert [fact.event.code for fact in refused(ticket)] == ["forbidden"]
    ticket.restricted = True
    ground.commit()
    for outsider in (stranger, Actor(ActorKind.CITIZEN, a_citizen().id)):
        with pytest.raises(NotFound):
            tickets.reopen(outsider, ticket.id, "x")
    refusals.keep(stranger, ticket.id, "take", Stale("x"))
    assert len(refused(ticket)) == 1


def test_the_clock_that_comes_too_late_leaves_no_trace(ticket):
    tried(SYSTEM, ticket)
    assert refused(ticket) == []


def test_a_refused_move_takes_its_reply_back_and_is_on_record(agent, ticket):
    ground.commit()
    before = [fact.type for fact in journal.of(ticket.id)]
    with pytest.raises(HelpdeskError):
        replies.reply(agent, ticket.id, "Έγινε.", then="close", at=LATER)
    assert [fact.type for fact in journal.of(ticket.id)] == [*before, "move_refused"]


def test_a_room_adds_a_condition_and_its_refusal_names_what_is_missing(agent, ticket, monkeypatch):
    def review(case):
        return {"review": "is needed"} if case.ticket.major else None

    added = Condition("review-missing", frozenset({"close"}), "Save the review first.", review)
    monkeypatch.setitem(transitions.CONDITIONS, added.code, added)
    ticket.major = True
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=LATER)
    tried(agent, ticket)
    [fact] = refused(ticket)
    assert (fact.event.code, fact.event.fields) == ("review-missing", ["review"])
    ticket.major = False
    ground.commit()
    assert tickets.close(agent, ticket.id, at=LATER).status == "closed"
