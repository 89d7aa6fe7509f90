"""The one table of moves: which verb leads from where to where, and what it needs."""

from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.errors import Invalid, Stale
from helpdesk.vocabulary import FINISHED, TERMINAL, WAITING, Status

_LIVE = frozenset(Status) - FINISHED
_ANY_BUT_TERMINAL = frozenset(Status) - TERMINAL


@dataclass(frozen=True)
class Move:
    """A verb: allowed ``sources``, where it leads (None: stays, or as its fields say), and the fields it needs."""

    verb: str
    sources: frozenset[Status]
    target: Status | None = None
    needs: tuple[str, ...] = ()


MOVES: Mapping[str, Move] = {
    move.verb: move
    for move in (
        Move("take", _LIVE),
        Move("assign", _LIVE),
        Move("transfer", _LIVE, needs=("department_id", "reason")),
        Move("classify", _ANY_BUT_TERMINAL),
        Move("wait", _LIVE, needs=("reason",)),
        Move("resume", frozenset(WAITING), Status.OPEN),
        Move("resolve", _LIVE, Status.RESOLVED, ("code", "text")),
        Move("confirm", frozenset({Status.RESOLVED}), Status.CLOSED),
        Move("reject", frozenset({Status.RESOLVED}), Status.OPEN),
        Move("close", frozenset({Status.RESOLVED}), Status.CLOSED),
        Move("reopen", frozenset({Status.RESOLVED}), Status.OPEN, ("reason",)),
        Move("cancel", _LIVE, Status.CANCELLED, ("reason",)),
    )
}


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


def allowed(status: str) -> tuple[str, ...]:
    """The verbs that lead on from a status."""
    return tuple(verb for verb, move in MOVES.items() if status in move.sources)
