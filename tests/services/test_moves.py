"""The table of moves: each verb from its states and no others, for whom it is for, refused without a trace."""

from datetime import timedelta

import pytest

from helpdesk import db as ground
from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.permissions import Actor
from helpdesk.services import published, tickets, transitions
from helpdesk.vocabulary import ActorKind, Status
from tests.builders import (
    NOON,
    a_department,
    a_supervisor,
    a_supplier,
    a_ticket,
    an_administrator,
    an_agent,
)
from tests.services.moves import brought_to, made_ready, marks

pytestmark = pytest.mark.usefixtures("body")

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def fields(department):
    """What each move needs beside actor and number."""
    return {
        "assign": {"assignee_id": None},
        "transfer": {"department_id": a_department().id, "reason": "Δεν είναι δικό μας"},
        "wait": {"reason": "needs_information"},
        "escalate": {"reason": "Καίγεται ο πίνακας"},
        "de-escalate": {"reason": "Έσβησε"},
        "resolve": {"code": "solved", "text": "Έγινε."},
        "reopen": {"reason": "Ξανά το ίδιο"},
        "cancel": {"reason": "διπλό"},
        "merge": {"into": a_ticket(department_id=department.id).id, "different_people": True},
        "engage-supplier": {"supplier": a_supplier().key, "text": "Αλλαγή λαμπτήρα"},
        "forward": {"to": "Περιφέρεια Αττικής", "text": "Ο δρόμος ανήκει στην Περιφέρεια."},
        "deny-competence": {"reason": "Ο δρόμος είναι επαρχιακός"},
        "no-reply-needed": {"reason": "thanks"},
        "mark-incomplete": {"text": "Λείπει η ταυτότητα."},
        "extend": {"days": 10, "reason": "Συμμετέχουν και άλλες υπηρεσίες."},
        "promise-call-back": {"begins_at": NOON + timedelta(hours=2), "ends_at": NOON + timedelta(hours=4)},
        "move-call-back": {"begins_at": NOON + timedelta(hours=2), "ends_at": NOON + timedelta(hours=4)},
        "dial-call-back": {"outcome": "reached"},
    }


MOVES = [verb for verb in transitions.MOVES if verb != "classify"]


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("verb", MOVES)
def test_a_move_is_made_from_its_states_and_refused_from_all_others_without_a_trace(
    agent, ticket, fields, verb, status
):
    brought_to(ticket, status)
    made_ready(ticket, verb)
    move, before = transitions.MOVES[verb], marks(ticket)
    if status in move.sources:
        after = tickets.VERBS[verb](agent, ticket.id, **fields.get(verb, {}), at=LATER)
        assert after.status in (move.targets or {status, Status.OPEN})
        assert after.version > before[1]
        return
    with pytest.raises(Stale) as refused:
        tickets.VERBS[verb](agent, ticket.id, **fields.get(verb, {}), at=LATER)
    assert refused.value.code == "illegal-move"
    assert marks(ticket) == before


@pytest.mark.parametrize("verb", MOVES)
def test_an_agent_of_another_department_may_read_and_not_change(ticket, fields, verb):
    brought_to(ticket, min(transitions.MOVES[verb].sources))
    stranger, before = an_agent(a_department()), marks(ticket)
    ground.commit()
    with pytest.raises(Forbidden):
        tickets.VERBS[verb](stranger, ticket.id, **fields.get(verb, {}))
    assert marks(ticket) == before


@pytest.mark.parametrize("verb", MOVES)
def test_a_restricted_ticket_does_not_exist_for_others(agent, ticket, fields, verb):
    tickets.restrict(agent, ticket.id)
    for stranger in (an_agent(a_department()), a_supervisor(a_department())):
        ground.commit()
        with pytest.raises(NotFound):
            tickets.VERBS[verb](stranger, ticket.id, **fields.get(verb, {}))


@pytest.mark.parametrize("verb", MOVES)
def test_a_stale_version_is_refused(agent, ticket, fields, verb):
    brought_to(ticket, min(transitions.MOVES[verb].sources))
    seen = ticket.version
    tickets.revoke_tracking(an_administrator(), ticket.id)
    with pytest.raises(Stale) as refused:
        tickets.VERBS[verb](agent, ticket.id, **fields.get(verb, {}), version=seen)
    assert refused.value.code == "stale-version"


OF_CITIZENS = {"confirm", "reject", "reopen", "cancel-call-back", "move-call-back"}


@pytest.mark.parametrize("verb", [verb for verb in MOVES if verb not in OF_CITIZENS])
def test_a_citizen_may_not_do_what_is_for_staff(ticket, fields, verb):
    brought_to(ticket, min(transitions.MOVES[verb].sources))
    with pytest.raises(Forbidden):
        tickets.VERBS[verb](Actor(ActorKind.CITIZEN, ticket.requester_id), ticket.id, **fields.get(verb, {}))


@pytest.mark.parametrize(("verb", "given", "field"), [
    ("wait", {"reason": ""}, "reason"),
    ("wait", {"reason": "bored"}, "reason"),
    ("wait", {"reason": "appointment", "until": NOON}, "until"),
    ("resolve", {"code": "", "text": "x"}, "code"),
    ("resolve", {"code": "done", "text": "x"}, "code"),
    ("resolve", {"code": "solved", "text": " "}, "text"),
    ("cancel", {"reason": ""}, "reason"),
    ("transfer", {"department_id": None, "reason": "why"}, "department_id"),
    ("transfer", {"department_id": 999_999, "reason": "why"}, "department_id"),
    ("transfer", {"department_id": 1, "reason": ""}, "reason"),
    ("assign", {"assignee_id": 999_999}, "assignee_id"),
    ("reopen", {"reason": ""}, "reason"),
    ("merge", {"into": 999_999}, "into"),
    ("engage-supplier", {"supplier": "nobody", "text": "x"}, "supplier"),
    ("engage-supplier", {"supplier": "nobody", "text": " "}, "text"),
    ("forward", {"to": "", "text": "x"}, "to"),
    ("forward", {"to": "Περιφέρεια", "text": ""}, "text"),
    ("forward", {"to": "Περιφέρεια", "text": "x", "email": "nowhere"}, "email"),
    ("forward", {"to": "Περιφέρεια", "text": "x", "phone": "call me"}, "phone"),
    ("deny-competence", {"reason": " "}, "reason"),
    ("no-reply-needed", {"reason": ""}, "reason"),
    ("no-reply-needed", {"reason": "bored"}, "reason"),
    ("mark-incomplete", {"text": ""}, "text"),
    ("mark-incomplete", {"text": "x", "until": NOON}, "until"),
    ("extend", {"days": 0, "reason": "x"}, "days"),
    ("extend", {"days": 91, "reason": "x"}, "days"),
    ("extend", {"days": 10, "reason": ""}, "reason"),
    ("promise-call-back", {"begins_at": NOON, "ends_at": LATER}, "begins_at"),
    ("promise-call-back", {"begins_at": LATER, "ends_at": LATER}, "ends_at"),
])  # fmt: skip
def test_a_move_that_lacks_something_names_it(agent, ticket, verb, given, field):
    brought_to(ticket, Status.RESOLVED if verb == "reopen" else Status.NEW)
    with pytest.raises(Invalid) as refused:
        tickets.VERBS[verb](agent, ticket.id, **given, at=LATER)
    assert field in refused.value.fields


def test_the_table_is_published_as_data():
    resolve = next(line for line in published.table() if line.verb == "resolve")
    assert resolve.targets == (Status.RESOLVED,)
    assert resolve.needs == ("code", "text")
    assert Status.CLOSED not in resolve.sources
    assert "colleague" in resolve.who and "other_agent" not in resolve.who
    assert "other_supervisor" in resolve.who and "other_supervisor" not in resolve.restricted
