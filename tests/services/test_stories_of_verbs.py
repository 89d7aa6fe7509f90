"""Stories with merges, suppliers, competence, documents and calls, lived by the services of live work."""

import json
from datetime import UTC, datetime

import pytest
from flask import current_app

from helpdesk.db import commit, db
from helpdesk.errors import Invalid
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Ticket
from helpdesk.services import journal, rulebook, stories
from tests.builders import NOON, a_department, a_supplier, an_account, an_agent

NOW = datetime(2026, 12, 20, 9, 0, tzinfo=UTC)
AGENT = "agent@city.example"


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)
    an_agent(a_department(key="water"), email=AGENT, name="Άννα")
    a_department(key="roads")
    current_app.extensions.pop("catalogue", None)
    a_supplier(key="pumps")
    commit()


def at(hour: int) -> str:
    return f"2026-11-{24 + hour // 24}T{hour % 24:02}:00:00Z"


def play(*steps: dict, key: str = "one", email: str = "eleni@example.org") -> int:
    opening = {"at": at(8), "do": "open", "by": AGENT}
    told = [{"at": at(9 + place), "by": AGENT} | step for place, step in enumerate(steps)]
    asks = {"name": "Ελένη", "email": email}
    ticket = {"subject": "Διαρροή", "text": "Τρέχει νερό.", "requester": asks, "department": "water"}
    line = json.dumps({"key": key, "ticket": ticket, "story": [opening, *told]})
    return stories.play(stories.read(line), NOW).number


def kinds(number: int) -> list[str]:
    commit()
    return [fact.type for fact in journal.of(number)]


def test_suppliers_documents_deadlines_and_calls_happen_in_their_order():
    number = play(
        {"do": "engage-supplier", "supplier": "pumps", "text": "Νέα αντλία"},
        {"do": "supplier-answered", "text": "Μπήκε"},
        {"do": "mark-incomplete", "text": "Λείπει ο αριθμός παροχής.", "until": at(40)},
        {"do": "mark-complete"},
        {"do": "extend", "days": 10, "reason": "Δύο υπηρεσίες"},
        {"do": "promise-call-back", "begins_at": at(15), "ends_at": at(17)},
        {"do": "dial-call-back", "outcome": "reached"},
        {"do": "escalate", "reason": "Επείγει"},
        {"do": "transfer", "department": "roads", "reason": "Ανήκει εκεί", "not_competent": True},
    )
    wanted = [
        "supplier_engaged", "supplier_answered", "application_incomplete", "application_completed",
        "deadline_extended", "call_back_promised", "call_back_dialled", "ticket_escalated", "competence_denied",
        "ticket_transferred",
    ]  # fmt: skip
    assert [kind for kind in kinds(number) if kind in wanted] == wanted


def test_a_story_is_forwarded():
    number = play({"do": "deny-competence", "reason": "όχι"}, {"do": "forward", "to": "Περιφέρεια", "text": "Εκεί."})
    assert db.session.get(Ticket, number).forwarded_to["name"] == "Περιφέρεια"


def test_a_story_goes_on_in_another_and_its_letters_are_of_the_past():
    first = play({"do": "take"}, key="first")
    second = play({"do": "merge", "into": "first", "different_people": True}, key="second", email="boris@example.org")
    assert db.session.get(Ticket, second).survivor_id == first
    commit()
    assert {row.state for row in db.session.query(Outbound).filter_by(ticket_id=second)} == {"sent"}


@pytest.mark.parametrize(("step", "path"), [
    ({"do": "extend", "days": "ten", "reason": "x"}, "story[1].days"),
    ({"do": "extend", "reason": "x"}, "story[1].days"),
    ({"do": "merge", "into": "nowhere"}, "story[1].into"),
    ({"do": "transfer", "department": "roads", "reason": "x", "not_competent": "yes"}, "story[1].not_competent"),
    ({"do": "engage-supplier", "supplier": "nobody", "text": "x"}, "story[1].do"),
    ({"do": "promise-call-back", "begins_at": "soon", "ends_at": "later"}, "story[1].begins_at"),
    ({"do": "forward", "to": "", "text": "x"}, "story[1].to"),
])  # fmt: skip
def test_what_is_wrong_with_a_step_is_named(step, path):
    with pytest.raises(Invalid) as refused:
        play(step)
    assert path in refused.value.fields
