"""Sentences for the timeline about a request's conversation by chat."""

from collections.abc import Callable, Mapping
from typing import Any

from helpdesk.web.desk.telling import Telling
from helpdesk.web.templating import say

Data = Mapping[str, Any]


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


ENDED = {
    "citizen": _("ended the chat"),
    "agent": _("ended the chat"),
    "clock": _("ended the chat, since nobody said anything any more"),
}
BROKE_OFF = {
    "citizen": _("noted that the citizen has left the chat; they may come back"),
    "agent": _("noted that the agent was gone, and offered the chat to others"),
}


def _waited(data: Data, telling: Telling) -> str:
    return say(_("put the chat back at the head of the queue")) if data.get("again") else say(_("queued the chat"))


def _answered(data: Data, telling: Telling) -> str:
    if data.get("previous"):
        return say(_("took the chat over from %(person)s"), person=telling.person(data["previous"]))
    return say(_("answered the chat"))


def _broke_off(data: Data, telling: Telling) -> str:
    return say(BROKE_OFF.get(data["side"], BROKE_OFF["agent"]))


def _left(data: Data, telling: Telling) -> str:
    if data.get("chosen"):
        return say(_("noted that the citizen waits no longer in the chat: it goes on as a request"))
    return say(_("told the citizen that nobody can chat just now: it goes on as a request"))


def _ended(data: Data, telling: Telling) -> str:
    return say(ENDED.get(data["by"], ENDED["agent"]))


SENTENCES: Mapping[str, Callable[[Data, Telling], str]] = {
    "chat_waited": _waited,
    "chat_answered": _answered,
    "chat_broke_off": _broke_off,
    "chat_left": _left,
    "chat_ended": _ended,
}
