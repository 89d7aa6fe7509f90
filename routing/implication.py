"""Whether one condition implies another, or can never hold; says yes only where that is certain."""

from datetime import time
from functools import lru_cache
from typing import TypeAlias

from routing.conditions import (
    ALWAYS,
    All,
    Any,
    Condition,
    Day,
    Fact,
    Field,
    Hours,
    How,
    Known,
    Not,
    OneOf,
    Place,
    SpamOver,
    Words,
)
from routing.match import plain
from routing.words import Phrase, fold

Entry: TypeAlias = tuple[frozenset[str], ...]

_MINUTES_A_DAY = 24 * 60
_MINUTES_A_WEEK = 7 * _MINUTES_A_DAY


def implies(one: Condition, other: Condition) -> bool:
    """True only if `other` holds for all facts for which `one` does."""
    if one == other or impossible(one):
        return True
    if isinstance(other, All):
        return all(implies(one, part) for part in other.conditions)
    if isinstance(one, Any):
        return all(implies(part, other) for part in one.conditions)
    return (
        (isinstance(other, Any) and any(implies(one, part) for part in other.conditions))
        or (isinstance(one, All) and any(implies(part, other) for part in one.conditions))
        or _simple_implies(one, other)
    )


def impossible(condition: Condition) -> bool:
    """True only if no facts can meet the condition."""
    match condition:
        case All(parts):
            return any(map(impossible, parts)) or any(
                _exclude(one, other) for place, one in enumerate(parts) for other in parts[place + 1 :]
            )
        case Any(parts):
            return all(map(impossible, parts))
        case Not(inner):
            return inner == ALWAYS
        case Words(words, every, _):
            lost = [not entry for entry in entries(words)]
            return any(lost) if every else all(lost)
        case Field(_, values, How.CONTAINS):
            return not any(entries(values))
        case _:
            return False


@lru_cache(10_000)
def entries(words: tuple[str, ...]) -> tuple[Entry, ...]:
    """What each entry is looked for by; empty for one that holds no word."""
    return tuple(Phrase(written).any_of for written in words)


def _exclude(one: Condition, other: Condition) -> bool:
    """True only if the two never hold together."""
    match one, other:
        case OneOf(fact, values), OneOf(same, others) if fact is same and fact is not Fact.SENDER_DOMAIN:
            return _plain(values).isdisjoint(_plain(others))
        case Known(known), Known(wanted):
            return known is not wanted
        case Hours(), Hours():
            return not _minutes(one) & _minutes(other)
        case Not(inner), _:
            return implies(other, inner)
        case _, Not(inner):
            return implies(one, inner)
        case _:
            return False


def _simple_implies(one: Condition, other: Condition) -> bool:
    match one, other:
        case Not(inner), Not(wanted):
            return implies(wanted, inner)
        case OneOf(fact, values), OneOf(same, others) if fact is same:
            return _domains_within(values, others) if fact is Fact.SENDER_DOMAIN else _plain(values) <= _plain(others)
        case Words(), Words():
            return other.place in (one.place, Place.ANYWHERE) and _words_imply(one, other)
        case Field(name, _, how), Field(same_name, _, same_how) if (name, how) == (same_name, same_how):
            return _field_implies(one, other)
        case SpamOver(score), SpamOver(least):
            return score >= least
        case Hours(), Hours():
            return not _minutes(one) & ~_minutes(other)
        case _:
            return False


@lru_cache(10_000)
def _plain(values: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(plain, values))


def _domains_within(values: tuple[str, ...], others: tuple[str, ...]) -> bool:
    endings = tuple("." + plain(other).lstrip("@.") for other in others)
    return all(("." + plain(value).lstrip("@.")).endswith(endings) for value in values)


def _words_imply(one: Words, other: Words) -> bool:
    given, wanted = entries(one.words), entries(other.words)
    if one.every:
        return _every_implies(given, wanted, other.every)
    return all(_every_implies((entry,), wanted, other.every) for entry in given if entry)


def _every_implies(given: tuple[Entry, ...], wanted: tuple[Entry, ...], every: bool) -> bool:
    held = (any(_holds(part, entry) for entry in given) for part in wanted)
    return all(held) if every else any(held)


def _holds(part: Entry, entry: Entry) -> bool:
    """Whether the words of `part` follow each other within those of `entry`."""
    return bool(part) and any(entry[at : at + len(part)] == part for at in range(len(entry) - len(part) + 1))


def _field_implies(one: Field, other: Field) -> bool:
    if one.how is How.CONTAINS:
        return _words_imply(Words(one.values), Words(other.values))
    return {fold(value).strip() for value in one.values} <= {fold(value).strip() for value in other.values}


@lru_cache(1_000)
def _minutes(hours: Hours) -> int:
    """The minutes of the week in the window, as bits."""
    start, end = _minute(hours.start), _minute(hours.end)
    length = end - start if start < end else _MINUTES_A_DAY - start + end
    bits = 0
    for day in hours.days:
        bits |= ((1 << length) - 1) << (list(Day).index(day) * _MINUTES_A_DAY + start)
    return (bits | bits >> _MINUTES_A_WEEK) & ((1 << _MINUTES_A_WEEK) - 1)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
