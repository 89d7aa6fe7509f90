"""The log that proves it: what of a ticket was sent when to whom by which rule, and why not, from what is stored."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from helpdesk.db import db
from helpdesk.permissions import Actor
from helpdesk.services import scope

MOST = 500
"""Lines of a ticket that are read, the newest."""

_LOG = text(
    """
    select * from (
        select outbound.created_at as at, coalesce(informed.change, '') as change,
               coalesce(informed.reader, '') as reader, coalesce(informed.telling, 'letter') as telling,
               outbound.template, outbound.automatic, outbound.payload->>'to_address' as address, outbound.state,
               case when outbound.state in ('waiting', 'held') then outbound.due_at else outbound.settled_at end
                   as settled_at,
               outbound.detail, rulebook.key || '@' || rulebook.number as rules, outbound.id as place
        from outbound
        left join informed on informed.external_id = outbound.external_id
        left join rulebook on rulebook.id = informed.rules_id
        where outbound.ticket_id = :id
        union all
        select informed.at, informed.change, informed.reader, informed.telling, '', true, person.email, '', null, null,
               rulebook.key || '@' || rulebook.number, informed.id
        from informed
        left join person on person.id = informed.person_id
        left join rulebook on rulebook.id = informed.rules_id
        where informed.ticket_id = :id and informed.external_id is null
    ) as told
    order by at desc, place desc limit :most
    """
)


def log(actor: Actor, number: int) -> Sequence[Row[Any]]:
    """The newest first: ``(at, change, reader, telling, template, automatic, address, state, settled_at, detail,
    rules)``. Raises NotFound for a ticket the actor may not see.
    """
    scope.find(actor, number)
    return db.session.execute(_LOG, {"id": number, "most": MOST}).all()


_DECLINED = text("select at from silence where ticket_id = :id and person_id = :person")


def declined(number: int, person_id: int | None) -> datetime | None:
    """Since when that person wants only the letters about the ticket that cannot be declined."""
    found: datetime | None = db.session.execute(_DECLINED, {"id": number, "person": person_id}).scalar()
    return found
