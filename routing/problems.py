"""Points out what is certainly useless in a ruleset: rules that never count, words that match nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from routing.conditions import All, Any, Condition, Field, How, Not, Words
from routing.implication import entries, implies, impossible
from routing.rules import SINGLE, URGENCY_OF, Rule, Ruleset


class ProblemKind(StrEnum):
    """What is wrong with a rule."""

    UNREACHABLE = "unreachable"
    """Its own condition can never hold."""
    DUPLICATE = "duplicate"
    """An earlier rule has the same condition and the same actions."""
    SHADOWED = "shadowed"
    """Whenever it holds, earlier rules hold too, and end the walk or leave it nothing to do."""
    WORD_CANNOT_MATCH = "word_cannot_match"
    """An entry holds no letter or digit."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: the rule's key, the earlier rules to blame, or the entry that cannot match."""

    kind: ProblemKind
    rule: str
    others: tuple[str, ...] = ()
    word: str = ""


def problems(ruleset: Ruleset) -> list[Problem]:
    """All findings in the order of the rules; each is certain, but not every uselessness is found."""
    return [found for place, rule in enumerate(ruleset.rules) for found in _of(rule, ruleset.rules[:place])]


def _of(rule: Rule, earlier: tuple[Rule, ...]) -> Iterator[Problem]:
    for word in _wordless(rule.when):
        yield Problem(ProblemKind.WORD_CANNOT_MATCH, rule.key, word=word)
    if impossible(rule.when):
        yield Problem(ProblemKind.UNREACHABLE, rule.key)
    elif twin := next((one.key for one in earlier if (one.when, one.then) == (rule.when, rule.then)), None):
        yield Problem(ProblemKind.DUPLICATE, rule.key, (twin,))
    elif others := _shadowing(rule, [one for one in earlier if implies(rule.when, one.when)]):
        yield Problem(ProblemKind.SHADOWED, rule.key, others)


def _shadowing(rule: Rule, holding: list[Rule]) -> tuple[str, ...]:
    """The earlier rules, all of them holding whenever this one does, that leave it without effect."""
    if stopping := next((one.key for one in holding if one.then.stop), None):
        return (stopping,)
    if rule.then.stop:
        return ()
    blamed: dict[str, None] = {}
    for effect in _effects(rule):
        if (first := next((one.key for one in holding if _covers(one, effect)), None)) is None:
            return ()
        blamed[first] = None
    return tuple(blamed)


def _effects(rule: Rule) -> Iterator[tuple[str, object]]:
    yield from ((name, getattr(rule.then, name)) for name in SINGLE if getattr(rule.then, name) is not None)
    yield from (("tags", tag) for tag in rule.then.tags)
    if rule.then.restricted:
        yield "restricted", True
    if rule.then.priority_floor is not None:
        yield "priority_floor", URGENCY_OF[rule.then.priority_floor]


def _covers(rule: Rule, effect: tuple[str, object]) -> bool:
    name, value = effect
    if name == "tags":
        return value in rule.then.tags
    if name == "priority_floor":
        floor = rule.then.priority_floor
        return floor is not None and isinstance(value, int) and URGENCY_OF[floor] <= value
    return bool(getattr(rule.then, name))


def _wordless(condition: Condition) -> Iterator[str]:
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _wordless(part)
        case Not(inner):
            yield from _wordless(inner)
        case Words(written, _, _) | Field(_, written, How.CONTAINS):
            yield from (word for word, entry in zip(written, entries(written), strict=True) if not entry)
        case _:
            return
