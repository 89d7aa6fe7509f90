"""What happened in a request's conversation by chat: it waits for somebody, is answered, breaks off, ends."""

from dataclasses import dataclass

from helpdesk.events.base import Event


@dataclass(frozen=True)
class ChatWaited(Event):
    """The citizen waits in the chat for somebody; ``again``: whom they spoke with is gone, or it was passed on."""

    chat_id: int
    again: bool = False


@dataclass(frozen=True)
class ChatAnswered(Event):
    """Somebody speaks with the citizen from now on; ``previous`` is whom they took it over from."""

    chat_id: int
    person_id: int
    previous: int | None = None


@dataclass(frozen=True)
class ChatBrokeOff(Event):
    """One side is no longer there; ``side`` is citizen or agent."""

    chat_id: int
    side: str


@dataclass(frozen=True)
class ChatLeft(Event):
    """Nobody could answer now: it goes on as a request like any other. ``chosen``: the citizen wanted it so."""

    chat_id: int
    chosen: bool = False


@dataclass(frozen=True)
class ChatEnded(Event):
    """The conversation is over; ``by`` is citizen, agent or clock. The request goes on by itself."""

    chat_id: int
    by: str
