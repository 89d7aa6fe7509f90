"""Tickets that were merged: who survives whom, who asked in them, and what follows for who may read what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, text

from helpdesk.db import db, table
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import scope

_TICKETS = table(Ticket).c

_ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtext('helpdesk.merge'))")


def hold() -> None:
    """Lets nobody else merge or part tickets until the commit: who survives whom is seen whole, or waits."""
    db.session.execute(_ONE_AT_A_TIME)


def survivor(number: int) -> int:
    """Where that ticket goes on; itself, where it was not merged."""
    found = db.session.execute(select(_TICKETS.survivor_id).where(_TICKETS.id == number)).scalar()
    return int(found or number)


def merged_into(number: int) -> list[int]:
    """All tickets that go on in that one, also by way of others."""
    query = select(_TICKETS.id).where(_TICKETS.survivor_id == number).order_by(_TICKETS.id)
    return list(db.session.execute(query).scalars())


def below(number: int, parents: Mapping[int, int | None]) -> list[int]:
    """Those of a family that were merged into a ticket of it, also by way of others."""
    direct = [id_ for id_, parent in parents.items() if parent == number]
    return [*direct, *(deeper for id_ in direct for deeper in below(id_, parents))]


def parents(number: int) -> dict[int, int | None]:
    """Which ticket each of the family of a survivor was merged into."""
    query = select(_TICKETS.id, _TICKETS.merged_into_id).where(_TICKETS.survivor_id == number)
    return {row.id: row.merged_into_id for row in db.session.execute(query)}


@dataclass(frozen=True)
class Asked:
    """A merged ticket in which somebody else asked; one ``letter`` goes to a person, however many they sent."""

    ticket_id: int
    language: str
    letter: bool


_OTHERS = text(
    """
    select merged.id, merged.language,
           row_number() over (partition by merged.requester_id order by merged.id) = 1 as letter
    from ticket as merged join ticket on ticket.id = merged.survivor_id
    where merged.survivor_id = :number and merged.requester_id is distinct from ticket.requester_id
      and merged.requester_id is not null and merged.automatic is null
    order by merged.id
    """
)


def others(number: int) -> Sequence[Asked]:
    """The tickets merged into that one which other people sent than its own requester."""
    return [Asked(*row) for row in db.session.execute(_OTHERS, {"number": number})]


_CONCERNED = text(
    """
    with concerned as (
        select ticket.id, ticket.requester_id as person, null as survivor from ticket where ticket.id = any(:ids)
        union all
        select ticket.id, ticket.requester_id, ticket.survivor_id from ticket where ticket.survivor_id = any(:ids)
    )
    select distinct on (coalesce(survivor, id), coalesce(person, -id)) id from concerned
    order by coalesce(survivor, id), coalesce(person, -id), survivor is not null, id
    """
)


def all_who_asked(numbers: Sequence[int]) -> list[int]:
    """These tickets, and of those merged into them one for each other person who asked."""
    return list(db.session.execute(_CONCERNED, {"ids": list(numbers)}).scalars())


OWN = """array(select cast(:number as bigint) union all
                 select merged.id from ticket as merged join ticket on ticket.id = merged.survivor_id
                 where merged.survivor_id = :number and merged.requester_id = ticket.requester_id)"""
"""In SQL: a ticket and those merged into it that the same person sent, to whom they are one conversation."""


def may_read(actor: Actor, ticket_id: int) -> bool:
    """Whether the actor may read that ticket, or the one it goes on in, which shows what was said on both."""
    seen = select(_TICKETS.id).where(_TICKETS.id.in_([ticket_id, survivor(ticket_id)]), scope.visible(actor)).limit(1)
    return db.session.execute(seen).scalar() is not None
