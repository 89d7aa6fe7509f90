"""How people reach us and what becomes of what is said."""

from enum import StrEnum


class ChannelKind(StrEnum):
    """By which door a contact came; a channel's folder has the same name."""

    EMAIL = "email"
    WEBFORM = "webform"
    PHONE = "phone"
    CHAT = "chat"
    COUNTER = "counter"
    API = "api"
    MONITORING = "monitoring"
    SMS = "sms"
    WHATSAPP = "whatsapp"


TEXTS = frozenset({ChannelKind.SMS, ChannelKind.WHATSAPP})
"""Channels of short messages: to a number, cut into parts, sent once and never repeated by guess."""


class Direction(StrEnum):
    """Which way a message went."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Audience(StrEnum):
    """Who may read a message."""

    PUBLIC = "public"
    INTERNAL = "internal"


class Delivery(StrEnum):
    """What became of an outgoing message (the outbox row and its mirror on the message)."""

    WAITING = "waiting"
    HELD = "held"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    BOUNCED = "bounced"
    WITHDRAWN = "withdrawn"
    OTHERWISE = "otherwise"


LEFT = frozenset({Delivery.SENT, Delivery.DELIVERED, Delivery.READ})
"""It was handed over; how far it got after that only some channels tell."""


class InboundState(StrEnum):
    """What became of a raw message."""

    KEPT = "kept"
    PROCESSED = "processed"
    UNREADABLE = "unreadable"
    HELD = "held"
    DISCARDED = "discarded"


class InboundOutcome(StrEnum):
    """Where a processed raw message went; together with the states above they account for every arrival."""

    OPENED = "opened"
    JOINED = "joined"
    AUTOMATIC = "automatic"
    SETTLED = "settled"


class CallOutcome(StrEnum):
    """How it went when the citizen was rung."""

    REACHED = "reached"
    LEFT_MESSAGE = "left_message"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
