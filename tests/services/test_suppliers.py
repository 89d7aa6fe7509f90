"""Suppliers and customer bodies: registers that are checked, engagements one after another, none left open unseen."""

from datetime import timedelta

import pytest

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Invalid, Stale
from helpdesk.models.catalogue import Service
from helpdesk.models.house import HouseEvent
from helpdesk.models.tickets import Message
from helpdesk.services import catalogue, intake, invariants, journal, records, tickets, waiting
from helpdesk.services.tickets import suppliers
from tests.builders import (
    NOON,
    a_customer,
    a_service,
    a_supplier,
    a_ticket,
    an_administrator,
)
from tests.services.moves import kinds

pytestmark = pytest.mark.usefixtures("body")

LATER = NOON + timedelta(hours=1)
NAMES = {"el": "Φωτισμός ΑΕ", "en": "Lighting Ltd"}


@pytest.fixture
def root():
    return an_administrator()


@pytest.fixture
def ticket(department):
    found = a_ticket(department_id=department.id)
    ground.commit()
    return found


def engagements(number: int) -> list[tuple[str, int]]:
    ground.flush_pending()
    found = [fact for fact in journal.of(number) if fact.type in ("supplier_engaged", "supplier_answered")]
    return [(fact.type, fact.event.data()["supplier_id"]) for fact in found]


@pytest.mark.parametrize("kind", ["customer", "supplier"])
def test_a_register_keeps_contact_owner_and_whom_to_turn_to(root, agent, kind):
    catalogue.changed(NOON)
    given = {
        "contact_name": "Κ. Νίκου", "contact_email": "nikou@lights.example", "contact_phone": "+30 210 1234567",
        "owner_id": agent.id, "escalation_name": "Δ. Φωτίου", "escalation_email": "head@lights.example",
        "escalation_phone": "",
    }  # fmt: skip
    id_ = catalogue.save(root, kind, names=NAMES, **given)
    row = getattr(catalogue.current(), f"{kind}s")[id_]
    assert (row.key, row.names, row.active) == ("lighting-ltd", NAMES, True)
    assert {name: getattr(row, name) for name in given} == given
    assert catalogue.id_of(kind, "lighting-ltd") == id_


@pytest.mark.parametrize(("field", "value"), [
    ("contact_email", "nobody"), ("escalation_email", "a b@c.example"), ("contact_phone", "ring me"),
    ("owner_id", 999_999), ("names", {"el": " "}), ("key", "Φως"),
])  # fmt: skip
def test_what_is_wrong_in_a_register_is_named(root, field, value):
    with pytest.raises(Invalid) as refused:
        catalogue.save(root, "supplier", **{"names": NAMES, "key": "lights"} | {field: value})
    assert field in refused.value.fields


def test_that_a_contact_changed_is_kept_and_not_who_it_is(root):
    id_ = catalogue.save(root, "supplier", names=NAMES)
    catalogue.save(root, "supplier", id_, contact_email="nikou@lights.example", active=False)
    newest = db.session.query(HouseEvent).order_by(HouseEvent.id.desc()).first()
    assert newest.data == {"contact_email": None, "active": [True, False]}


def test_a_ticket_has_the_customer_of_its_service(agent, department):
    region, port = a_customer(key="region"), a_customer(key="port")
    lights = a_service(key="lights", department_id=department.id, customer_id=region.id)
    piers = a_service(key="piers", department_id=department.id, customer_id=port.id)
    own = a_service(key="own", department_id=department.id)
    ground.commit()
    new = intake.NewTicket("Σβηστό", "Δεν ανάβει.", email="anna@example.org", service="lights")
    number = intake.open_ticket(agent, new, at=NOON).number
    assert records.ticket(agent, number)["customer"] == "region"
    tickets.classify(agent, number, service_id=piers.id, at=LATER)
    assert records.ticket(agent, number)["customer"] == "port"
    tickets.classify(agent, number, service_id=own.id, at=LATER)
    assert records.ticket(agent, number)["customer"] is None
    assert db.session.get(Service, lights.id).customer_id == region.id


def test_a_ticket_waits_for_the_supplier_that_was_engaged(agent, ticket):
    supplier = a_supplier()
    tickets.suppliers.engage(agent, ticket.id, supplier.key, "Αλλαγή λαμπτήρα στη γωνία.", at=LATER)
    assert (ticket.status, ticket.waiting_reason) == ("waiting_supplier", "supplier_works")
    assert records.ticket(agent, ticket.id)["supplier"] == supplier.key
    [fact] = [fact for fact in journal.of(ticket.id) if fact.type == "supplier_engaged"]
    words = db.session.get(Message, fact.event.message_id)
    assert (words.text, words.audience) == ("Αλλαγή λαμπτήρα στη γωνία.", "internal")
    suppliers.answered(agent, ticket.id, "Έγινε.", at=LATER)
    assert (ticket.status, ticket.waiting_reason, ticket.supplier_id) == ("open", None, None)
    assert engagements(ticket.id) == [("supplier_engaged", supplier.id), ("supplier_answered", supplier.id)]
    assert [
        fault for fault in invariants.broken(LATER) if "ticket" in fault.thing and "answers" not in fault.what
    ] == []


def test_one_supplier_after_the_other_never_two_at_once(agent, ticket):
    first, second = a_supplier(), a_supplier()
    suppliers.engage(agent, ticket.id, first.id, "α", at=LATER)
    with pytest.raises(Stale) as refused:
        suppliers.engage(agent, ticket.id, second.id, "β", at=LATER)
    assert refused.value.code == "engaged"
    suppliers.answered(agent, ticket.id, at=LATER)
    suppliers.engage(agent, ticket.id, second.id, "β", at=LATER)
    assert ticket.supplier_id == second.id


def test_a_supplier_out_of_use_is_not_engaged(agent, ticket):
    gone = a_supplier(active=False)
    with pytest.raises(Invalid) as refused:
        suppliers.engage(agent, ticket.id, gone.id, "α", at=LATER)
    assert "supplier" in refused.value.fields


def test_nobody_answers_who_was_not_engaged(agent, ticket):
    with pytest.raises(Stale) as refused:
        suppliers.answered(agent, ticket.id, at=LATER)
    assert refused.value.code == "not-engaged"


@pytest.mark.parametrize("verb", ["resume", "resolve", "cancel", "forward"])
def test_no_engagement_stays_open_when_somebody_goes_on_or_ends_it(agent, ticket, verb):
    given = {
        "resolve": ("solved", "Έγινε."), "cancel": ("διπλό",), "forward": ("Περιφέρεια", "Είναι δικό τους."),
    }  # fmt: skip
    suppliers.engage(agent, ticket.id, a_supplier().id, "α", at=LATER)
    tickets.VERBS[verb](agent, ticket.id, *given.get(verb, ()), at=LATER)
    assert ticket.supplier_id is None
    answered = [] if verb == "cancel" else ["supplier_answered"]  # what is cancelled was not answered: it lapses
    assert [kind for kind, _ in engagements(ticket.id)] == ["supplier_engaged", *answered]


def test_the_end_of_waiting_says_nothing_of_the_supplier(agent, ticket):
    suppliers.engage(agent, ticket.id, a_supplier().id, "α", at=LATER)
    tickets.wait(agent, ticket.id, "supplier_works", LATER + timedelta(hours=20), at=LATER)
    waiting.tick(LATER + timedelta(hours=20))
    db.session.refresh(ticket)
    assert (ticket.status, ticket.supplier_id is None) == ("open", False)
    suppliers.answered(agent, ticket.id, "Καθυστέρησαν.", at=LATER + timedelta(days=3))
    assert ticket.status == "open"
    assert kinds(ticket)[-2:] == ["note_added", "supplier_answered"]
