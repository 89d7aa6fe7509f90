"""Makes conditions ready and holds them against facts; what matched is told as codes and words, never as prose."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from functools import cached_property
from typing import TypeAlias

from routing.conditions import (
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
from routing.facts import Facts
from routing.words import Passage, Phrase, fold


@dataclass(frozen=True, slots=True)
class Match:
    """One condition that held: its kind, what was wanted, and the fact (or the words as they stand in the text)."""

    kind: str
    wanted: str = ""
    found: str = ""
    place: str = ""
    negated: bool = False


class Seen:
    """The facts with their texts read as words, each text once and only when a condition asks."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._fields: dict[str, Passage] = {}

    @cached_property
    def subject(self) -> Passage:
        return Passage(self.facts.subject)

    @cached_property
    def text(self) -> Passage:
        return Passage(self.facts.text)

    def field(self, name: str) -> Passage:
        """The words of a form field."""
        if name not in self._fields:
            self._fields[name] = Passage(self.facts.fields.get(name, ""))
        return self._fields[name]


Found: TypeAlias = tuple[Match, ...]
Test: TypeAlias = Callable[[Seen], Found | None]

NEVER_KNOWN = ""


def plain(value: str) -> str:
    """A value as it is compared with others."""
    return value.strip().casefold()


def compiled(condition: Condition) -> Test:
    """The condition as a function that gives what matched, or None."""
    match condition:
        case All(inner):
            return _all([compiled(one) for one in inner])
        case Any(inner):
            return _any([compiled(one) for one in inner])
        case Not(inner_one):
            return _not(inner_one, compiled(inner_one))
        case OneOf(fact, values):
            return _one_of(fact, values)
        case Words() | Field():
            return _textual(condition)
        case _:
            return _simple(condition)


def heralds(condition: Condition) -> frozenset[str] | None:
    """Words of which a text has at least one wherever the condition holds; None where it may hold without any."""
    match condition:
        case Words(entries, every, _):
            phrases = [Phrase(entry) for entry in entries]
            return frozenset().union(
                *(phrase.any_of[0] for phrase in (phrases[:1] if every else phrases) if phrase.any_of)
            )
        case All(inner):
            return next((found for one in inner if (found := heralds(one)) is not None), None)
        case _:
            return None


def _all(tests: list[Test]) -> Test:
    def test(seen: Seen) -> Found | None:
        held: list[Match] = []
        for one in tests:
            if (found := one(seen)) is None:
                return None
            held.extend(found)
        return tuple(held)

    return test


def _any(tests: list[Test]) -> Test:
    def test(seen: Seen) -> Found | None:
        return next((found for one in tests if (found := one(seen)) is not None), None)

    return test


def _not(condition: Condition, inner: Test) -> Test:
    told = (Match(kind(condition), wanted(condition), negated=True),)
    return lambda seen: told if inner(seen) is None else None


def kind(condition: Condition) -> str:
    """The name of the condition in the JSON form."""
    match condition:
        case OneOf(fact, _):
            return fact.value
        case SpamOver():
            return "spam_over"
        case Hours():
            return "time"
        case _:
            return type(condition).__name__.lower()


def wanted(condition: Condition) -> str:
    """What the condition looks for, as one line."""
    match condition:
        case OneOf(_, values) | Words(values, _, _) | Field(_, values, _):
            return ", ".join(values)
        case SpamOver(score):
            return f"{score:g}"
        case Hours(days, start, end):
            return f"{' '.join(days)} {start:%H:%M}-{end:%H:%M}"
        case Known(known):
            return str(known).lower()
        case _:
            return ""


_VALUE: dict[Fact, Callable[[Facts], str]] = {
    Fact.CHANNEL: lambda facts: facts.channel,
    Fact.ADDRESS: lambda facts: facts.contacted,
    Fact.LANGUAGE: lambda facts: facts.language,
    Fact.SERVICE: lambda facts: facts.service,
    Fact.SENDER: lambda facts: facts.sender,
    Fact.SENDER_DOMAIN: lambda facts: facts.sender_domain,
    Fact.CUSTOMER: lambda facts: facts.customer,
    Fact.AUTHENTICATION: lambda facts: facts.authentication,
    Fact.AUTOMATIC: lambda facts: facts.automatic,
}


def _one_of(fact: Fact, values: tuple[str, ...]) -> Test:
    value_of = _VALUE[fact]
    if fact is Fact.SENDER_DOMAIN:
        return _domain(values)
    by_plain = {plain(value): value for value in reversed(values)}

    def test(seen: Seen) -> Found | None:
        value = value_of(seen.facts)
        if value and (hit := by_plain.get(plain(value))) is not None:
            return (Match(fact.value, hit, value),)
        return None

    return test


def _domain(values: tuple[str, ...]) -> Test:
    endings = [("." + plain(value).lstrip("@."), value) for value in values]

    def test(seen: Seen) -> Found | None:
        if not (domain := seen.facts.sender_domain):
            return None
        dotted = "." + plain(domain)
        return next(
            ((Match(Fact.SENDER_DOMAIN, value, domain),) for end, value in endings if dotted.endswith(end)), None
        )

    return test


def _textual(condition: Words | Field) -> Test:
    match condition:
        case Words(entries, every, place):
            phrases = [Phrase(entry) for entry in entries]
            return _every_word(phrases, place) if every else _any_word(phrases, place)
        case Field(name, values, How.CONTAINS):
            return _field_contains(name, [Phrase(value) for value in values])
        case Field(name, values, _):
            return _field_equals(name, values)


def _passages(seen: Seen, place: Place) -> tuple[tuple[str, Passage], ...]:
    if place is Place.ANYWHERE:
        return (("subject", seen.subject), ("text", seen.text))
    return ((place.value, seen.subject if place is Place.SUBJECT else seen.text),)


def _look(phrases: list[Phrase], name: str, place: str, passage: Passage) -> Match | None:
    for phrase in phrases:
        if (found := passage.find(phrase)) is not None:
            return Match(name, phrase.written, found, place)
    return None


def _any_word(phrases: list[Phrase], place: Place) -> Test:
    starts = frozenset().union(*(phrase.any_of[0] for phrase in phrases if phrase.any_of))

    def test(seen: Seen) -> Found | None:
        for name, passage in _passages(seen, place):
            if not starts.isdisjoint(passage.keys) and (hit := _look(phrases, "words", name, passage)):
                return (hit,)
        return None

    return test


def _every_word(phrases: list[Phrase], place: Place) -> Test:
    def test(seen: Seen) -> Found | None:
        hits: list[Match] = []
        for phrase in phrases:
            looked = (_look([phrase], "words", name, passage) for name, passage in _passages(seen, place))
            if (hit := next(filter(None, looked), None)) is None:
                return None
            hits.append(hit)
        return tuple(hits)

    return test


def _field_contains(name: str, phrases: list[Phrase]) -> Test:
    def test(seen: Seen) -> Found | None:
        hit = _look(phrases, "field", name, seen.field(name))
        return None if hit is None else (hit,)

    return test


def _field_equals(name: str, values: tuple[str, ...]) -> Test:
    by_plain = {fold(value).strip(): value for value in reversed(values)}

    def test(seen: Seen) -> Found | None:
        given = seen.facts.fields.get(name, "")
        hit = by_plain.get(fold(given).strip()) if given else None
        return None if hit is None else (Match("field", hit, given, name),)

    return test


def _simple(condition: Known | Hours | SpamOver) -> Test:
    told = (kind(condition), wanted(condition))
    match condition:
        case Known(known):
            return lambda seen: (Match(*told),) if seen.facts.known is known else None
        case SpamOver(score):
            return lambda seen: (
                (Match(*told, f"{spam:g}"),) if (spam := seen.facts.spam_score) is not None and spam > score else None
            )
        case Hours():
            return _hours(condition, told)


def _hours(hours: Hours, told: tuple[str, str]) -> Test:
    days = frozenset(place for place, day in enumerate(Day) if day in hours.days)

    def test(seen: Seen) -> Found | None:
        facts = seen.facts
        if facts.weekday is None or facts.local_time is None or not _open(days, hours, facts.weekday, facts.local_time):
            return None
        return (Match(*told, f"{list(Day)[facts.weekday % 7]} {facts.local_time:%H:%M}"),)

    return test


def _open(days: frozenset[int], hours: Hours, weekday: int, at: time) -> bool:
    if hours.start < hours.end:
        return weekday in days and hours.start <= at < hours.end
    return (weekday in days and at >= hours.start) or ((weekday - 1) % 7 in days and at < hours.end)
