"""What a ticket is: type, service, category, impact, urgency, priority with its reason, subject, tags, restriction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from helpdesk import events
from helpdesk.db import db, unit
from helpdesk.errors import Invalid
from helpdesk.models.catalogue import Category, Service
from helpdesk.models.people import Person
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import catalogue, complaints, notices, people, protocol, refusals, rulebook, transitions
from helpdesk.services.hands import Hand, held
from helpdesk.services.people import Contact
from helpdesk.services.transitions import Case
from helpdesk.vocabulary import Level, Priority, RulebookKind, TicketType, rules
from sla import Matrix

_CLOSED_SETS = {"type": TicketType, "impact": Level, "urgency": Level, "priority": Priority}
_CLASSES = ("type", "service_id", "category_id", "impact", "urgency", "priority")
OVERRIDDEN = "overridden"
CARE = "care"
CHOSEN = frozenset({OVERRIDDEN, "floor"})
"""Why a ticket has another priority than the matrix gives: a person or a rule chose it."""


@unit()
def change(
    actor: Actor,
    number: int,
    *,
    version: int | None = None,
    at: datetime | None = None,
    reason: str = "",
    subject: str | None = None,
    tags: list[str] | None = None,
    restricted: bool | None = None,
    complained_of: Sequence[int] | None = None,
    on_behalf_of: Contact | None = None,
    **classes: Any,
) -> Ticket:
    """Changes what is given and leaves the rest; what moves a target is one fact in the journal.

    ``on_behalf_of``: for whom it is asked; an empty contact is nobody but who asked.
    """
    with refusals.noted(actor, number, "classify", at), held(actor, number, "classify", version, at) as hand:
        transitions.check("classify", Case(actor, hand.ticket, hand.at), {})
        if subject is not None:
            _rename(hand, subject)
        if tags is not None:
            _retag(hand, tags)
        if given := {name: value for name, value in classes.items() if name in _CLASSES}:
            _classify(hand, given, reason)
        if restricted is not None:
            _restrict(hand, restricted)
        if complained_of is not None:
            complaints.name(hand, complained_of)
        if on_behalf_of is not None:
            _concern(hand, on_behalf_of)
        return hand.ticket


def classify(actor: Actor, number: int, *, reason: str = "", **given: Any) -> Ticket:
    """Type, service, category, impact, urgency, or a priority of one's own with its reason."""
    return change(actor, number, reason=reason, **given)


def _rename(hand: Hand, subject: str) -> None:
    words = " ".join(subject.split())
    if not 1 <= len(words) <= 300:
        raise Invalid("A subject has 1 to 300 characters.", fields={"subject": "1 to 300 characters"})
    if words != hand.ticket.subject:
        hand.ticket.subject = words
        hand.record(events.SubjectChanged())


def _retag(hand: Hand, tags: list[str]) -> None:
    wanted, had = list(dict.fromkeys(tags)), hand.ticket.tags
    if wanted == had:
        return
    hand.ticket.tags = wanted
    hand.record(events.TagsChanged(sorted(set(wanted) - set(had)), sorted(set(had) - set(wanted))))


def _restrict(hand: Hand, restricted: bool) -> None:
    if restricted != hand.ticket.restricted:
        hand.ticket.restricted = restricted
        hand.record(events.RestrictionChanged(restricted))


def _concern(hand: Hand, contact: Contact) -> None:
    before = hand.ticket.on_behalf_of_id
    if before is not None and _is(db.session.get_one(Person, before), contact):
        return
    person_id = people.known([contact], hand.at).get(contact)
    if person_id is not None and person_id == hand.ticket.requester_id:
        raise Invalid("That is who asked.", fields={"on_behalf_of": "somebody else, or nobody"})
    if person_id != before:
        hand.ticket.on_behalf_of_id = person_id
        hand.record(events.ConcernedChanged(person_id, before))


def _is(person: Person, contact: Contact) -> bool:
    """Nothing else is said of them than what is known."""
    known = (person.email or "", person.name, person.phone or "")
    return known == (contact.email, contact.name, contact.phone)


def _classify(hand: Hand, given: dict[str, Any], reason: str) -> None:
    _check(given)
    ticket = hand.ticket
    _redirect(ticket, given)
    before = {name: getattr(ticket, name) for name in _CLASSES}
    overridden = given.get("priority") is not None and given["priority"] != before["priority"]
    if overridden and not reason.strip():
        raise Invalid("A priority of your own needs a reason.", fields={"reason": "is needed"})
    for name, value in given.items():
        if value is not None:
            setattr(ticket, name, str(value) if name in _CLOSED_SETS else value)
    if given.get("service_id") is not None:
        ticket.customer_id = db.session.get_one(Service, given["service_id"]).customer_id
    if overridden:
        ticket.priority_reason = OVERRIDDEN
        notices.note(hand, reason)
    elif _derives_anew(ticket, given, before["type"]):
        _derive(ticket)
    after = {name: getattr(ticket, name) for name in _CLASSES}
    if after != before:
        hand.acknowledge()
        hand.record(_fact(after, before, overridden))
    if after["type"] != before["type"] and rules(after["type"]).restricted:
        _restrict(hand, True)
    if ticket.protocol_number is None and _is_application(ticket) and ticket.automatic is None:
        protocol.enter_late(hand)


def press(hand: Hand, urgency: Level) -> None:
    """It is that urgent for whose request it is; a priority that was chosen gives way to a more pressing one only."""
    ticket, order = hand.ticket, list(Priority)
    before = {name: getattr(ticket, name) for name in _CLASSES}
    chosen = ticket.priority, ticket.priority_reason, ticket.matrix_id
    ticket.urgency = urgency.value
    _derive(ticket)
    if order.index(Priority(chosen[0])) <= order.index(Priority(ticket.priority)):
        ticket.priority, ticket.priority_reason, ticket.matrix_id = chosen
    else:
        ticket.priority_reason = CARE
    after = {name: getattr(ticket, name) for name in _CLASSES}
    hand.record(_fact(after, before, overridden=False))


def _is_application(ticket: Ticket) -> bool:
    """By its type, or by the service that it asks for."""
    service = catalogue.current().services.get(ticket.service_id or 0)
    return rules(ticket.type).application or bool(service and service.application)


def _redirect(ticket: Ticket, given: dict[str, Any]) -> None:
    """What is chosen no more gives way to its successor; raises Invalid where there is none."""
    if given.get("service_id") not in (None, ticket.service_id):
        given["service_id"] = catalogue.live(given["service_id"])
    if given.get("category_id") not in (None, ticket.category_id):
        given["category_id"] = catalogue.chosen(given["category_id"])


def _derives_anew(ticket: Ticket, given: dict[str, Any], before: str) -> bool:
    """Newer impact and urgency do; so does another type that has another matrix, unless somebody or a rule chose."""
    if {"impact", "urgency"} & {name for name, value in given.items() if value is not None}:
        return True
    if ticket.type == before or ticket.priority_reason in CHOSEN:
        return False
    old, new = rulebook.matrix_for(before), rulebook.matrix_for(ticket.type)
    return old is not None and new is not None and old.key != new.key


def _derive(ticket: Ticket) -> None:
    """Priority from the matrix; what somebody chose on purpose gives way to newer impact and urgency."""
    version = rulebook.matrix_for(ticket.type) or rulebook.in_force(RulebookKind.MATRIX)
    matrix: Matrix = version.value
    ticket.priority = matrix.priority(Level(ticket.impact), Level(ticket.urgency)).value  # type: ignore[arg-type]
    ticket.priority_reason, ticket.matrix_id = version.name, version.id


def _fact(after: dict[str, Any], before: dict[str, Any], overridden: bool) -> events.TicketClassified:
    changed = {name: value for name, value in before.items() if after[name] != value}
    return events.TicketClassified(
        ticket_type=after["type"],
        priority=after["priority"],
        impact=after["impact"],
        urgency=after["urgency"],
        service_id=after["service_id"],
        category_id=after["category_id"],
        previous=changed,
        overridden=overridden,
    )


def _check(given: dict[str, Any]) -> None:
    wrong = {
        name: f"one of {', '.join(codes)}"
        for name, codes in _CLOSED_SETS.items()
        if given.get(name) is not None and str(given[name]) not in set(codes)
    }
    for name, model in (("service_id", Service), ("category_id", Category)):
        if given.get(name) is not None and db.session.get(model, given[name]) is None:
            wrong[name] = "one of the catalogue"
    if wrong:
        raise Invalid("Something does not exist.", fields=wrong)
