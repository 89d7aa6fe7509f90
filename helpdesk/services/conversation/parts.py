"""What a ticket's page is made of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from helpdesk.services.callbacks import Window
from helpdesk.services.journal import Recorded

NEWEST = 200
"""Messages shown at once; the older ones by a link."""

OTHERS = 6
"""Other tickets of the requester in the side panel."""

TOLD_BY_MESSAGES = frozenset({"message_received", "reply_sent", "note_added", "delivery_settled", "reply_withdrawn"})
TOLD_BY_CLOCKS = frozenset({"clock_started", "clock_retargeted"})
TOO_SMALL = frozenset({"ticket_acknowledged"})
SILENT = TOLD_BY_MESSAGES | TOLD_BY_CLOCKS | TOO_SMALL
"""Facts that the timeline does not repeat, since something else on the page says them."""


@dataclass(frozen=True)
class Said:
    """A message or an internal note, with its author and files; ``copies`` went to who asked in merged tickets.

    ``elsewhere`` is the number of the merged ticket on which it stands.
    """

    message: Row[Any]
    files: Sequence[Row[Any]]
    copies: Sequence[Row[Any]] = ()
    elsewhere: int | None = None

    @property
    def at(self) -> datetime:
        """When it was said."""
        return self.message.at  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Happened:
    """Facts between two messages, folded into one line."""

    facts: Sequence[Recorded]

    @property
    def at(self) -> datetime:
        """When the last of them happened."""
        return self.facts[-1].at


@dataclass(frozen=True)
class Conversation:
    """A ticket's page. ``people``: the names of all who are mentioned, by id; ``merged``: the tickets merged into it.

    ``call_back``: when the citizen was promised to be rung.
    """

    ticket: Row[Any]
    timeline: Sequence[Said | Happened]
    older: int
    clocks: Sequence[Row[Any]]
    others: Sequence[Row[Any]]
    links: Sequence[Row[Any]]
    participants: Sequence[Row[Any]]
    people: Mapping[int, str]
    allowed: frozenset[str]
    merged: Sequence[Row[Any]] = ()
    call_back: Window | None = None

    @property
    def last_message_id(self) -> int:
        """The newest message shown; 0 without any."""
        return max((entry.message.id for entry in self.timeline if isinstance(entry, Said)), default=0)

    @property
    def also_to(self) -> Sequence[Row[Any]]:
        """The merged tickets in which other people asked, who get our answers too."""
        return [row for row in self.merged if row.requester_id not in (None, self.ticket.requester_id)]


def together(messages: Iterable[Said], facts: Iterable[Recorded]) -> list[Said | Happened]:
    """Messages and facts in the order of time; facts that follow each other become one entry."""
    entries: list[Said | Recorded] = [*messages, *facts]
    entries.sort(key=lambda entry: (entry.at, isinstance(entry, Recorded)))
    timeline: list[Said | Happened] = []
    for is_fact, group in groupby(entries, key=lambda entry: isinstance(entry, Recorded)):
        if is_fact:
            timeline.append(Happened([entry for entry in group if isinstance(entry, Recorded)]))
        else:
            timeline.extend(entry for entry in group if isinstance(entry, Said))
    return timeline
