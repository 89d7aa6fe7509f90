"""Who may open no conversations for a while: why, until when, by whom; and who lets them in again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, text

from helpdesk import clock
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.models.chats import Chat, ChatBlock
from helpdesk.permissions import Actor, may
from helpdesk.services import house, scope
from helpdesk.services.chats import holding
from helpdesk.services.hands import held

LONGEST = timedelta(days=30)
REASONS = ("insults", "spam", "threats", "flood")
MOST = 200
"""Blocks shown at once; older ones have ended long ago."""

_BLOCKED = text("select exists (select from chat_block where visitor = :visitor and until > :at)")


def is_blocked(visitor: str, at: datetime) -> bool:
    """Whether whoever comes from there is kept out."""
    return bool(visitor) and bool(db.session.execute(_BLOCKED, {"visitor": visitor, "at": at}).scalar())


@unit()
def block(actor: Actor, chat_id: int, reason: str, *, hours: int = 24, at: datetime | None = None) -> None:
    """Keeps out who speaks in that conversation, for some hours and a reason; their request stays.

    Raises NotFound, Forbidden, Invalid.
    """
    now, number = at or clock.now(), holding.ticket_of(chat_id)
    if reason not in REASONS:
        raise Invalid("Say why.", fields={"reason": f"one of {', '.join(REASONS)}"})
    if not 1 <= hours <= LONGEST.total_seconds() // 3600:
        raise Invalid("Say for how long.", fields={"hours": "1 to 720"})
    if number is None:
        raise Invalid("This conversation is no request yet.")
    with held(actor, number, "reply", None, now):
        chat = holding.hold(chat_id)
        row = {"visitor": chat.visitor, "chat_id": chat.id, "reason": reason, "by_id": actor.id}
        row |= {"at": now, "until": now + timedelta(hours=hours)}
        made = db.session.execute(insert(table(ChatBlock)).values(row).returning(table(ChatBlock).c.id)).scalar_one()
        house.record(actor, "made", "chat-block", made, now, {"reason": reason, "hours": hours})


@unit()
def unblock(actor: Actor, chat_id: int, at: datetime | None = None) -> None:
    """Lets in again who speaks in that conversation, whose request the actor may see."""
    number = holding.ticket_of(chat_id)
    scope.find(actor, number or 0)
    visitor = select(table(Chat).c.visitor).where(table(Chat).c.id == chat_id).scalar_subquery()
    rows = table(ChatBlock)
    db.session.execute(rows.update().where(rows.c.visitor == visitor).values(until=at or clock.now()))


_RUNNING = text(
    """
    select chat_block.id, chat_block.reason, chat_block.at, chat_block.until, person.name as by, chat.ticket_id,
           (select count(*) from chat as other where other.visitor = chat_block.visitor
            and other.opened_at > chat_block.at - interval '1 hour' and other.opened_at <= chat_block.at) as opened
    from chat_block join person on person.id = chat_block.by_id left join chat on chat.id = chat_block.chat_id
    where chat_block.until > :at order by chat_block.until desc, chat_block.id desc limit :most
    """
)


def running(actor: Actor, at: datetime) -> Sequence[Row[Any]]:
    """Everybody who is kept out just now, who is let in last first; raises Forbidden for who does not administer."""
    _require_administrator(actor)
    return db.session.execute(_RUNNING, {"at": at, "most": MOST}).all()


@unit()
def lift(actor: Actor, block_id: int, at: datetime) -> None:
    """Ends one block before its time; a second press changes nothing. Raises Forbidden, NotFound."""
    _require_administrator(actor)
    rows = table(ChatBlock)
    query = select(rows.c.until).where(rows.c.id == block_id).with_for_update()
    until = db.session.execute(query).scalar_one_or_none()
    if until is None:
        raise NotFound("There is no such block.")
    if until > at:
        db.session.execute(rows.update().where(rows.c.id == block_id).values(until=at))
        house.record(actor, "lifted", "chat-block", block_id, at)


def _require_administrator(actor: Actor) -> None:
    if not may(actor, "administer"):
        raise Forbidden("Only administrators see who is kept out.")
