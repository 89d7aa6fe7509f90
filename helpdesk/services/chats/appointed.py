"""A conversation on a request that stands already: its citizen comes back to it, and waits for somebody."""

from datetime import datetime

from sqlalchemy import select

from helpdesk.db import db
from helpdesk.models.chats import Chat
from helpdesk.models.tickets import Ticket
from helpdesk.services.access.secrets import new_token
from helpdesk.services.chats import holding, queueing
from helpdesk.services.chats.holding import Key
from helpdesk.vocabulary import CHAT_OVER, ChatState, ChatTold


def begin_on(ticket: Ticket, visitor: str, at: datetime) -> Key:
    """The key of the request's conversation: of the one that runs, else of a new one that waits for somebody.

    Part of the caller's transaction, which holds the ticket and knows that this is its citizen. A key given before is
    none any more.
    """
    token = new_token()
    known = select(Chat.id).where(Chat.ticket_id == ticket.id, Chat.state.not_in([state.value for state in CHAT_OVER]))
    id_ = db.session.execute(known.order_by(Chat.id.desc()).limit(1)).scalar()
    if id_ is not None:
        chat = holding.hold(id_)
        chat.token_hash, chat.citizen_seen_at = holding.hashed(token), at
    else:
        chat = _opened(ticket, token, visitor, at)
    if chat.state not in (ChatState.QUEUED, ChatState.ACTIVE):
        queueing.enter(chat, at)
    return Key(chat.id, token)


def _opened(ticket: Ticket, token: str, visitor: str, at: datetime) -> Chat:
    chat = Chat(
        token_hash=holding.hashed(token), state=ChatState.LEFT.value, language=ticket.language, seq=0, visitor=visitor,
        ticket_id=ticket.id, department_id=ticket.department_id, service_id=ticket.service_id,
        last_agent_id=ticket.assignee_id, opened_at=at, changed_at=at, handed_over_at=at, citizen_seen_at=at,
    )  # fmt: skip
    db.session.add(chat)
    db.session.flush()
    holding.say_so(chat, ChatTold.NUMBER, at, number=ticket.id)
    return chat
