"""How a conversation by chat stands, and who speaks in it."""

from enum import StrEnum


class ChatState(StrEnum):
    """A conversation's life. With ``queued`` it is a request with a number; what is ``left`` goes on as one only.

    ``paused``: the citizen has gone and may come back. ``solved``: the bot's answer was all it took, and no request.
    """

    BOT = "bot"
    QUEUED = "queued"
    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"
    CLOSED = "closed"
    SOLVED = "solved"


class ChatAuthor(StrEnum):
    """Who says a line; the ``house`` says what happens (its lines are codes, put into words for who reads)."""

    CITIZEN = "citizen"
    AGENT = "agent"
    BOT = "bot"
    HOUSE = "house"


class ChatTold(StrEnum):
    """What the house says in a conversation."""

    NUMBER = "number"
    QUEUED = "queued"
    NOBODY = "nobody"
    JOINED = "joined"
    AGENT_LOST = "agent_lost"
    PASSED_ON = "passed_on"
    TAKEN_OVER = "taken_over"
    PAUSED = "paused"
    RESUMED = "resumed"
    CLOSED = "closed"
    SOLVED = "solved"
    LETTER = "letter"
    TEXTS = "texts"
    LONG_WAIT = "long_wait"
    WAITS_ON = "waits_on"
    LEAVES = "leaves"
    CALL_BACK = "call_back"
    SILENT = "silent"
    STAYS = "stays"


class ChatChoice(StrEnum):
    """What a citizen answers the house by a button: after a long wait, and after a long silence."""

    WAIT = "do:wait"
    LEAVE = "do:leave"
    CALL = "do:call"
    STAY = "do:stay"


WITH_PEOPLE = frozenset({ChatState.QUEUED, ChatState.ACTIVE})
"""Somebody waits for a person, or speaks with one."""

CHAT_OVER = frozenset({ChatState.CLOSED, ChatState.SOLVED})
"""Conversations that have ended; who writes again begins anew, on the same request where there is one."""
