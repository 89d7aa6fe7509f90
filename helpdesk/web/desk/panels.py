"""What other rooms show on a ticket's page: one line here each, one template, one function that reads."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from helpdesk.permissions import Actor
from helpdesk.services.conversation import Conversation
from helpdesk.web.desk import (
    alike,
    call_back,
    chat_panel,
    checklist,
    closing,
    gravest,
    known_errors,
    phone,
    priorities,
    registering,
)
from helpdesk.web.desk.words import Words

Reader = Callable[[Actor, Conversation, Words], Any]
"""What the template shows as ``panel``; None where there is nothing to show."""


@dataclass(frozen=True)
class Panel:
    """A box of the ticket's page, in the order of the table."""

    template: str
    read: Reader


HEAD: tuple[Panel, ...] = (
    Panel("desk/_gravest.html", gravest.panel),
    Panel("desk/_chat_panel.html", chat_panel.panel),
)
"""Above the conversation: what everybody who opens the ticket must know first."""

SIDE: tuple[Panel, ...] = (
    Panel("desk/_call_back.html", call_back.panel),
    Panel("desk/_closure.html", closing.panel),
    Panel("desk/_checklist.html", checklist.panel),
    Panel("desk/_known_errors.html", known_errors.panel),
    Panel("desk/_calls.html", phone.panel),
    Panel("desk/_alike.html", alike.panel),
    Panel("desk/_priority.html", priorities.why),
    Panel("desk/_complaint.html", registering.complaint),
    Panel("desk/_split.html", registering.parts),
)
"""Beside the conversation, after the person and before the clocks."""


def shown(table: tuple[Panel, ...], actor: Actor, found: Conversation, known: Words) -> list[tuple[str, Any]]:
    """The templates that have something to show, each with what it shows."""
    read = [(panel.template, panel.read(actor, found, known)) for panel in table]
    return [(template, values) for template, values in read if values is not None]
