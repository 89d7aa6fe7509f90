"""The table of moves as it is published: asked of the code that enforces it, so that it cannot say otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.permissions import SYSTEM, Actor, may
from helpdesk.services import transitions
from helpdesk.services.transitions import Move
from helpdesk.vocabulary import ActorKind, Role, Status

_HERE, _ELSEWHERE, _REQUESTER = 1, 2, 90


@dataclass(frozen=True)
class _Sample:
    """A ticket of one department, asked for by one citizen, owned by nobody of these but the holder."""

    restricted: bool
    department_id: int | None = _HERE
    assignee_id: int | None = 12
    owner_id: int | None = 12
    requester_id: int | None = _REQUESTER
    complained_of: tuple[int, ...] = ()


def _staff(id_: int, role: Role, *departments: int) -> Actor:
    return Actor(ActorKind.STAFF, id_, role, frozenset(departments))


POSITIONS: Mapping[str, Actor] = {
    "colleague": _staff(11, Role.AGENT, _HERE),
    "holder": _staff(12, Role.AGENT, _ELSEWHERE),
    "other_agent": _staff(13, Role.AGENT, _ELSEWHERE),
    "supervisor": _staff(14, Role.SUPERVISOR, _HERE),
    "other_supervisor": _staff(15, Role.SUPERVISOR, _ELSEWHERE),
    "administrator": _staff(16, Role.ADMINISTRATOR),
    "requester": Actor(ActorKind.CITIZEN, _REQUESTER),
    "other_citizen": Actor(ActorKind.CITIZEN, 91),
    "system": SYSTEM,
}
"""Where somebody may stand to a ticket. A holder works on it or answers for it, from another department."""


@dataclass(frozen=True)
class Published:
    """One line of the table. ``who``: the positions that may; ``restricted``: those that may where others see nothing.

    ``conditions``: code and English sentence of all that must hold besides.
    """

    verb: str
    sources: tuple[Status, ...]
    targets: tuple[Status, ...]
    needs: tuple[str, ...]
    by: tuple[ActorKind, ...]
    who: tuple[str, ...]
    restricted: tuple[str, ...]
    conditions: tuple[tuple[str, str], ...]


def table() -> list[Published]:
    """The whole table, in its order."""
    return [_line(move) for move in transitions.MOVES.values()]


def _line(move: Move) -> Published:
    return Published(
        verb=move.verb,
        sources=tuple(status for status in Status if status in move.sources),
        targets=tuple(status for status in Status if status in move.targets),
        needs=move.needs,
        by=move.by,
        who=_who(move, restricted=False),
        restricted=_who(move, restricted=True),
        conditions=tuple((one.code, one.told) for one in transitions.conditions_of(move.verb)),
    )


def _who(move: Move, *, restricted: bool) -> tuple[str, ...]:
    sample = _Sample(restricted)
    able = (name for name, actor in POSITIONS.items() if actor.kind in move.by and may(actor, move.verb, sample))
    return tuple(able)
