"""What the law calls an application gets a number of the year, without a gap, on every channel, with a receipt."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from helpdesk import create_app
from helpdesk.db import commit, db
from helpdesk.errors import NotFound
from helpdesk.models.post import Outbound
from helpdesk.models.protocol import ProtocolEntry
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services import catalogue, classification, intake, invariants, journal, protocol, rulebook
from helpdesk.services.people import Contact
from helpdesk.vocabulary import ActorKind
from tests.builders import NOON, a_department, a_service, an_account, an_administrator, an_agent
from tests.conftest import settings_for
from tests.servers import drop_database, worker_database
from tests.services.test_search import statements


@pytest.fixture
def body(session):
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)
    catalogue.changed(NOON)


@pytest.fixture
def certificate(body):
    """A service of which each request is an application."""
    service = a_service(application=True)
    catalogue.changed(NOON)
    return service


def arrival(service="", channel="webform", at=NOON, **given):
    contact = Contact(f"someone{given.pop('who', 1)}@example.org", "Άννα")
    return intake.Arrival(channel, at, contact, "Πιστοποιητικό", "Παρακαλώ", wish=intake.Wish(service=service), **given)


def taken(*arrivals, at=NOON):
    found = [db.session.get(Ticket, one.ticket_id) for one in intake.take_in(arrivals, at)]
    commit()
    for ticket in found:
        db.session.refresh(ticket)
    return found


@pytest.mark.parametrize("channel", ["email", "webform", "api", "chat", "phone", "counter"])
def test_an_application_has_a_number_on_every_channel(certificate, channel):
    [ticket] = taken(arrival(certificate.key, channel))
    assert ticket.protocol_number == "1/2026"
    entry = db.session.query(ProtocolEntry).one()
    assert (entry.year, entry.number, entry.ticket_id, entry.at) == (2026, 1, ticket.id, NOON)
    assert "protocol_entered" in [fact.type for fact in journal.of(ticket.id)]


def test_what_is_none_has_no_number_and_costs_no_statement(certificate):
    plain = a_service(department_id=certificate.department_id)
    catalogue.changed(NOON)
    taken(arrival(plain.key))
    with statements() as asked:
        [ticket] = taken(arrival(plain.key, who=2))
    assert ticket.protocol_number is None
    assert not [line for line in asked if "protocol_year" in line]


def test_many_at_once_are_numbered_in_their_order_by_one_statement(certificate):
    with statements() as asked:
        found = taken(*(arrival(certificate.key, who=who) for who in range(5)))
    assert [ticket.protocol_number for ticket in found] == [f"{number}/2026" for number in range(1, 6)]
    assert len([line for line in asked if "protocol_year" in line]) == 1


def test_each_year_begins_anew_at_its_own_midnight(certificate):
    [old] = taken(arrival(certificate.key), at=datetime(2026, 12, 31, 21, 59, tzinfo=UTC))
    [new] = taken(arrival(certificate.key, who=2), at=datetime(2026, 12, 31, 22, 1, tzinfo=UTC))
    assert (old.protocol_number, new.protocol_number) == ("1/2026", "1/2027")


def test_a_machine_applies_for_nothing(certificate):
    [ticket] = taken(arrival(certificate.key, automatic="auto-reply"))
    assert ticket.protocol_number is None


def test_what_turns_out_to_be_one_is_entered_then_and_its_citizen_gets_the_receipt(certificate):
    [ticket] = taken(arrival())
    later = NOON + timedelta(days=1)
    classification.classify(an_administrator(), ticket.id, service_id=certificate.id, at=later)
    commit()
    assert ticket.protocol_number == "1/2026"
    assert db.session.query(ProtocolEntry).one().at == later
    letter = db.session.query(Outbound).filter_by(template="protocol").one()
    assert "1/2026" in letter.payload["text"]
    classification.classify(an_administrator(), ticket.id, impact="high", at=later)
    classification.classify(an_administrator(), ticket.id, type="data_protection", at=later)
    assert ticket.protocol_number == "1/2026"
    assert db.session.query(ProtocolEntry).count() == 1


def test_a_request_about_one_s_data_is_one_whatever_the_service(body):
    number = intake.take_down(
        an_administrator(), intake.NewTicket("Δεδομένα", "Ποια έχετε;", name="Άννα", type="data_protection"), at=NOON
    ).ticket_id
    commit()
    assert db.session.get(Ticket, number).protocol_number == "1/2026"


def test_the_first_letter_is_the_receipt_with_number_and_date(certificate):
    taken(arrival(certificate.key))
    letter = db.session.query(Outbound).filter_by(template="received").one()
    assert "1/2026" in letter.payload["text"]
    assert "24" in letter.payload["text"]
    assert "1/2026" in letter.payload["html"]


def test_only_who_may_see_the_ticket_sees_its_receipt(certificate):
    [ticket] = taken(arrival(certificate.key))
    ticket.restricted = True
    db.session.flush()
    citizen = Actor(ActorKind.CITIZEN, ticket.requester_id)
    assert protocol.receipt(citizen, ticket.id).protocol_number == "1/2026"
    assert protocol.receipt(SYSTEM, ticket.id).requester == "Άννα"
    for stranger in (Actor(ActorKind.CITIZEN, ticket.requester_id + 1), an_agent(a_department())):
        with pytest.raises(NotFound):
            protocol.receipt(stranger, ticket.id)


def faults():
    found = {name: list(db.session.execute(text(query))) for name, query in invariants.QUESTIONS.items()}
    return found["the protocol"]


def test_a_hole_in_the_book_is_found(certificate):
    taken(arrival(certificate.key), arrival(certificate.key, who=2))
    assert not faults()
    db.session.execute(text("delete from protocol_entry where number = 1"))
    assert len(faults()) == 2


@pytest.fixture
def own_house(worker_name, redis_url, tmp_path):
    """An application on a database of its own, where a commit is one."""
    name = f"protocol_{worker_name}"
    made = create_app(settings_for(worker_database(name), redis_url, tmp_path))
    with made.app_context():
        rulebook.ensure_defaults(NOON)
        service = a_service(application=True)
        catalogue.changed(NOON)
        key, actor = service.key, an_administrator()
        commit()
    yield made, key, actor
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
    drop_database(name)


def test_fifty_at_the_same_moment_leave_no_gap_although_some_are_taken_back(own_house):
    made, key, actor = own_house

    def apply(place):
        with made.app_context():
            new = intake.NewTicket("Αίτηση", "Κείμενο", name=f"Πολίτης {place}", service=key)
            intake.take_in([intake.requests._arrival(actor, new, NOON)], NOON)
            if place % 5 == 0:
                db.session.rollback()
            else:
                commit()
            db.session.remove()

    with ThreadPoolExecutor(50) as hands:
        list(hands.map(apply, range(50)))
    with made.app_context():
        numbers = list(db.session.execute(text("select number from protocol_entry order by number")).scalars())
        assert numbers == list(range(1, 41))
        assert not faults()
