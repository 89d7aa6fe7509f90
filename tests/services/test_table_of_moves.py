"""Every status, verb and position, generated from the published table: made where it says so, else refused in order."""

from datetime import timedelta
from typing import Any

import pytest

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.db import db, savepoint, unit
from helpdesk.errors import Forbidden, HelpdeskError, NotFound, Stale
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import published, rulebook, slots, tickets
from helpdesk.vocabulary import ActorKind, Role, Status
from tests.builders import (
    NOON,
    a_citizen,
    a_department,
    a_supplier,
    a_ticket,
    an_account,
    an_administrator,
    an_agent,
    calls_back,
)
from tests.services.moves import brought_to, ready

LATER = NOON + timedelta(hours=1)


class House:
    """A ticket in one status, and somebody at each position towards it."""

    def __init__(self, status: Status) -> None:
        self.here, there = calls_back(a_department()), a_department()
        self.colleague, self.holder = an_agent(self.here), an_agent(there)
        self.ticket = a_ticket(department_id=self.here.id)
        brought_to(self.ticket, status)
        if self.ticket.survivor_id is not None:
            db.session.get_one(Ticket, self.ticket.survivor_id).owner_id = self.holder.id
        self.ticket.owner_id = self.ticket.assignee_id = self.holder.id
        self.people = {
            "colleague": self.colleague,
            "holder": self.holder,
            "other_agent": an_agent(there),
            "supervisor": an_agent(self.here, role=Role.SUPERVISOR),
            "other_supervisor": an_agent(there, role=Role.SUPERVISOR),
            "administrator": an_administrator(),
            "requester": Actor(ActorKind.CITIZEN, self.ticket.requester_id),
            "other_citizen": Actor(ActorKind.CITIZEN, a_citizen().id),
        }
        self.fields = _fields(self.here.id, there.id, self.holder.id)
        self.supplier = self.fields["engage-supplier"].pop("id")
        self.free = slots.offered(self.here.id, LATER)[0].begins_at
        ground.commit()


def _fields(here: int, there: int, holder: int) -> dict[str, dict[str, Any]]:
    soon, supplier = max(LATER, clock.now()) + timedelta(hours=1), a_supplier()
    return {
        "assign": {"assignee_id": None},
        "transfer": {"department_id": there, "reason": "Δικό τους"},
        "wait": {"reason": "needs_information"},
        "escalate": {"reason": "Βαρύ"},
        "de-escalate": {"reason": "Ελαφρύ"},
        "classify": {"urgency": "high"},
        "resolve": {"code": "solved", "text": "Έγινε."},
        "reopen": {"reason": "Ξανά"},
        "cancel": {"reason": "διπλό"},
        "merge": {"into": a_ticket(department_id=here, owner_id=holder).id, "different_people": True},
        "engage-supplier": {"supplier": supplier.key, "text": "Λαμπτήρας", "id": supplier.id},
        "forward": {"to": "Περιφέρεια", "text": "Είναι της Περιφέρειας."},
        "deny-competence": {"reason": "Επαρχιακός"},
        "no-reply-needed": {"reason": "thanks"},
        "mark-incomplete": {"text": "Λείπει η ταυτότητα."},
        "extend": {"days": 10, "reason": "Πολλοί"},
        "promise-call-back": {"begins_at": soon, "ends_at": soon + timedelta(hours=2)},
        "move-call-back": {"begins_at": soon, "ends_at": soon + timedelta(hours=2)},
        "dial-call-back": {"outcome": "reached"},
    }


VERBS = {**tickets.VERBS, "classify": tickets.classify}


@pytest.fixture(params=Status, scope="module")
def status(request):
    return request.param


@pytest.fixture
def house(session, status) -> House:
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)
    return House(status)


class Undone(Exception):
    """Takes back what was made."""


def attempt(house: House, verb: str, position: str) -> type[HelpdeskError] | None:
    """Tries it and takes it back; what it was refused with."""
    try:
        with unit(), savepoint():
            ready(db.session.get_one(Ticket, house.ticket.id), verb)
            given = house.fields.get(verb, {}) if verb != "move-call-back" else {"begins_at": house.free}
            VERBS[verb](house.people[position], house.ticket.id, **given, at=LATER)
            ground.flush_pending()
            raise Undone
    except Undone:
        return None
    except HelpdeskError as error:
        return type(error)


def expected(house: House, line: published.Published, position: str, status: Status) -> type[HelpdeskError] | None:
    """What the table says."""
    if position == "other_citizen":
        return NotFound
    if position not in line.who:
        return Forbidden
    if status not in line.sources:
        return Stale
    return None


def test_the_table_holds_for_everybody_in_this_status(house, status):
    wrong = []
    for line in published.table():
        for position in house.people:
            told, meant = attempt(house, line.verb, position), expected(house, line, position, status)
            if told is not meant and not by_condition(line, position, told):
                wrong.append((line.verb, position, told and told.__name__, meant and meant.__name__))
    assert wrong == []


def by_condition(line: published.Published, position: str, told: type[HelpdeskError] | None) -> bool:
    """What else the table publishes: who has it, the owner's desk, whether an answer is owed."""
    codes = {code for code, _ in line.conditions}
    if line.verb == "take":
        return told is Stale and "taken" in codes and position != "holder"
    return told is Forbidden and "desk-closes" in codes and position == "colleague"
