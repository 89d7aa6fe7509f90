"""The one table of moves: which verb leads from where to where, and what it needs."""

from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.errors import Invalid, Stale
from helpdesk.vocabulary import FINISHED, TERMINAL, WAITING, ActorKind, Status

_LIVE = frozenset(Status) - FINISHED
_ANY_BUT_TERMINAL = frozenset(Status) - TERMINAL


@dataclass(frozen=True)
class Move:
    """A verb: allowed ``sources``, where it may lead (none: it stays), and the fields it needs.

    Who may do it stands under the same verb in the table of permissions.
    """

    verb: str
    sources: frozenset[Status]
    targets: frozenset[Status] = frozenset()
    needs: tuple[str, ...] = ()
    by: tuple[ActorKind, ...] = (ActorKind.STAFF, ActorKind.SYSTEM)

    def to_dict(self) -> dict[str, object]:
        """As it is published."""
        return {
            "verb": self.verb,
            "from": [status.value for status in Status if status in self.sources],
            "to": [status.value for status in Status if status in self.targets],
            "needs": list(self.needs),
            "by": [kind.value for kind in self.by],
        }


_ANYBODY = (ActorKind.STAFF, ActorKind.CITIZEN, ActorKind.SYSTEM)
_RESOLVED, _OPEN = frozenset({Status.RESOLVED}), frozenset({Status.OPEN})

MOVES: Mapping[str, Move] = {
    move.verb: move
    for move in (
        Move("take", _LIVE, by=(ActorKind.STAFF,)),
        Move("assign", _LIVE),
        Move("transfer", _LIVE, needs=("department_id", "reason")),
        Move("escalate", _LIVE, needs=("reason",)),
        Move("classify", _ANY_BUT_TERMINAL),
        Move("wait", _LIVE, frozenset(WAITING), ("reason",)),
        Move("resume", frozenset(WAITING), _OPEN),
        Move("resolve", _LIVE, _RESOLVED, ("code", "text")),
        Move("confirm", _RESOLVED, frozenset({Status.CLOSED}), by=_ANYBODY),
        Move("reject", _RESOLVED, _OPEN, by=_ANYBODY),
        Move("close", _RESOLVED, frozenset({Status.CLOSED})),
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
        Move("promise-call-back", _LIVE, needs=("begins_at", "ends_at")),
        Move("dial-call-back", _LIVE, needs=("outcome",)),
        Move("cancel-call-back", _LIVE, by=_ANYBODY),
    )
}
"""Working on what is new (take, assign, resolve, a reply) makes it open besides.

So does the end of what was waited for (supplier-answered, mark-complete), where the ticket waits for just that.
"""


def published() -> list[dict[str, object]]:
    """The whole table as data."""
    return [move.to_dict() for move in MOVES.values()]


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
