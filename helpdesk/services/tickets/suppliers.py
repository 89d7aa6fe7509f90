"""Somebody outside does a part of it under a contract: engage a supplier, and say that it answered."""

from datetime import datetime

from helpdesk import events
from helpdesk.db import unit
from helpdesk.errors import Invalid
from helpdesk.models.tickets import Message, Ticket
from helpdesk.permissions import Actor
from helpdesk.services import catalogue, notices
from helpdesk.services.hands import Hand, moved
from helpdesk.services.tickets import pausing
from helpdesk.vocabulary import Status, WaitingReason


@unit()
def engage(
    actor: Actor,
    number: int,
    supplier: int | str,
    text: str,
    *,
    past: bool = False,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """A supplier (by id or key) is to do what the internal text says; the ticket waits for it, as long as it may.

    One at a time; the next one is engaged when this one has answered. ``past``: in another system, see `wait`.
    """
    with moved(actor, number, "engage-supplier", version, at, supplier=supplier, text=text) as hand:
        supplier_id = _known(supplier)
        message = notices.note(hand, text)
        hand.ticket.supplier_id = supplier_id
        hand.record(events.SupplierEngaged(supplier_id, message.id))
        pausing.pause(hand, WaitingReason.SUPPLIER_WORKS, past=past)
        return hand.ticket


def _known(supplier: int | str) -> int:
    found = (row.id for row in catalogue.suppliers() if supplier in (row.id, row.key))
    supplier_id = next(found, None)
    if supplier_id is None:
        raise Invalid("There is no such supplier.", fields={"supplier": "a supplier of the register that is in use"})
    return int(supplier_id)


@unit()
def answered(
    actor: Actor, number: int, text: str = "", *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """The supplier did its part, or said what there is to say; where the ticket waited for that, work goes on."""
    with moved(actor, number, "supplier-answered", version, at) as hand:
        settle(hand, notices.note(hand, text) if text.strip() else None)
        if hand.ticket.status == Status.WAITING_SUPPLIER:
            hand.move(Status.OPEN, "supplier_answered")
            hand.ticket.waiting_reason = None
        return hand.ticket


def settle(hand: Hand, message: Message | None = None) -> None:
    """Ends the engagement, where there is one: nobody waits for that supplier any more."""
    if hand.ticket.supplier_id is not None:
        hand.record(events.SupplierAnswered(hand.ticket.supplier_id, message.id if message else None))
        hand.ticket.supplier_id = None
