"""The one table of moves: which verb leads from where to where, for whom, what it needs and on what conditions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from helpdesk.errors import Forbidden, HelpdeskError, Invalid, Stale
from helpdesk.permissions import Actor
from helpdesk.vocabulary import FINISHED, TERMINAL, WAITING, ActorKind, Status

_LIVE = frozenset(Status) - FINISHED
_ANY_BUT_TERMINAL = frozenset(Status) - TERMINAL


@dataclass(frozen=True)
class Move:
    """A verb: allowed ``sources``, where it may lead (none: it stays), and the fields it needs.

    Who may do it stands under the same verb in the table of permissions, what else must hold in `CONDITIONS`.
    """

    verb: str
    sources: frozenset[Status]
    targets: frozenset[Status] = frozenset()
    needs: tuple[str, ...] = ()
    by: tuple[ActorKind, ...] = (ActorKind.STAFF, ActorKind.SYSTEM)


@dataclass(frozen=True)
class Case:
    """A ticket somebody is about to move: who, and when. ``ticket`` is its row, held or only read.

    ``past``: another system let it happen, which is told as it was.
    """

    actor: Actor
    ticket: Any
    at: datetime
    past: bool = False
    fields: Mapping[str, object] = field(default_factory=dict)


Unmet = Mapping[str, str] | None
"""None where the condition holds; else what is missing, by field, as far as fields are what is missing."""


@dataclass(frozen=True)
class Condition:
    """What else must hold for these verbs. ``told`` says it to whoever is refused, who gets ``code`` with it.

    ``by_row``: the ticket's own row decides, so that pages offer only what it allows, at no cost. ``of_the_past``: it
    holds for what happened in another system, too.
    """

    code: str
    verbs: frozenset[str]
    told: str
    unmet: Callable[[Case], Unmet]
    by_row: bool = True
    refusal: type[HelpdeskError] = Stale
    of_the_past: bool = True


CONDITIONS: dict[str, Condition] = {}
"""By code. ``services/conditions.py`` fills it, where each room adds its own."""


_ANYBODY = (ActorKind.STAFF, ActorKind.CITIZEN, ActorKind.SYSTEM)
_RESOLVED, _OPEN = frozenset({Status.RESOLVED}), frozenset({Status.OPEN})

MOVES: Mapping[str, Move] = {
    move.verb: move
    for move in (
        Move("take", _LIVE, by=(ActorKind.STAFF,)),
        Move("assign", _LIVE),
        Move("transfer", _LIVE, needs=("department_id", "reason")),
        Move("escalate", _LIVE, needs=("reason",)),
        Move("de-escalate", _LIVE, needs=("reason",)),
        Move("classify", _ANY_BUT_TERMINAL),
        Move("wait", _LIVE, frozenset(WAITING), ("reason",)),
        Move("resume", frozenset(WAITING), _OPEN),
        Move("resolve", _LIVE, _RESOLVED, ("code", "text")),
        Move("confirm", _RESOLVED, frozenset({Status.CLOSED}), by=_ANYBODY),
        Move("reject", _RESOLVED, _OPEN, by=_ANYBODY),
        Move("close", _RESOLVED, frozenset({Status.CLOSED})),
        Move("record-closure", _RESOLVED, by=(ActorKind.STAFF,)),
        Move("reopen", _RESOLVED, _OPEN, ("reason",), _ANYBODY),
        Move("cancel", _LIVE, frozenset({Status.CANCELLED}), ("reason",)),
        Move("merge", _LIVE, frozenset({Status.MERGED}), ("into",)),
        Move("unmerge", frozenset({Status.MERGED}), _LIVE),
        Move("engage-supplier", _LIVE, frozenset({Status.WAITING_SUPPLIER}), ("supplier", "text")),
        Move("supplier-answered", _LIVE),
        Move("deny-competence", _LIVE, needs=("reason",)),
        Move("forward", _LIVE, _RESOLVED, ("to", "text")),
        Move("no-reply-needed", _LIVE, needs=("reason",)),
        Move("mark-incomplete", _LIVE, frozenset({Status.WAITING_REQUESTER}), ("text",)),
        Move("mark-complete", _LIVE),
        Move("extend", _LIVE, needs=("days", "reason")),
        Move("promise-call-back", _LIVE, needs=("begins_at",)),
        Move("move-call-back", _LIVE, needs=("begins_at",), by=_ANYBODY),
        Move("ring-call-back", _LIVE, by=(ActorKind.STAFF,)),
        Move("dial-call-back", _LIVE, needs=("outcome",)),
        Move("cancel-call-back", _LIVE, by=_ANYBODY),
    )
}
"""Working on what is new (take, assign, resolve, a reply) makes it open besides.

So does the end of what was waited for (supplier-answered, mark-complete), where the ticket waits for just that.
"""


def require(verb: str, status: str, fields: Mapping[str, object]) -> Move:
    """The move, if it is legal from that status with those fields; raises Stale or Invalid that names the field."""
    move = MOVES[verb]
    if status not in move.sources:
        allowed = ", ".join(sorted(source.value for source in move.sources))
        raise Stale(f"A ticket that is {status} cannot do: {verb}. It may from: {allowed}.", code="illegal-move")
    missing = {name: "is needed" for name in move.needs if not str(fields.get(name) or "").strip()}
    if missing:
        raise Invalid(f"To {verb}, give {' and '.join(missing)}.", code="missing-field", fields=missing)
    return move


def check(verb: str, case: Case, fields: Mapping[str, object]) -> None:
    """Raises Forbidden, Stale or Invalid where the whole table does not allow the move; whoever calls asked `may`."""
    if case.actor.kind not in MOVES[verb].by:
        raise Forbidden("That is for others to do.")
    require(verb, case.ticket.status, fields)
    case = replace(case, fields=fields)
    for condition in conditions_of(verb):
        missing = condition.unmet(case) if condition.of_the_past or not case.past else None
        if missing is not None:
            raise condition.refusal(condition.told, code=condition.code, fields=missing)


def conditions_of(verb: str) -> list[Condition]:
    """What else must hold for a verb."""
    return [condition for condition in CONDITIONS.values() if verb in condition.verbs]


def allowed(case: Case) -> frozenset[str]:
    """The verbs that lead on from where a ticket stands, as far as its row decides."""
    verbs = {verb for verb, move in MOVES.items() if case.ticket.status in move.sources and case.actor.kind in move.by}
    asked = [one for one in CONDITIONS.values() if one.by_row and one.verbs & verbs]
    return frozenset(verbs.difference(*(one.verbs for one in asked if one.unmet(case) is not None)))
