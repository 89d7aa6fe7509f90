"""What staff answer by letter on a request that came by chat is read in its conversation, too."""

from collections.abc import Sequence

from sqlalchemy import text

from helpdesk import events
from helpdesk.db import db
from helpdesk.services.chats import holding
from helpdesk.services.chats.holding import Line
from helpdesk.services.journal import Recorded
from helpdesk.vocabulary import ChannelKind, ChatAuthor, Delivery

_SPOKEN = text(
    """
    select distinct on (message.id) message.id, message.author_id, chat.id as chat_id, message.at
    from message join chat on chat.ticket_id = message.ticket_id
    where message.id = any(:ids) and message.direction = 'outbound' and message.audience = 'public'
      and message.automatic is null and message.author_id is not null
      and not exists (select from chat_line where chat_line.message_id = message.id)
    order by message.id, chat.id desc
    """
)


def echo(facts: Sequence[Recorded]) -> None:
    """The reaction to replies and to what became of them: a letter is read here once it has left, and not before."""
    ids = [number for fact in facts if (number := _said(fact.event)) is not None]
    rows = db.session.execute(_SPOKEN, {"ids": ids}).all() if ids else ()
    at = max((fact.at for fact in facts), default=None)
    for row in rows:
        assert at is not None
        line = Line(ChatAuthor.AGENT, person_id=row.author_id, message_id=row.id)
        holding.add(holding.hold(row.chat_id), [line], at)


def _said(event: events.Event) -> int | None:
    match event:
        case events.ReplySent(message_id=number, channel=ChannelKind.CHAT, automatic=None):
            return number
        case events.DeliverySettled(message_id=number, state=Delivery.SENT):
            return number
    return None
