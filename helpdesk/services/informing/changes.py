"""Which facts are changes that people outside can see. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from helpdesk import events
from helpdesk.services.journal import Recorded
from helpdesk.vocabulary import WAITING, ActorKind, PublicChange, Status


@dataclass(frozen=True)
class Changed:
    """A public change of a ticket; ``ours`` unless a citizen did it, ``own`` where they know it therefore."""

    ticket_id: int
    change: PublicChange
    at: datetime
    event: events.Event
    ours: bool = True
    own: bool = False

    @property
    def is_said_beside(self) -> bool:
        """Whether words of ours in the same instant say it, too."""
        return self.ours and self.change not in BY_ITSELF


BY_ITSELF = frozenset(
    {
        PublicChange.CLOSED, PublicChange.CANCELLED, PublicChange.REOPENED, PublicChange.MERGED, PublicChange.UNMERGED,
        PublicChange.CALL_PROMISED, PublicChange.CALL_OFF,
    }
)  # fmt: skip
"""Changes that nobody's answer says."""

_MOVES = {
    Status.WAITING_REQUESTER: PublicChange.NEEDS_CITIZEN,
    Status.WAITING_SUPPLIER: PublicChange.WAITS_SUPPLIER,
    Status.WAITING_INTERNAL: PublicChange.WAITS_INTERNAL,
    Status.SCHEDULED: PublicChange.SCHEDULED,
}
WAITS = frozenset(_MOVES.values())
"""Changes into waiting."""

GOES_ON = frozenset({PublicChange.TAKEN_UP, PublicChange.RESUMED, PublicChange.REOPENED, PublicChange.TRANSFERRED})
"""Changes after which somebody works on it."""

_FACTS: dict[type[events.Event], PublicChange] = {
    events.TicketTransferred: PublicChange.TRANSFERRED,
    events.TicketResolved: PublicChange.RESOLVED,
    events.TicketForwarded: PublicChange.FORWARDED,
    events.TicketReopened: PublicChange.REOPENED,
    events.TicketClosed: PublicChange.CLOSED,
    events.TicketCancelled: PublicChange.CANCELLED,
    events.DeadlineExtended: PublicChange.EXTENDED,
    events.ApplicationIncomplete: PublicChange.NEEDS_CITIZEN,
    events.TicketMerged: PublicChange.MERGED,
    events.TicketUnmerged: PublicChange.UNMERGED,
    events.CallBackPromised: PublicChange.CALL_PROMISED,
    events.CallBackCancelled: PublicChange.CALL_OFF,
}
SEEN: tuple[type[events.Event], ...] = (*_FACTS, events.StatusChanged, events.TicketEscalated)
"""Facts of these kinds are looked at."""

TOLD_ANYWAY = frozenset({PublicChange.REOPENED, PublicChange.CALL_PROMISED})
"""What who asked is told even where they did it: that it reached somebody."""


def of(facts: Iterable[Recorded]) -> dict[int, list[Changed]]:
    """The public changes by ticket, in their order; none of tickets that these facts open: their receipt tells it."""
    known = list(facts)
    opened = {fact.ticket_id for fact in known if isinstance(fact.event, events.TicketOpened)}
    found: dict[int, list[Changed]] = {}
    for fact in known:
        change = _change(fact.event)
        if change is not None and fact.ticket_id not in opened:
            ours = fact.actor_kind != ActorKind.CITIZEN
            own = not ours and change not in TOLD_ANYWAY
            one = Changed(fact.ticket_id, change, fact.at, fact.event, ours, own)
            found.setdefault(fact.ticket_id, []).append(one)
    return found


def _change(event: events.Event) -> PublicChange | None:
    if isinstance(event, events.StatusChanged):
        return _move(event)
    if isinstance(event, events.TicketEscalated):
        return PublicChange.ESCALATED if event.told else None
    return _FACTS.get(type(event))


def _move(event: events.StatusChanged) -> PublicChange | None:
    """Waiting for the same again is no change, another date is one."""
    if event.status == Status.OPEN:
        if event.previous == Status.NEW:
            return PublicChange.TAKEN_UP
        return PublicChange.RESUMED if event.previous in WAITING else None
    if event.status not in _MOVES or (event.status == event.previous and event.status != Status.SCHEDULED):
        return None
    return _MOVES[Status(event.status)]
