"""Letters that did not arrive: colleagues are told, an address that sends them back is marked, a person reaches the
citizen another way and says so."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, text, update

from helpdesk import clock
from helpdesk.db import db, table, unit
from helpdesk.errors import NotFound, Stale
from helpdesk.events import DeliverySettled
from helpdesk.models.tickets import Message, Ticket
from helpdesk.permissions import Actor
from helpdesk.services import accounts, alerts, outbox
from helpdesk.services.correspondence import CARRIER
from helpdesk.services.hands import held
from helpdesk.services.journal import Recorded
from helpdesk.vocabulary import Delivery

FAILED = frozenset({Delivery.REFUSED, Delivery.BOUNCED})
CALLS_FOR_A_PERSON = FAILED | {Delivery.UNKNOWN}
TWICE = 2
"""Letters that come back for good before an address is held to reach nobody."""

_MESSAGES = table(Message)


def tell(facts: Sequence[Recorded]) -> None:
    """The reaction to DeliverySettled: of what a person wrote its people hear; whatever came back marks the address."""
    failed = dict(_failed(facts))
    if not failed:
        return
    for row in db.session.execute(_LETTERS, {"ids": sorted(failed)}).all():
        state, at = failed[row.id]
        if state == Delivery.BOUNCED:
            db.session.execute(_CAME_BACK, {"address": row.address, "at": at, "twice": TWICE})
        if row.automatic is None:
            _write_to_colleagues(row, at)


def _failed(facts: Sequence[Recorded]) -> Iterator[tuple[int, tuple[str, datetime]]]:
    for fact in facts:
        if isinstance(fact.event, DeliverySettled) and fact.event.state in FAILED:
            yield fact.event.message_id, (fact.event.state, fact.at)


_LETTERS = text(
    """
    select distinct on (message.id) message.id, message.ticket_id, message.automatic, message.delivery_detail,
           lower(outbound.payload->>'to_address') as address
    from message join outbound on outbound.message_id = message.id
    where message.id = any(:ids) order by message.id, outbound.id desc
    """
)
_CAME_BACK = text(
    """
    update person set mail_returned = mail_returned + 1,
           unreachable_since = case when mail_returned + 1 >= :twice then coalesce(unreachable_since, :at) end
    where email = :address
    """
)


def _write_to_colleagues(row: Row[Any], at: datetime) -> None:
    """Whose ticket it is; where it is nobody's, those who lead."""
    book = accounts.book()
    if book.default(CARRIER) is None:
        return
    readers = alerts.readers(alerts.HANDS, row.ticket_id) or alerts.readers(alerts.LEADS, row.ticket_id)
    told = {"address": row.address, "reason": " ".join((row.delivery_detail or "").split())[:300]}
    outbox.put([alerts.parcel(one, book, "undelivered", at, **told) for one in readers], at)


_HEARD = text(
    """
    update person set mail_returned = 0, unreachable_since = null where id in (
        select id from person where id = any(:ids) and mail_returned > 0 order by id for update)
    """
)


def heard_from(person_ids: Sequence[int]) -> None:
    """Who writes from an address has it: what came back earlier counts no more."""
    if person_ids:
        db.session.execute(_HEARD, {"ids": sorted(set(person_ids))})


@unit()
def reached(
    actor: Actor, number: int, message_id: int, *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """Says that the citizen was reached another way, so that the letter needs nobody any more.

    Raises NotFound, Forbidden, and Stale where somebody looked after it already.
    """
    at = at or clock.now()
    with held(actor, number, "reply", version, at) as hand:
        ours = (_MESSAGES.c.id == message_id, _MESSAGES.c.ticket_id == hand.ticket.id)
        found = db.session.execute(select(_MESSAGES.c.delivery_state).where(*ours)).one_or_none()
        if found is None:
            raise NotFound("There is no such message.")
        if found.delivery_state not in CALLS_FOR_A_PERSON:
            raise Stale("Somebody has looked after that message already.")
        outbox.give_up(message_id, at)
        values = {"delivery_state": Delivery.OTHERWISE, "delivery_at": at}
        db.session.execute(update(_MESSAGES).where(*ours).values(**values))
        hand.record(DeliverySettled(message_id, Delivery.OTHERWISE.value))
        return hand.ticket
