"""What a rule asks of the facts, as data, with its JSON form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import TypeAlias

from routing import form
from routing.form import InvalidRuleset

DEEPEST = 8
MOST_CONDITIONS = 100


class Fact(StrEnum):
    """A fact that is compared with a list of values."""

    CHANNEL = "channel"
    ADDRESS = "address"
    LANGUAGE = "language"
    SERVICE = "service"
    SENDER = "sender"
    SENDER_DOMAIN = "sender_domain"
    CUSTOMER = "customer"
    AUTHENTICATION = "authentication"
    AUTOMATIC = "automatic"


class Place(StrEnum):
    """Where words are looked for."""

    SUBJECT = "subject"
    TEXT = "text"
    ANYWHERE = "anywhere"


class Day(StrEnum):
    """A day of the week, Monday first."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class How(StrEnum):
    """How a form field is compared."""

    EQUALS = "equals"
    CONTAINS = "contains"


@dataclass(frozen=True, slots=True)
class OneOf:
    """The fact equals one of the values, blind to case; a domain also stands for its sub-domains."""

    fact: Fact
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Any (or every) entry stands in the text; an entry of several words must stand there as a phrase."""

    words: tuple[str, ...]
    every: bool = False
    place: Place = Place.ANYWHERE


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form equals one of the values, or contains one of them as words."""

    name: str
    values: tuple[str, ...]
    how: How = How.EQUALS


@dataclass(frozen=True, slots=True)
class Known:
    """The requester was known before, or was not."""

    known: bool


@dataclass(frozen=True, slots=True)
class Hours:
    """A window of local time opening on these days; it passes midnight when it ends before it starts.

    Equal `start` and `end` mean the whole day.
    """

    days: tuple[Day, ...]
    start: time = time(0)
    end: time = time(0)


@dataclass(frozen=True, slots=True)
class SpamOver:
    """The spam score is known and above this."""

    score: float


@dataclass(frozen=True, slots=True)
class All:
    """Every condition holds; without any it always holds."""

    conditions: tuple["Condition", ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    """At least one condition holds."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    condition: "Condition"


Condition: TypeAlias = OneOf | Words | Field | Known | Hours | SpamOver | All | Any | Not

ALWAYS = All()


def read(value: object, field: str) -> Condition:
    """The condition that this JSON value means; raises InvalidRuleset with the path of what is wrong."""
    found = _read(value, field, DEEPEST)
    if size(found) > MOST_CONDITIONS:
        raise InvalidRuleset(field, f"must hold at most {MOST_CONDITIONS} conditions")
    return found


def size(condition: Condition) -> int:
    """How many conditions stand in it, itself included."""
    match condition:
        case All(inner) | Any(inner):
            return 1 + sum(map(size, inner))
        case Not(inner):
            return 1 + size(inner)
        case _:
            return 1


def _read(value: object, field: str, depth: int) -> Condition:
    if len(data := form.mapping(value, field, _GROUPS | _LEAVES.keys())) != 1:
        raise InvalidRuleset(field, "must name exactly one condition")
    if not depth:
        raise InvalidRuleset(field, f"must not be nested deeper than {DEEPEST}")
    ((kind, what),) = data.items()
    path = f"{field}.{kind}"
    if kind == "not":
        return Not(_read(what, path, depth - 1))
    if kind in _LEAVES:
        return _LEAVES[kind](what, path)
    return _group(kind, tuple(_read(one, at, depth - 1) for at, one in form.items(what, path)), path)


def _group(kind: str, inner: tuple[Condition, ...], field: str) -> Condition:
    if kind == "all":
        return All(inner)
    if not inner:
        raise InvalidRuleset(field, "must not be empty, or it never holds")
    return Any(inner)


def _one_of(fact: Fact) -> Callable[[object, str], Condition]:
    return lambda value, field: OneOf(fact, form.texts(value, field))


def _words(value: object, field: str) -> Condition:
    data = form.mapping(value, field, ("any", "all", "in"))
    if ("any" in data) == ("all" in data):
        raise InvalidRuleset(field, "must have either any or all")
    mode = "all" if "all" in data else "any"
    place = form.one_of(Place, data.get("in", Place.ANYWHERE.value), f"{field}.in")
    return Words(form.texts(data[mode], f"{field}.{mode}"), mode == "all", place)


def _field(value: object, field: str) -> Condition:
    data = form.mapping(value, field, ("name", *How))
    if (How.EQUALS in data) == (How.CONTAINS in data):
        raise InvalidRuleset(field, "must have either equals or contains")
    how = How.EQUALS if How.EQUALS in data else How.CONTAINS
    return Field(form.text(data.get("name"), f"{field}.name"), form.texts(data[how], f"{field}.{how}"), how)


def _known(value: object, field: str) -> Condition:
    return Known(form.flag(value, field))


def _hours(value: object, field: str) -> Condition:
    data = form.mapping(value, field, ("days", "from", "to"))
    listed = form.items(data.get("days", list(Day)), f"{field}.days", 7)
    if not (days := tuple(form.one_of(Day, day, path) for path, day in listed)):
        raise InvalidRuleset(f"{field}.days", "must not be empty")
    return Hours(
        days, form.clock(data.get("from", "00:00"), f"{field}.from"), form.clock(data.get("to", "00:00"), f"{field}.to")
    )


def _spam_over(value: object, field: str) -> Condition:
    return SpamOver(form.number(value, field))


_GROUPS = frozenset({"all", "any", "not"})
_LEAVES: Mapping[str, Callable[[object, str], Condition]] = {
    **{fact.value: _one_of(fact) for fact in Fact},
    "words": _words,
    "field": _field,
    "known": _known,
    "time": _hours,
    "spam_over": _spam_over,
}


def write(condition: Condition) -> dict[str, object]:
    """The JSON form, which `read` understands."""
    match condition:
        case All(inner):
            return {"all": [write(one) for one in inner]}
        case Any(inner):
            return {"any": [write(one) for one in inner]}
        case Not(inner):
            return {"not": write(inner)}
        case _:
            return _written(condition)


def _written(leaf: OneOf | Words | Field | Known | Hours | SpamOver) -> dict[str, object]:
    match leaf:
        case OneOf(fact, values):
            return {fact.value: list(values)}
        case Words(words, every, place):
            return {"words": {"all" if every else "any": list(words), "in": place.value}}
        case Field(name, values, how):
            return {"field": {"name": name, how.value: list(values)}}
        case Known(known):
            return {"known": known}
        case Hours(days, start, end):
            return {"time": {"days": [day.value for day in days], "from": f"{start:%H:%M}", "to": f"{end:%H:%M}"}}
        case SpamOver(score):
            return {"spam_over": score}
