"""Who of the people outside is concerned by changes of tickets, how they are reached, and what said it to them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from helpdesk.db import db
from helpdesk.services.automatic import MAY_NOT_ANSWER
from helpdesk.vocabulary import Reader

COVERING = ("resolution", "delayed", "reminder", "unreached")
"""Automatic messages that tell how it stands, as a person's words do."""

_CONCERNED = text(
    """
    with changed as (
        select id, at from unnest(cast(:ids as bigint[]), cast(:moments as timestamptz[])) as changed(id, at)
    ), concerned as (
        select changed.id as survivor, changed.id, changed.at from changed
        union all
        select ticket.survivor_id, ticket.id, changed.at from changed join ticket on ticket.survivor_id = changed.id
    )
    select concerned.survivor, ticket.id, ticket.department_id, reader.kind, reader.person_id,
           person.email, person.phone, person.name,
           case when reader.kind = 'requester' then ticket.language else person.language end as language,
           ticket.automatic is not null as machine,
           reader.kind = 'requester' and exists (
               select from message where message.ticket_id = ticket.id and :quiet = any(message.warnings)) as unwelcome,
           exists (select from silence
                   where silence.ticket_id = ticket.id and silence.person_id = reader.person_id) as declined,
           (select max(message.id) from message
            where message.ticket_id = ticket.id and message.at = concerned.at
              and message.direction = 'outbound' and message.audience = 'public'
              and (message.automatic is null or message.automatic = any(:covering))
              and coalesce(message.delivery_state, '') <> 'withdrawn') as said_by
    from concerned join ticket on ticket.id = concerned.id
    cross join lateral (
        select 'requester' as kind, ticket.requester_id as person_id
        union all
        select 'on_behalf', ticket.on_behalf_of_id where ticket.on_behalf_of_id <> ticket.requester_id
        union all
        select 'participant', participant.person_id from participant
        where participant.ticket_id = ticket.id and participant.person_id is distinct from ticket.requester_id
    ) as reader
    left join person on person.id = reader.person_id
    order by concerned.survivor, ticket.id <> concerned.survivor, ticket.id, reader.kind = 'requester' desc,
             reader.person_id
    """
)


def concerned(moments: Mapping[int, datetime], kinds: Iterable[Reader]) -> Sequence[Row[Any]]:
    """Each person once a ticket that goes on, by the request they sent themselves; of these kinds only."""
    asked = {"ids": list(moments), "moments": list(moments.values()), "quiet": MAY_NOT_ANSWER}
    wanted, seen, found = {kind.value for kind in kinds}, set(), []
    for row in db.session.execute(_CONCERNED, asked | {"covering": list(COVERING)}):
        key = row.survivor, row.person_id
        nobody = row.person_id is None and row.id != row.survivor
        if row.kind in wanted and key not in seen and not nobody:
            seen.add(key)
            found.append(row)
    return found
