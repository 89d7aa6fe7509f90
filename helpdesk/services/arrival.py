"""What arrived, whatever the door: one value that the whole of intake works on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services.accounts import Account
from helpdesk.services.people import Contact


@dataclass(frozen=True)
class StoredFile:
    """An attachment whose bytes stand in storage."""

    name: str
    content_type: str
    size: int
    sha256: str
    inline: bool = False
    content_id: str | None = None


@dataclass(frozen=True)
class Wish:
    """What the sender or the member of staff already decided; None leaves it to routing.

    ``service`` is a key, as forms name it; one that is not ours is as good as none.
    """

    department_id: int | None = None
    service: str = ""
    service_id: int | None = None
    category_id: int | None = None
    type: str | None = None
    impact: str | None = None
    urgency: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    restricted: bool = False
    complained_of: tuple[int, ...] = ()


@dataclass(frozen=True)
class Bounced:
    """A delivery was given up, or only is late: which Message-ID, to which addresses, why."""

    external_id: str
    addresses: tuple[str, ...]
    detail: str
    final: bool = True


@dataclass(frozen=True)
class Arrival:
    """A message understood, ready to join a ticket or to open one.

    ``signed`` are tickets named by a signed reply address, ``named`` those whose number stands in the
    subject; ``automatic`` is a code when a machine wrote. ``actor`` opened it: the system for what came
    by a channel, a member of staff for what they took down. ``on_behalf_of`` is for whom it is asked, where that is
    somebody else; ``split_from`` the ticket of the same contact that this was a part of. ``spam``: a filter in front
    of us says so; ``cleared``: a person looked at it and let it pass. ``complaint``: the Message-ID of a letter marked
    as spam. ``texted``: what a carrier tells of a short message beside its words.
    """

    channel: str
    received_at: datetime
    contact: Contact
    subject: str
    text: str
    html: str | None = None
    reply_text: str | None = None
    language: str = "el"
    inbound_id: int | None = None
    account: Account | None = None
    recipients: tuple[str, ...] = ()
    external_id: str = ""
    references: tuple[str, ...] = ()
    signed: tuple[int, ...] = ()
    named: tuple[int, ...] = ()
    automatic: str | None = None
    may_answer: bool = True
    authentication: Mapping[str, Any] | None = None
    unverified: bool = False
    spam_score: float | None = None
    spam: bool = False
    cleared: bool = False
    warnings: tuple[str, ...] = ()
    files: tuple[StoredFile, ...] = ()
    bounced: Bounced | None = None
    complaint: str = ""
    requester_id: int | None = None
    on_behalf_of: Contact | None = None
    split_from: int | None = None
    wish: Wish = Wish()
    actor: Actor = SYSTEM
    by_staff: bool = False
    texted: Mapping[str, Any] = field(default_factory=dict)
