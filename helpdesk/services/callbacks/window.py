"""The promise that is open by a journal. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk import events
from helpdesk.services.journal import Recorded
from helpdesk.vocabulary import CallOutcome

_ENDING = (events.CallBackCancelled, events.CallBackGivenUp, events.TicketResolved, events.TicketCancelled)


@dataclass(frozen=True)
class Window:
    """When the citizen will be rung, or written to. ``tried``: they were, and not reached, and may be promised another
    time."""

    begins_at: datetime
    ends_at: datetime
    tried: bool = False
    way: str = "phone"


def promised(facts: Iterable[Recorded]) -> Window | None:
    """The call that is still owed by this journal: reaching them, giving up, calling off, or the ticket's end ends it.

    A new promise takes the place of the one before.
    """
    found: Window | None = None
    for fact in facts:
        if isinstance(fact.event, events.CallBackPromised):
            begins, ends = (datetime.fromisoformat(told) for told in (fact.event.begins_at, fact.event.ends_at))
            found = Window(begins, ends, way=fact.event.way)
        elif isinstance(fact.event, events.CallBackDialled):
            reached = fact.event.outcome == CallOutcome.REACHED
            found = None if reached or found is None else replace(found, tried=True)
        elif isinstance(fact.event, _ENDING):
            found = None
    return found
