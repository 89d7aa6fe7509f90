"""Against abuse: how much may come from one place or one conversation, who is kept out, and when nobody new gets in."""

from datetime import datetime, timedelta

from sqlalchemy import insert, select, text

from helpdesk import clock
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, HelpdeskError, Invalid
from helpdesk.models.chats import Chat, ChatBlock
from helpdesk.permissions import Actor
from helpdesk.services import scope
from helpdesk.services.chats import holding
from helpdesk.services.hands import held

MINUTE = timedelta(minutes=1)
OPENED_FROM_ONE_PLACE = 12
"""Conversations an hour from one place; whole schools and offices have one address."""

LINES_A_MINUTE = 30
"""Lines a minute in one conversation: nobody types more."""

FLOOD = 120
"""New conversations a minute in the whole house beyond which nobody new gets in: they can leave a request."""

LONGEST_BLOCK = timedelta(days=30)
REASONS = ("insults", "spam", "threats", "flood")


class Crowded(HelpdeskError):
    """Too much at once: wait, or leave a request."""

    status = 429
    title = "Too many at once"


_SEEN = text(
    """
    select (select count(*) from chat where visitor = :visitor and visitor <> '' and opened_at > :hour) as mine,
           (select count(*) from chat where opened_at > :minute) as all,
           exists (select from chat_block where visitor = :visitor and visitor <> '' and until > :at) as blocked
    """
)


def check_opening(visitor: str, at: datetime) -> None:
    """Raises Forbidden for who is kept out, Crowded where too many come at once."""
    values = {"visitor": visitor, "at": at, "hour": at - timedelta(hours=1), "minute": at - MINUTE}
    row = db.session.execute(_SEEN, values).one()
    if row.blocked:
        raise Forbidden("You cannot chat with us just now. You can still send a request.", code="kept-out")
    if row.mine >= OPENED_FROM_ONE_PLACE:
        raise Crowded("You opened many conversations. Go on in one of them, or send a request.", code="too-many")
    if row.all >= FLOOD:
        raise Crowded("Very many people write to us just now. Please send a request.", code="flood")


_LATELY = text(
    "select count(*) from chat_line where chat_id = :id and author = 'citizen' and at > :since and seq > :newest"
)


def check_line(chat_id: int, newest: int, at: datetime) -> None:
    """Raises Crowded where one conversation says more than anybody can type."""
    values = {"id": chat_id, "since": at - MINUTE, "newest": newest - 4 * LINES_A_MINUTE}
    if db.session.execute(_LATELY, values).scalar_one() >= LINES_A_MINUTE:
        raise Crowded("That is very much at once. Please wait a minute.", code="too-fast")


def is_blocked(visitor: str, at: datetime) -> bool:
    """Whether whoever comes from there is kept out."""
    return bool(visitor) and bool(db.session.execute(_SEEN, {
        "visitor": visitor, "at": at, "hour": at, "minute": at}).one().blocked)  # fmt: skip


@unit()
def block(actor: Actor, chat_id: int, reason: str, *, hours: int = 24, at: datetime | None = None) -> None:
    """Keeps out who speaks in that conversation, for some hours and a reason; their request stays.

    Raises NotFound, Forbidden, Invalid.
    """
    now, number = at or clock.now(), holding.ticket_of(chat_id)
    if reason not in REASONS:
        raise Invalid("Say why.", fields={"reason": f"one of {', '.join(REASONS)}"})
    if not 1 <= hours <= LONGEST_BLOCK.total_seconds() // 3600:
        raise Invalid("Say for how long.", fields={"hours": "1 to 720"})
    if number is None:
        raise Invalid("This conversation is no request yet.")
    with held(actor, number, "reply", None, now):
        chat = holding.hold(chat_id)
        row = {"visitor": chat.visitor, "chat_id": chat.id, "reason": reason, "by_id": actor.id}
        row |= {"at": now, "until": now + timedelta(hours=hours)}
        db.session.execute(insert(table(ChatBlock)).values(row))


@unit()
def unblock(actor: Actor, chat_id: int, at: datetime | None = None) -> None:
    """Lets them in again."""
    number = holding.ticket_of(chat_id)
    scope.find(actor, number or 0)
    visitor = select(table(Chat).c.visitor).where(table(Chat).c.id == chat_id).scalar_subquery()
    rows = table(ChatBlock)
    db.session.execute(rows.update().where(rows.c.visitor == visitor).values(until=at or clock.now()))
