"""Nothing to answer, documents that are missing, a deadline extended once, calls promised and made."""

from datetime import timedelta

import pytest

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Stale
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Message
from helpdesk.services import callbacks, invariants, journal, records, replies, tickets
from tests.builders import NOON, a_department, a_ticket, an_agent
from tests.services.moves import kinds

pytestmark = pytest.mark.usefixtures("body")

LATER = NOON + timedelta(hours=1)
AFTER = LATER + timedelta(hours=1)


@pytest.fixture
def agent():
    return an_agent(a_department(key="registry"))


@pytest.fixture
def ticket(agent):
    [department_id] = agent.departments
    found = a_ticket(department_id=department_id)
    ground.commit()
    return found


def last(number: int):
    ground.flush_pending()
    return [fact.event for fact in journal.of(number) if not fact.type.startswith("clock")][-1]


def letter(number: int, template: str) -> str:
    ground.commit()
    [row] = db.session.query(Outbound).filter_by(ticket_id=number, template=template)
    return row.payload["text"]


def test_a_thank_you_wants_no_answer_and_the_agent_says_so(agent, ticket, citizen):
    replies.reply(agent, ticket.id, "Έγινε η διόρθωση.", at=NOON)
    replies.citizen_writes(citizen, ticket.id, "Ευχαριστώ πολύ!", at=LATER)
    tickets.no_reply_needed(agent, ticket.id, "thanks", at=AFTER)
    assert last(ticket.id).data() == {"reason": "thanks"}


def test_the_note_beside_it_is_kept_internally(agent, ticket, citizen):
    tickets.no_reply_needed(agent, ticket.id, "other", "Το είπαμε στο τηλέφωνο.", at=AFTER)
    assert db.session.get(Message, last(ticket.id).message_id).audience == "internal"


def test_where_we_spoke_last_there_is_nothing_to_answer(agent, ticket):
    replies.reply(agent, ticket.id, "Έγινε η διόρθωση.", at=NOON)
    with pytest.raises(Stale) as refused:
        tickets.no_reply_needed(agent, ticket.id, "thanks", at=LATER)
    assert refused.value.code == "nothing-to-answer"


def test_missing_documents_are_told_and_waited_for(agent, ticket):
    until = LATER + timedelta(days=10)
    tickets.mark_incomplete(agent, ticket.id, "Λείπει η ταυτότητα.", until, at=LATER)
    assert (ticket.status, ticket.waiting_reason, ticket.waiting_until) == (
        "waiting_requester", "needs_document", until
    )  # fmt: skip
    assert records.ticket(agent, ticket.id)["incomplete_since"] == LATER
    assert "Λείπει η ταυτότητα." in letter(ticket.id, "incomplete")
    assert {"application_incomplete", "status_changed"} <= set(kinds(ticket))
    assert [
        fault for fault in invariants.broken(LATER) if "ticket" in fault.thing and "answers" not in fault.what
    ] == []


def test_an_answer_ends_the_waiting_and_completes_nothing(agent, ticket, citizen):
    tickets.mark_incomplete(agent, ticket.id, "Λείπει η ταυτότητα.", at=LATER)
    replies.citizen_writes(citizen, ticket.id, "Ορίστε.", at=AFTER)
    db.session.refresh(ticket)
    assert (ticket.status, ticket.incomplete_since) == ("open", LATER)
    with pytest.raises(Stale):
        tickets.mark_incomplete(agent, ticket.id, "Και κάτι ακόμη.", at=AFTER)
    tickets.mark_complete(agent, ticket.id, at=AFTER)
    assert (ticket.status, ticket.incomplete_since) == ("open", None)
    assert kinds(ticket)[-1] == "application_completed"


def test_what_came_by_another_way_completes_it_and_work_goes_on(agent, ticket):
    tickets.mark_incomplete(agent, ticket.id, "Λείπει η ταυτότητα.", at=LATER)
    tickets.mark_complete(agent, ticket.id, "Την έφερε στο γκισέ.", at=AFTER)
    assert (ticket.status, ticket.waiting_reason) == ("open", None)
    with pytest.raises(Stale) as refused:
        tickets.mark_complete(agent, ticket.id, at=AFTER)
    assert refused.value.code == "not-incomplete"


def test_the_deadline_is_extended_once_and_the_citizen_reads_why(agent, ticket):
    tickets.extend(agent, ticket.id, 10, "Συμμετέχουν και άλλες υπηρεσίες.", at=LATER)
    assert records.ticket(agent, ticket.id)["extended_days"] == 10
    fact = last(ticket.id)
    assert (fact.clock, fact.days) == ("statutory", 10)
    assert "Συμμετέχουν και άλλες υπηρεσίες." in letter(ticket.id, "extended")
    with pytest.raises(Stale) as refused:
        tickets.extend(agent, ticket.id, 5, "Ξανά.", at=AFTER)
    assert refused.value.code == "extended"


def test_one_call_at_a_time_is_promised_until_they_are_reached(agent, ticket):
    window = (AFTER, AFTER + timedelta(hours=2))
    callbacks.promise(agent, ticket.id, *window, at=LATER)
    begins_at, ends_at = (moment.isoformat() for moment in window)
    assert last(ticket.id).data() == {"begins_at": begins_at, "ends_at": ends_at, "way": "phone"}
    ground.commit()
    with pytest.raises(Stale) as refused:
        callbacks.promise(agent, ticket.id, *window, at=LATER)
    assert refused.value.code == "call-promised"
    callbacks.dial(agent, ticket.id, "reached", "Το είπαμε.", at=AFTER)
    ground.commit()
    with pytest.raises(Stale):
        callbacks.dial(agent, ticket.id, "reached", at=AFTER)
    again = callbacks.promise(agent, ticket.id, AFTER, AFTER + timedelta(hours=3), at=AFTER)
    assert again.status == "new"


def test_the_citizen_may_want_no_call_any_more(agent, ticket, citizen):
    callbacks.promise(agent, ticket.id, AFTER, AFTER + timedelta(hours=2), at=LATER)
    callbacks.cancel(citizen, ticket.id, at=LATER)
    assert kinds(ticket)[-1] == "call_back_cancelled"
    ground.commit()
    with pytest.raises(Stale) as refused:
        callbacks.cancel(citizen, ticket.id, at=LATER)
    assert refused.value.code == "no-call-promised"
