"""The journal: collected, written at once, followed by reactions, and never changed."""

from collections.abc import Sequence

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.events import NoteAdded, TicketOpened, TicketResolved, TicketRouted
from helpdesk.permissions import SYSTEM
from helpdesk.services import journal
from tests.builders import NOON, a_ticket

pytestmark = pytest.mark.usefixtures("session")


def test_facts_stand_in_the_journal_in_the_order_they_were_stated():
    ticket = a_ticket()
    journal.record(ticket.id, NoteAdded(message_id=7), SYSTEM, NOON)
    journal.record(ticket.id, TicketResolved(code="solved"), SYSTEM, NOON)
    ground.commit()
    stated = [fact.event for fact in journal.of(ticket.id) if not fact.type.startswith("clock")]
    assert [type(event).__name__ for event in stated] == ["TicketOpened", "NoteAdded", "TicketResolved"]
    assert stated[1] == NoteAdded(message_id=7)


def test_reactions_get_all_facts_of_a_flush_at_once_and_may_state_more(monkeypatch):
    seen: list[int] = []

    def react(facts: Sequence[journal.Recorded]) -> None:
        seen.append(len(facts))
        for fact in facts:
            journal.record(fact.ticket_id, TicketResolved(code="solved"), SYSTEM, NOON)

    ticket = a_ticket()
    monkeypatch.setitem(journal.REACTIONS, NoteAdded, (react,))
    journal.record(ticket.id, NoteAdded(message_id=1), SYSTEM, NOON)
    journal.record(ticket.id, NoteAdded(message_id=2), SYSTEM, NOON)
    ground.commit()
    assert seen == [2]
    assert [fact.type for fact in journal.of(ticket.id)].count("ticket_resolved") == 2


@pytest.mark.parametrize(
    "statement", ["update ticket_event set type = 'x'", "delete from ticket_event", "truncate ticket_event cascade"]
)
def test_the_database_refuses_to_change_the_journal(statement):
    a_ticket()
    with pytest.raises(IntegrityError, match="append-only"):
        db.session.execute(text(statement))


def test_erasure_by_law_leaves_a_tombstone():
    ticket = a_ticket()
    before = len(journal.of(ticket.id))
    gone = db.session.execute(text("select erase_journal(:id, 'request', :at)"), {"id": ticket.id, "at": NOON}).scalar()
    left = db.session.execute(text("select events from journal_tombstone where ticket_id = :id"), {"id": ticket.id})
    assert gone == before == left.scalar()
    assert journal.of(ticket.id) == []


def test_a_savepoint_that_fails_takes_its_facts_with_it_and_leaves_the_others():
    ticket = a_ticket()
    journal.record(ticket.id, NoteAdded(message_id=1), SYSTEM, NOON)
    with pytest.raises(ZeroDivisionError), ground.savepoint():
        journal.record(ticket.id, NoteAdded(message_id=2), SYSTEM, NOON)
        raise ZeroDivisionError
    ground.commit()
    assert [fact.event for fact in journal.of(ticket.id) if fact.type == "note_added"] == [NoteAdded(message_id=1)]


def test_an_event_reads_back_as_it_was_written():
    opened = TicketOpened(channel="email", received_at=NOON.isoformat(), message_id=3)
    assert TicketOpened.from_data(opened.data()) == opened


def test_an_event_about_nobody_reads_back_too():
    routed = TicketRouted(by="triage", department_id=None)
    assert TicketRouted.from_data(routed.data()) == routed
