"""A time that was promised for a chat has come: the citizen opens it from their request and waits for somebody."""

from datetime import datetime, timedelta

from helpdesk.db import unit
from helpdesk.errors import Forbidden, Stale
from helpdesk.permissions import Actor
from helpdesk.services import callbacks, chats, scope
from helpdesk.vocabulary import ActorKind, PromiseWay

EARLY = timedelta(minutes=10)
"""So long before its window a chat that was promised can be opened."""


def may_open(number: int, at: datetime) -> bool:
    """Whether the chat of that request can be opened now."""
    standing = callbacks.standing(number)
    promise = standing.promise if standing else None
    return promise is not None and promise.way == PromiseWay.CHAT and at >= promise.begins_at - EARLY


@unit()
def open_chat(actor: Actor, number: int, visitor: str, at: datetime) -> chats.Key:
    """The conversation of a request, for its citizen; who opens it again goes on in the same.

    Raises NotFound, Forbidden, and Stale where no chat is promised or its time has not come.
    """
    ticket = scope.find(actor, number, lock=True)
    if actor.kind is not ActorKind.CITIZEN:
        raise Forbidden("Only the citizen opens this chat.")
    if not may_open(number, at):
        raise Stale("The time for this chat has not come yet.", code="not-yet")
    return chats.begin_on(ticket, visitor, at)
