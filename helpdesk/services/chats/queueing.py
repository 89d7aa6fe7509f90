"""Waiting for a person: whether it makes sense, in which order, for how long, and to whom it is offered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, text

from helpdesk import events
from helpdesk.background import announce
from helpdesk.db import db, unit
from helpdesk.models.chats import Chat
from helpdesk.permissions import SYSTEM, Guarded
from helpdesk.services import assignment, catalogue, journal
from helpdesk.services.assignment import Work
from helpdesk.services.chats import holding, settings, staffing
from helpdesk.services.chats.holding import Kept
from helpdesk.services.news import STREAM
from helpdesk.vocabulary import ChatState, ChatTold, WorkKind

OFFERED = "chat_offered"
"""What live streams call an offer of a conversation."""

REFUSED_FOR = timedelta(minutes=3)
"""For so long who declined a chat, or let it ring, is not asked again while others can be."""

PATIENCE = timedelta(minutes=2)
"""So long a citizen waits on when everybody of the department has gone: somebody may only have changed the page."""

SAMPLES = 10
"""A range of waits is told only where so many were measured in the last half hour."""

MOST_OFFERS = 40
"""Chats looked at in one round; more wait for the next, two seconds later."""


def places(chat: Chat) -> list[int]:
    """The departments that may answer it: its request's own; of one that no department has yet, every one."""
    own = _department(chat)
    return [own] if own is not None else [one.id for one in catalogue.departments()]


def _department(chat: Chat) -> int | None:
    query = text("select department_id from ticket where id = :id")
    found = db.session.execute(query, {"id": chat.ticket_id}).scalar()
    return None if found is None else int(found)


def can_wait(chat: Chat, at: datetime) -> bool:
    """Whether anybody would answer it."""
    return bool(staffing.answering(places(chat), at))


def enter(chat: Chat, at: datetime, *, again: bool = False) -> None:
    """A held conversation waits for somebody; where nobody will answer it goes on as a request, and is told so.

    ``again``: it was with somebody before, and keeps its place.
    """
    chat.agent_id, chat.agent_seen_at, chat.ended_at = None, None, None
    if not can_wait(chat, at):
        leave(chat, at)
        return
    chat.state = ChatState.QUEUED.value
    chat.queued_at = chat.queued_at if again and chat.queued_at else at
    chat.ask_at = at + settings.current().patience
    _record(chat, events.ChatWaited(chat.id, again), at)
    if not again:
        holding.say_so(chat, ChatTold.QUEUED, at)
    db.session.flush()
    _offer(chat.id, chat.ticket_id or 0, at)


def leave(chat: Chat, at: datetime, told: ChatTold = ChatTold.NOBODY, client_id: str | None = None) -> Kept:
    """Nobody can answer now, or the citizen waits no longer: the request goes on as one, and they are told how."""
    chat.state, chat.agent_id, chat.ask_at = ChatState.LEFT.value, None, None
    assignment.withdraw(WorkKind.CHAT, chat.id, at)
    _record(chat, events.ChatLeft(chat.id, chosen=told is not ChatTold.NOBODY), at)
    return holding.say_so(chat, told, at, client_id=client_id)


def _record(chat: Chat, event: events.Event, at: datetime) -> None:
    assert chat.ticket_id is not None
    journal.record(chat.ticket_id, event, SYSTEM, at)


_WAITING = text(
    """
    select chat.id, chat.ticket_id, chat.queued_at from chat
    where chat.state = 'queued'
      and not exists (select from offer where offer.kind = 'chat' and offer.work_id = chat.id
                      and offer.state = 'offered' and offer.expires_at > :at)
    order by chat.queued_at limit :limit
    """
)


def tick(at: datetime) -> int:
    """Offers what waits and is on offer to nobody, longest first; how many offers were made."""
    rows = db.session.execute(_WAITING, {"at": at, "limit": MOST_OFFERS}).all()
    return sum(_look_at(row, at) for row in rows)


@unit()
def _look_at(row: Row[Any], at: datetime) -> bool:
    if _offer(row.id, row.ticket_id, at):
        return True
    if row.queued_at < at - PATIENCE:
        _give_up(row.id, at)
    return False


def _give_up(chat_id: int, at: datetime) -> None:
    """Who waits for nobody is told so."""
    chat = holding.hold_with_ticket(chat_id)
    if chat.state == ChatState.QUEUED and not can_wait(chat, at):
        leave(chat, at)


_TICKET = text(
    """
    select ticket.id, ticket.department_id, ticket.restricted, ticket.assignee_id, ticket.owner_id,
           ticket.requester_id, ticket.complained_of, ticket.language, ticket.team_id, ticket.service_id,
           chat.last_agent_id
    from ticket join chat on chat.id = :chat where ticket.id = :id
    """
)


def _offer(chat_id: int, ticket_id: int, at: datetime) -> bool:
    """Asks for somebody in the department, or, while it has none, in each; whether it is on offer now."""
    ticket = db.session.execute(_TICKET, {"id": ticket_id, "chat": chat_id}).one()
    own = ticket.department_id
    wanted = [own] if own is not None else [one.department_id for one in staffing.answering(
        [place.id for place in catalogue.departments()], at)]  # fmt: skip
    refusers = assignment.refusers(WorkKind.CHAT, chat_id, at - REFUSED_FOR)
    for department_id in wanted:
        made = assignment.offer(_work(chat_id, ticket, department_id), at, not_to=refusers).offer
        if made is not None:
            news = {"chat": chat_id, "kind": OFFERED, "ticket": ticket_id, "department": department_id}
            announce(STREAM, news | {"person": made.person_id})
            return True
    return False


def _work(chat_id: int, ticket: Row[Any], department_id: int) -> Work:
    skills = assignment.rules().get(department_id)
    wanted = skills.skills.get(ticket.service_id, frozenset()) if skills and ticket.service_id else frozenset()
    return Work(
        WorkKind.CHAT, chat_id, department_id, ticket.language, wanted, ticket.team_id, cast(Guarded, ticket),
        ticket.last_agent_id,
    )  # fmt: skip


@dataclass(frozen=True)
class Wait:
    """A place in the queue, and how long it took others lately in minutes, where that is known."""

    position: int
    shortest: int | None = None
    longest: int | None = None


_POSITION = text(
    """
    select count(*) from chat join ticket on ticket.id = chat.ticket_id
    where chat.state = 'queued' and ticket.department_id is not distinct from cast(:department as bigint)
      and (chat.queued_at, chat.id) < (:since, :id)
    """
)
_RANGE = text(
    """
    select count(*) as samples,
           percentile_cont(0.5) within group (order by extract(epoch from accepted_at - queued_at)) as usual,
           percentile_cont(0.8) within group (order by extract(epoch from accepted_at - queued_at)) as long
    from chat join ticket on ticket.id = chat.ticket_id
    where chat.accepted_at > :since and ticket.department_id is not distinct from cast(:department as bigint)
    """
)


def wait_of(chat_id: int, department_id: int | None, queued_at: datetime, at: datetime) -> Wait:
    """Where a waiting conversation stands, with an honest range where enough was measured."""
    values = {"department": department_id, "since": queued_at, "id": chat_id}
    position = int(db.session.execute(_POSITION, values).scalar_one()) + 1
    measured = {"department": department_id, "since": at - timedelta(minutes=30)}
    row = db.session.execute(_RANGE, measured).one()
    if row.samples < SAMPLES:
        return Wait(position)
    return Wait(position, _minutes(row.usual), max(_minutes(row.usual), _minutes(row.long)))


def _minutes(seconds: float) -> int:
    return max(1, -(-int(seconds) // 60))
