"""What was said: openings, messages, replies, notes, calls and what became of letters."""

from dataclasses import dataclass

from helpdesk.events.base import Event


@dataclass(frozen=True)
class TicketOpened(Event):
    """A contact became a record. ``by_staff`` tickets owe no first response."""

    channel: str
    received_at: str
    message_id: int | None = None
    by_staff: bool = False
    automatic: str | None = None


@dataclass(frozen=True)
class MessageReceived(Event):
    """The requester, a participant or a machine wrote."""

    message_id: int
    channel: str
    automatic: str | None = None
    unverified: bool = False


@dataclass(frozen=True)
class ReplySent(Event):
    """A public message left us; only one by a human answers (``automatic`` is a code or null)."""

    message_id: int
    channel: str
    automatic: str | None = None


@dataclass(frozen=True)
class ReplyWithdrawn(Event):
    """A reply was undone before it left; the clocks forget it."""

    message_id: int


@dataclass(frozen=True)
class NoReplyNeeded(Event):
    """What the citizen wrote last wants no answer; ``reason`` is a code."""

    reason: str
    message_id: int | None = None


@dataclass(frozen=True)
class NoteAdded(Event):
    """An internal note, which the citizen never sees."""

    message_id: int


@dataclass(frozen=True)
class WaitingReminded(Event):
    """Who is waited for was reminded; ``last`` says what follows if nothing comes. ``to`` is citizen or staff."""

    message_id: int | None = None
    last: bool = False
    to: str = "citizen"


@dataclass(frozen=True)
class DeliverySettled(Event):
    """What became of an outgoing message: sent, refused, unknown, bounced."""

    message_id: int
    state: str


@dataclass(frozen=True)
class CallBackPromised(Event):
    """The citizen will be rung between these moments, or written to; ``way`` is a code (phone, chat, email)."""

    begins_at: str
    ends_at: str
    way: str = "phone"


@dataclass(frozen=True)
class CallBackDialled(Event):
    """The citizen was rung, or written to at the time agreed; ``outcome`` is a code (reached, left_message, busy,
    no_answer, failed)."""

    outcome: str
    message_id: int | None = None
    way: str = "phone"


@dataclass(frozen=True)
class CallBackCancelled(Event):
    """The citizen wants no call any more."""


@dataclass(frozen=True)
class ParticipantAdded(Event):
    """A person takes part in the conversation from now on."""

    person_id: int
