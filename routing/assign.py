"""A roster and a need give an agent, by skill, language, presence and load, with the reason; fair and deterministic."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction


class Turn(StrEnum):
    """How one is chosen among those who can."""

    LEAST_LOADED = "least_loaded"
    ROUND_ROBIN = "round_robin"


class AssignReason(StrEnum):
    """Why this agent, or why none."""

    SAME_AGENT = "same_agent"
    ONLY_ONE = "only_one"
    LEAST_LOADED = "least_loaded"
    LONGEST_IDLE = "longest_idle"
    NOBODY_ALLOWED = "nobody_allowed"
    NOBODY_PRESENT = "nobody_present"
    NOBODY_SKILLED = "nobody_skilled"
    NOBODY_SPEAKS = "nobody_speaks"
    ALL_FULL = "all_full"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """One agent as the roster knows them now; `capacity` and `load` count weights of work across all channels."""

    key: str
    allowed: bool = True
    """May see and answer the request in question."""
    present: bool = True
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    capacity: int = 1
    load: int = 0
    last_given_at: datetime | None = None
    """When this agent was last given work; None goes before everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a request asks of its agent; `weight` is what it will add to the load."""

    skills: frozenset[str] = frozenset()
    language: str = ""
    weight: int = 1
    last_agent: str | None = None
    """Who answered this person before, and is preferred when able."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The agent's key, or None, with the reason and how many were able to take it."""

    agent: str | None
    reason: AssignReason
    able: int = 0


def choose_agent(roster: Iterable[OnDuty], need: Need, turn: Turn = Turn.LEAST_LOADED) -> Choice:
    """Who takes it: allowed, present, skilled, speaking the language and with room; the last agent first."""
    able, lacking = _able(roster, need)
    if not able:
        return Choice(None, lacking)
    if any(one.key == need.last_agent for one in able):
        return Choice(need.last_agent, AssignReason.SAME_AGENT, len(able))
    if len(able) == 1:
        return Choice(able[0].key, AssignReason.ONLY_ONE, 1)
    return _by_turn(able, turn)


def _able(roster: Iterable[OnDuty], need: Need) -> tuple[list[OnDuty], AssignReason]:
    able = list(roster)
    for reason, holds in (
        (AssignReason.NOBODY_ALLOWED, lambda one: one.allowed),
        (AssignReason.NOBODY_PRESENT, lambda one: one.present),
        (AssignReason.NOBODY_SKILLED, lambda one: need.skills <= one.skills),
        (AssignReason.NOBODY_SPEAKS, lambda one: not need.language or need.language in one.languages),
        (AssignReason.ALL_FULL, lambda one: one.load + need.weight <= one.capacity),
    ):
        able = [one for one in able if holds(one)]
        if not able:
            return [], reason
    return able, AssignReason.LEAST_LOADED


def _by_turn(able: list[OnDuty], turn: Turn) -> Choice:
    lightest = able if turn is Turn.ROUND_ROBIN else _least_loaded(able)
    chosen = min(lightest, key=_waiting_since)
    reason = AssignReason.LEAST_LOADED if len(lightest) == 1 else AssignReason.LONGEST_IDLE
    return Choice(chosen.key, reason, len(able))


def _least_loaded(able: list[OnDuty]) -> list[OnDuty]:
    least = min(map(_fullness, able))
    return [one for one in able if _fullness(one) == least]


def _fullness(one: OnDuty) -> Fraction:
    return Fraction(one.load, one.capacity) if one.capacity else Fraction(1)


def _waiting_since(one: OnDuty) -> tuple[bool, float, str]:
    return one.last_given_at is not None, one.last_given_at.timestamp() if one.last_given_at else 0.0, one.key
