"""Which facts of a journal start, pause, stop and withdraw each clock. Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from helpdesk import events
from helpdesk.events import Event
from helpdesk.services.journal import Recorded
from helpdesk.vocabulary import ClockName, Status
from sla import SignalKind

Hears = Callable[[Event], SignalKind | None]
"""What a fact means to a clock."""

_GONE = (events.TicketCancelled, events.TicketMerged)
_OVER = (events.TicketResolved, *_GONE)
NOT_COMPETENT = "not_competent"


def answers(event: Event) -> bool:
    """A word of a human to the citizen: a message that leaves us, or a call that reached them."""
    match event:
        case events.ReplySent(automatic=None) | events.CallBackDialled(outcome="reached"):
            return True
    return False


def _acknowledge(event: Event) -> SignalKind | None:
    match event:
        case events.TicketOpened(by_staff=False, automatic=None):
            return SignalKind.START
        case events.TicketAcknowledged():
            return SignalKind.STOP
    return SignalKind.WITHDRAW if isinstance(event, _OVER) else None


def _first_response(event: Event) -> SignalKind | None:
    if answers(event):
        return SignalKind.STOP
    match event:
        case events.TicketOpened(by_staff=False, automatic=None):
            return SignalKind.START
    return SignalKind.WITHDRAW if isinstance(event, _OVER) else None


def _next_response(event: Event) -> SignalKind | None:
    if answers(event):
        return SignalKind.STOP
    match event:
        case events.MessageReceived(automatic=None):
            return SignalKind.START
        case events.NoReplyNeeded():
            return SignalKind.WITHDRAW
    return SignalKind.WITHDRAW if isinstance(event, _OVER) else None


def _update(event: Event) -> SignalKind | None:
    if answers(event):
        return SignalKind.RESTART
    match event:
        case events.MajorDeclared():
            return SignalKind.RESTART
        case events.TicketResolved():
            return SignalKind.STOP
    return SignalKind.WITHDRAW if isinstance(event, _GONE) else None


def _resolution(event: Event) -> SignalKind | None:
    match event:
        case events.TicketOpened(automatic=None):
            return SignalKind.START
        case events.TicketResolved():
            return SignalKind.STOP
        case events.TicketReopened():
            return SignalKind.REOPEN
    return SignalKind.WITHDRAW if isinstance(event, _GONE) else None


def _ola(event: Event) -> SignalKind | None:
    match event:
        case events.TicketTransferred() | events.TicketResolved():
            return SignalKind.STOP
    return SignalKind.WITHDRAW if isinstance(event, _GONE) else None


def _ua(event: Event) -> SignalKind | None:
    match event:
        case events.SupplierAnswered() | events.TicketResolved():
            return SignalKind.STOP
    return SignalKind.WITHDRAW if isinstance(event, _GONE) else None


def _statutory(event: Event) -> SignalKind | None:
    match event:
        case events.TicketResolved(code="not_competent"):
            return SignalKind.WITHDRAW
        case events.TicketResolved():
            return SignalKind.STOP
        case events.TicketReopened():
            return SignalKind.REOPEN
        case events.ApplicationIncomplete() | events.CompetenceDenied():
            return SignalKind.WITHDRAW
    return SignalKind.WITHDRAW if isinstance(event, _GONE) else None


def _forwarding(event: Event) -> SignalKind | None:
    match event:
        case events.TicketForwarded() | events.TicketTransferred():
            return SignalKind.STOP
    return SignalKind.WITHDRAW if isinstance(event, _OVER) else None


def _callback(event: Event) -> SignalKind | None:
    match event:
        case events.CallBackRung() | events.CallBackDialled():
            return SignalKind.STOP
        case events.CallBackCancelled():
            return SignalKind.WITHDRAW
    return SignalKind.WITHDRAW if isinstance(event, _OVER) else None


CLOCKS: Mapping[ClockName, Hears] = {
    ClockName.ACKNOWLEDGE: _acknowledge,
    ClockName.FIRST_RESPONSE: _first_response,
    ClockName.NEXT_RESPONSE: _next_response,
    ClockName.UPDATE: _update,
    ClockName.RESOLUTION: _resolution,
    ClockName.OLA: _ola,
    ClockName.UA: _ua,
    ClockName.STATUTORY: _statutory,
    ClockName.FORWARDING: _forwarding,
    ClockName.CALLBACK: _callback,
}
"""Every clock, by what its facts mean to it."""

RENEWED = frozenset({ClockName.OLA, ClockName.UA, ClockName.STATUTORY, ClockName.FORWARDING, ClockName.CALLBACK})
"""Clocks each of whose cycles begins by a ClockStarted of its own, with terms of its own."""

MOVING = (
    events.TicketAcknowledged,
    events.MessageReceived,
    events.ReplySent,
    events.ReplyWithdrawn,
    events.NoReplyNeeded,
    events.CallBackPromised,
    events.CallBackRung,
    events.CallBackDialled,
    events.CallBackCancelled,
    events.StatusChanged,
    events.TicketTransferred,
    events.SupplierEngaged,
    events.SupplierAnswered,
    events.TicketResolved,
    events.TicketReopened,
    events.TicketCancelled,
    events.TicketMerged,
    events.TicketUnmerged,
    events.CompetenceDenied,
    events.TicketForwarded,
    events.ApplicationIncomplete,
    events.ApplicationCompleted,
    events.ClockRetargeted,
    events.MajorDeclared,
    events.MajorRevoked,
)
"""The facts after which clocks are read anew."""

CLOCKED = (events.TicketOpened, events.ClockStarted, *MOVING)
"""All facts that any clock hears: of the others none makes a difference to how a clock reads."""


@dataclass(frozen=True)
class Life:
    """The facts of one ticket, in the order of its journal, without those that were undone."""

    facts: Sequence[Recorded]

    @classmethod
    def of(cls, facts: Sequence[Recorded]) -> "Life":
        """Leaves out replies taken back and merges undone, with what undid them."""
        undone = {fact.event.message_id for fact in facts if isinstance(fact.event, events.ReplyWithdrawn)}
        merges = [at for at, fact in enumerate(facts) if isinstance(fact.event, events.TicketMerged)]
        unmerges = sum(isinstance(fact.event, events.TicketUnmerged) for fact in facts)
        if not undone and not unmerges:
            return cls(facts)
        gone = set(merges[:unmerges])
        return cls(
            [
                fact
                for at, fact in enumerate(facts)
                if at not in gone and not (isinstance(fact.event, events.ReplySent) and fact.event.message_id in undone)
            ]
        )

    @cached_property
    def answered(self) -> int:
        """From which place on what the citizen writes wants a next response: after the first, where one was owed."""
        for at, fact in enumerate(self.facts):
            match fact.event:
                case events.TicketOpened(by_staff=by_staff, automatic=automatic) if by_staff or automatic:
                    return at
            if answers(fact.event):
                return at
        return len(self.facts)

    def heard(self, name: ClockName) -> Iterator[tuple[Recorded, SignalKind | None]]:
        """Every fact, with what it means to that clock; one that is renewed hears nothing before its first start."""
        hears, renewals = CLOCKS[name], self._renewals(name) if name in RENEWED else ()
        begun = min(renewals) if renewals else None
        for at, fact in enumerate(self.facts):
            kind = hears(fact.event) if begun is None or fact.at >= begun else None
            if kind is SignalKind.START and name is ClockName.NEXT_RESPONSE and at <= self.answered:
                kind = None
            if name is ClockName.OLA and fact.at in renewals and isinstance(fact.event, events.TicketTransferred):
                kind = None  # the stay that begins in that instant ends the one before
            yield fact, kind

    def _renewals(self, name: ClockName) -> Collection[datetime]:
        return {
            fact.at for fact in self.facts if isinstance(fact.event, events.ClockStarted) and fact.event.clock == name
        }


def status_after(together: Iterable[Event], before: str) -> str:
    """The status that the facts of one instant lead to, in whatever order they were written."""
    moves = [move for event in together if (move := _move(event))]
    sources = {source for source, _ in moves}
    ends = [status for _, status in moves if status not in sources]
    return ends[-1] if ends else before


def _move(event: Event) -> tuple[str, str] | None:
    match event:
        case events.StatusChanged():
            return event.previous, event.status
        case events.TicketResolved():
            return "", Status.RESOLVED.value
        case events.TicketReopened():
            return Status.RESOLVED.value, Status.OPEN.value
    return None


def starts(name: ClockName, event: Event) -> bool:
    """Whether opening the ticket starts that clock."""
    return CLOCKS[name](event) is SignalKind.START
