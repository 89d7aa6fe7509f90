"""What a ticket's page says of its conversation by chat: that somebody waits or speaks there just now."""

from collections.abc import Mapping
from typing import Any

from helpdesk.permissions import Actor
from helpdesk.services import chats
from helpdesk.services.conversation import Conversation
from helpdesk.vocabulary import ChannelKind, ChatState
from helpdesk.web.desk.words import Words
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


STANDS: Mapping[str, str] = {
    ChatState.QUEUED: _("The citizen waits in the chat."),
    ChatState.ACTIVE: _("The citizen is in the chat now, with %(agent)s."),
    ChatState.PAUSED: _("The citizen left the chat and may come back."),
    ChatState.LEFT: _("The citizen wrote by chat when nobody could answer; they read answers there, too."),
    ChatState.CLOSED: _("The chat has ended; the citizen reads answers there, too."),
}


def panel(actor: Actor, found: Conversation, known: Words) -> dict[str, Any] | None:
    """One statement, and none for a request that did not come by chat."""
    if found.ticket.channel != ChannelKind.CHAT:
        return None
    row = chats.of_ticket(found.ticket.id)
    if row is None or row.state not in STANDS:
        return None
    told = say(STANDS[row.state], agent=row.agent or say(_("a colleague")))
    live = row.state in (ChatState.QUEUED, ChatState.ACTIVE)
    return {"told": told, "id": row.id, "live": live, "over": row.state == ChatState.CLOSED}
