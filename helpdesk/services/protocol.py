"""The protocol: what the law calls an application gets a number of the body and year, without a gap (law 2690/1999).

The number is given in the transaction of the ticket, under the lock of the year's row, which is held until the commit:
a rollback gives it back, and no two get the same. Whatever is no application never comes here.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select, text

from helpdesk import events, i18n
from helpdesk.db import db, table
from helpdesk.errors import NotFound
from helpdesk.models.catalogue import Department, Service
from helpdesk.models.people import Person
from helpdesk.models.protocol import ProtocolEntry
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import automatic, scope
from helpdesk.services.correspondence import Notice
from helpdesk.services.hands import Hand

CODE = "protocol"
"""The code of the letter that brings the receipt."""

_ENTER = text(
    """
    with counted as (
        insert into protocol_year (year, last) values (:year, :count)
        on conflict (year) do update set last = protocol_year.last + excluded.last returning last
    ), entered as (
        insert into protocol_entry (year, number, ticket_id, at)
        select :year, counted.last - :count + wanted.place, wanted.id, :at
        from counted, unnest(cast(:ids as bigint[])) with ordinality as wanted(id, place)
        returning number, ticket_id
    )
    update ticket set protocol_number = entered.number || '/' || :name from entered
    where ticket.id = entered.ticket_id returning ticket.id, ticket.protocol_number
    """
)


def enter(ticket_ids: Sequence[int], at: datetime) -> dict[int, str]:
    """Enters tickets that stand in the database, in their order, by one statement; the number of each."""
    if not ticket_ids:
        return {}
    year = at.astimezone(i18n.ZONE).year
    told = {"year": year, "name": str(year), "count": len(ticket_ids), "ids": list(ticket_ids), "at": at}
    return {row.id: row.protocol_number for row in db.session.execute(_ENTER, told)}


def enter_late(hand: Hand) -> None:
    """Enters a ticket that turned out to be an application; its citizen gets the number by a letter of its own."""
    ticket = hand.ticket
    db.session.flush()
    number = enter([ticket.id], hand.at)[ticket.id]
    db.session.refresh(ticket, ["protocol_number"])
    hand.record(events.ProtocolEntered(number))
    welcome = automatic.welcome([ticket.id])
    automatic.send([Notice(one, CODE, automatic=True) for one in welcome], CODE, hand.at)


_tickets, _entries = table(Ticket), table(ProtocolEntry)
_departments, _services = table(Department), table(Service)
_asks, _concerned = table(Person).alias("asks"), table(Person).alias("concerned")


def receipt(actor: Actor, number: int) -> Row[Any]:
    """What the receipt of an application says; raises NotFound where there is none that the actor may see."""
    query: Select[Any] = (
        select(
            _tickets.c.id, _tickets.c.protocol_number, _tickets.c.subject, _tickets.c.language, _tickets.c.received_at,
            _tickets.c.channel, _entries.c.at, _asks.c.name.label("requester"),
            _concerned.c.name.label("on_behalf_of"), _departments.c.names.label("department"),
            _services.c.names.label("service"),
        )
        .join(_entries, _entries.c.ticket_id == _tickets.c.id)
        .outerjoin(_asks, _asks.c.id == _tickets.c.requester_id)
        .outerjoin(_concerned, _concerned.c.id == _tickets.c.on_behalf_of_id)
        .outerjoin(_departments, _departments.c.id == _tickets.c.department_id)
        .outerjoin(_services, _services.c.id == _tickets.c.service_id)
        .where(_tickets.c.id == number, scope.visible(actor))
    )  # fmt: skip
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound("There is no receipt for this request.")
    return row
