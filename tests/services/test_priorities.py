"""Priority follows from impact and urgency by the matrix of the type; nothing that a sender writes sets it."""

import json
from datetime import timedelta
from itertools import product

import pytest

import sla
from helpdesk.db import commit, db
from helpdesk.errors import Invalid
from helpdesk.models.tickets import Ticket
from helpdesk.services import classification, inbox, intake, rulebook
from helpdesk.services.inbox import Incoming
from helpdesk.services.people import Contact
from helpdesk.vocabulary import RulebookKind, TicketType
from tests.builders import NOON, an_account, an_administrator

pytestmark = pytest.mark.usefixtures("rules")

LEVELS = [level.value for level in sla.Level]
CELLS = list(product(LEVELS, LEVELS))
UPSIDE_DOWN = {at: {to: "low" if (at, to) == ("high", "high") else "critical" for to in LEVELS} for at in LEVELS}


@pytest.fixture
def root():
    return an_administrator()


def opened(actor, **given):
    number = intake.take_down(actor, intake.NewTicket("Θέμα", "Κείμενο", name="Άννα", **given), at=NOON).ticket_id
    commit()
    return db.session.get(Ticket, number)


@pytest.mark.parametrize(("impact", "urgency"), CELLS)
@pytest.mark.parametrize("kind", list(TicketType))
def test_every_cell_holds_for_every_type_at_opening_and_afterwards(kind, impact, urgency, root):
    rulebook.enact(RulebookKind.MATRIX, "complaint", UPSIDE_DOWN, at=NOON)
    own = kind == TicketType.COMPLAINT
    wanted = UPSIDE_DOWN[impact][urgency] if own else sla.DEFAULT_MATRIX.to_dict()[impact][urgency]
    ticket = opened(root, type=kind, impact=impact, urgency=urgency)
    assert (ticket.priority, ticket.priority_reason) == (wanted, "matrix")
    assert rulebook.version(ticket.matrix_id).key == ("complaint" if own else "default")
    other = opened(root, type=kind, impact="low" if impact != "low" else "high", urgency=urgency)
    classification.classify(root, other.id, impact=impact, at=NOON)
    assert (other.priority, other.priority_reason) == (wanted, "complaint@1" if own else "default@1")


def test_another_type_with_a_matrix_of_its_own_moves_priority_and_targets(root):
    rulebook.enact(RulebookKind.MATRIX, "complaint", UPSIDE_DOWN, at=NOON)
    ticket = opened(root, type="request", impact="low", urgency="low")
    assert ticket.priority == "low"
    classification.classify(root, ticket.id, type="complaint", at=NOON + timedelta(minutes=7))
    assert (ticket.priority, ticket.priority_reason) == ("critical", "complaint@1")
    classification.classify(root, ticket.id, type="information", at=NOON + timedelta(minutes=8))
    assert (ticket.priority, ticket.priority_reason) == ("low", "default@1")


def test_what_a_person_chose_stays_when_the_type_changes_and_needs_a_reason(root):
    rulebook.enact(RulebookKind.MATRIX, "complaint", UPSIDE_DOWN, at=NOON)
    ticket = opened(root, type="request", impact="low", urgency="low")
    with pytest.raises(Invalid):
        classification.classify(root, ticket.id, priority="high", at=NOON)
    classification.classify(root, ticket.id, priority="high", reason="Ο δήμαρχος περιμένει", at=NOON)
    classification.classify(root, ticket.id, type="complaint", at=NOON)
    assert (ticket.priority, ticket.priority_reason) == ("high", "overridden")


def test_a_newer_version_leaves_open_tickets_as_they_are_and_is_named_by_later_ones(root):
    first = opened(root, impact="high", urgency="high")
    rulebook.enact(RulebookKind.MATRIX, "default", UPSIDE_DOWN, at=NOON)
    second = opened(root, impact="high", urgency="high")
    assert (first.priority, second.priority) == ("critical", "low")
    names = [rulebook.version(ticket.matrix_id).name for ticket in (first, second)]
    assert names == ["default@1", "default@2"]


def test_guidance_stands_in_both_languages_for_every_cell():
    matrix = rulebook.in_force(RulebookKind.MATRIX).value
    for impact, urgency in product(sla.Level, sla.Level):
        assert set(matrix.told(impact, urgency)) == {"el", "en"}


LETTER = """From: Anna <anna@example.org>
To: box@city.example
Subject: {subject}
Message-ID: <one@example.org>
X-Priority: 1
X-MSMail-Priority: High
Importance: high
Priority: urgent
Content-Type: text/plain; charset=utf-8

{text}
"""


@pytest.mark.parametrize(
    ("subject", "text"),
    [("URGENT!!! ΕΠΕΙΓΟΝ", "Now."), ("Bench", "priority: critical\nimpact: high\nurgency: high"), ("[P1]", "ASAP")],
)
def test_no_header_no_word_and_no_line_of_a_mail_sets_it(subject, text):
    account = an_account(is_default=True)
    raw = LETTER.format(subject=subject, text=text).encode()
    [inbound_id] = inbox.keep([Incoming("email", account.id, "one", raw, NOON)])
    commit()
    taken = inbox.process_one(inbound_id)
    ticket = db.session.get(Ticket, taken.ticket_id)
    assert (ticket.impact, ticket.urgency, ticket.priority) == ("medium", "medium", "normal")


def test_no_forged_field_of_a_form_sets_it():
    account = an_account(kind="webform", address="form")
    forged = {"priority": "critical", "impact": "high", "urgency": "high", "type": "security_incident"}
    told = {"subject": "Α", "description": "Β", "name": "Άννα", "email": "", "phone": "", "language": "el"}
    raw = json.dumps(told | forged | {"service": "", "fields": forged, "files": []}).encode()
    [inbound_id] = inbox.keep([Incoming("webform", account.id, "two", raw, NOON)])
    commit()
    ticket = db.session.get(Ticket, inbox.process_one(inbound_id).ticket_id)
    assert (ticket.impact, ticket.urgency, ticket.priority) == ("medium", "medium", "normal")
    assert not ticket.restricted


def test_a_stranger_s_word_is_no_wish():
    arrival = intake.Arrival("email", NOON, Contact("a@example.org"), "Urgent", "Critical, high, now")
    [taken] = intake.take_in([arrival], NOON)
    commit()
    assert db.session.get(Ticket, taken.ticket_id).priority == "normal"
