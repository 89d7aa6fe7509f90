"""Rows with sensible defaults, each overridable by keyword."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from helpdesk.clock import NEVER
from helpdesk.db import db
from helpdesk.events import CallBackPromised, TicketOpened
from helpdesk.models.callbacks import CallbackPromise, DepartmentCallback
from helpdesk.models.catalogue import Category, Department, Service
from helpdesk.models.parties import CustomerBody, Supplier
from helpdesk.models.people import Membership, Person, Staff
from helpdesk.models.post import ChannelAccount
from helpdesk.models.tickets import Message, Ticket
from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services import catalogue, journal
from helpdesk.vocabulary import ActorKind, Role

NOON = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
"""A Tuesday noon in Athens."""

_numbers = count(1)


def _kept(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row


def a_department(**given: Any) -> Department:
    """A department, ``key`` unique by itself; in the catalogue at once."""
    number = next(_numbers)
    names = {"el": f"Τμήμα {number}", "en": f"Department {number}"}
    return _listed(Department(**{"key": f"department-{number}", "names": names} | given))


def _listed(row: Any) -> Any:
    _kept(row)
    catalogue.changed(NOON)
    return row


def a_service(**given: Any) -> Service:
    """A live service of a department; in the catalogue at once."""
    number = next(_numbers)
    given.setdefault("department_id", None)
    if given["department_id"] is None:
        given["department_id"] = a_department().id
    names = {"el": f"Υπηρεσία {number}", "en": f"Service {number}"}
    return _listed(Service(**{"key": f"service-{number}", "names": names} | given))


def a_category(**given: Any) -> Category:
    """A node of the tree, on top unless it is told otherwise."""
    number = next(_numbers)
    names = {"el": f"Κατηγορία {number}", "en": f"Category {number}"}
    return _kept(Category(**{"key": f"category-{number}", "names": names} | given))


def a_citizen(**given: Any) -> Person:
    """Somebody who asks."""
    number = next(_numbers)
    return _kept(
        Person(
            **{
                "name": f"Πολίτης {number}",
                "email": f"citizen{number}@example.org",
                "language": "el",
                "created_at": NOON,
            }
            | given
        )
    )


def an_agent(*departments: Department, role: Role = Role.AGENT, **given: Any) -> Actor:
    """An agent of these departments, as the actor that services take."""
    number = next(_numbers)
    person = a_citizen(**{"name": f"Υπάλληλος {number}", "email": f"agent{number}@example.org"} | given)
    staff = _kept(Staff(person_id=person.id, role=role.value))
    for department in departments:
        _kept(Membership(staff_id=staff.person_id, department_id=department.id))
    return Actor(
        ActorKind.STAFF, person.id, role, frozenset(item.id for item in departments), name=person.name, language="el"
    )


def a_supervisor(*departments: Department, **given: Any) -> Actor:
    """A supervisor of these departments."""
    return an_agent(*departments, role=Role.SUPERVISOR, **given)


def an_administrator(**given: Any) -> Actor:
    """An administrator."""
    return an_agent(role=Role.ADMINISTRATOR, **given)


def an_account(**given: Any) -> ChannelAccount:
    """An e-mail address of ours."""
    number = next(_numbers)
    return _kept(ChannelAccount(**{"kind": "email", "address": f"box{number}@city.example"} | given))


def a_ticket(**given: Any) -> Ticket:
    """A ticket received at NOON by e-mail, with one message and its opening in the journal."""
    at = given.pop("received_at", NOON)
    text, by_staff = given.pop("text", "Το φως στη γωνία δεν ανάβει."), given.pop("by_staff", False)
    requester = given.pop("requester", None) or a_citizen()
    defaults = {
        "type": "incident",
        "status": "new",
        "channel": "email",
        "subject": "Δεν ανάβει το φως",
        "language": "el",
        "requester_id": requester.id,
        "impact": "medium",
        "urgency": "medium",
        "priority": "normal",
        "received_at": at,
        "created_at": at,
        "updated_at": at,
        "next_due_at": NEVER,
    }
    ticket = _kept(Ticket(**defaults | given))
    message = a_message(ticket, text=text, author_id=requester.id, at=at)
    opened = TicketOpened(ticket.channel, at.isoformat(), message.id, by_staff)
    journal.record(ticket.id, opened, SYSTEM, at)
    journal.flush()
    db.session.refresh(ticket)
    return ticket


def a_promised_call(ticket: Ticket, **given: Any) -> CallbackPromise:
    """A call promised on that ticket at NOON, for the next morning unless it is told otherwise."""
    begins = given.pop("begins_at", NOON + timedelta(hours=22))
    ends = given.pop("ends_at", begins + timedelta(hours=2))
    usual = {"department_id": ticket.department_id, "origin": "agent", "promised_at": NOON, "due_at": begins}
    made = _kept(CallbackPromise(**{"ticket_id": ticket.id, "begins_at": begins, "ends_at": ends} | usual | given))
    journal.record(ticket.id, CallBackPromised(begins.isoformat(), ends.isoformat()), SYSTEM, NOON)
    journal.flush()
    return made


def calls_back(department: Department, **given: Any) -> Department:
    """That department offers calls back, in windows of half an hour, three for each of its people."""
    usual = {"share_percent": 100, "notice_minutes": 0, "changed_at": NOON}
    _kept(DepartmentCallback(**{"department_id": department.id} | usual | given))
    return department


def a_message(ticket: Ticket, **given: Any) -> Message:
    """A public inbound message of a ticket."""
    defaults = {"direction": "inbound", "audience": "public", "channel": ticket.channel, "at": NOON, "text": "Καλημέρα"}
    return _kept(Message(**{"ticket_id": ticket.id} | defaults | given))


def a_customer(**given: Any) -> CustomerBody:
    """A body that commissions services."""
    return _party(CustomerBody, "customer", given)


def a_supplier(**given: Any) -> Supplier:
    """Somebody outside who can be engaged; in the catalogue at once."""
    return _party(Supplier, "supplier", given)


def _party(model: Any, kind: str, given: dict[str, Any]) -> Any:
    number = next(_numbers)
    names = {"el": f"Φορέας {number}", "en": f"Body {number}"}
    return _listed(model(**{"key": f"{kind}-{number}", "names": names} | given))
