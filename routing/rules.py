"""Rules and rulesets as data: what to look for and what then follows; validation and JSON form."""

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from routing import conditions, form
from routing.conditions import ALWAYS, Condition
from routing.form import InvalidRuleset
from routing.match import Test, compiled, heralds, plain

MOST_RULES = 2_000
MOST_TAGS = 20
MOST_DEFAULTS = 5_000


class Level(StrEnum):
    """Impact or urgency."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Floor(StrEnum):
    """The priority a request has at least, the most pressing first."""

    CRITICAL = "critical"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


URGENCY_OF = {floor: place for place, floor in enumerate(Floor)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actions:
    """What follows when a rule holds; None leaves the matter to the rules after it."""

    department: str | None = None
    service: str | None = None
    type: str | None = None
    impact: Level | None = None
    urgency: Level | None = None
    tags: tuple[str, ...] = ()
    restricted: bool = False
    priority_floor: Floor | None = None
    stop: bool = False


NOTHING = Actions()
SINGLE = ("department", "service", "type", "impact", "urgency")


@dataclass(frozen=True)
class Rule:
    """When the condition holds, the actions follow. `key` names it for ever, `title` is for people."""

    key: str
    title: str
    when: Condition = ALWAYS
    then: Actions = NOTHING

    @cached_property
    def test(self) -> Test:
        """The condition made ready, once."""
        return compiled(self.when)


@dataclass(frozen=True)
class Ruleset:
    """Ordered rules, the departments of services and addresses, and what follows when none of them knows.

    For each single action the first rule that holds and names it wins; tags add up, `restricted` stays, the most
    pressing floor wins; a rule with `stop` ends the walk. A `fallback` without a department means triage.
    """

    version: int = 0
    rules: tuple[Rule, ...] = ()
    services: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    fallback: Actions = NOTHING

    @classmethod
    def from_dict(cls, data: object) -> "Ruleset":
        """Reads the JSON form strictly; raises InvalidRuleset naming the path of the first wrong member."""
        known = form.mapping(data, "ruleset", ("version", "rules", "services", "addresses", "fallback"))
        return cls(
            _version(known.get("version", 0), "version"),
            _rules(known.get("rules", []), "rules"),
            _departments(known.get("services", {}), "services"),
            _departments(known.get("addresses", {}), "addresses"),
            _actions(known.get("fallback", {}), "fallback"),
        )

    def to_dict(self) -> dict[str, object]:
        """The JSON form, which `from_dict` understands."""
        return {
            "version": self.version,
            "rules": [_rule_written(rule) for rule in self.rules],
            "services": dict(self.services),
            "addresses": dict(self.addresses),
            "fallback": _actions_written(self.fallback),
        }

    def asked(self, said: Set[str]) -> list[Rule]:
        """The rules that may hold for texts of these words, in their order: the others are not looked at."""
        always, by_word = self._heralded
        places = set(always).union(*(by_word[word] for word in by_word.keys() & said))
        return [self.rules[place] for place in sorted(places)]

    @cached_property
    def _heralded(self) -> tuple[list[int], Mapping[str, list[int]]]:
        """Places of rules that may hold whatever the words are, and those of the others by the words they wait for."""
        always, by_word = list[int](), defaultdict[str, list[int]](list)
        for place, rule in enumerate(self.rules):
            words = heralds(rule.when)
            if words is None:
                always.append(place)
            for word in words or ():
                by_word[word].append(place)
        return always, dict(by_word)

    @cached_property
    def department_of_address(self) -> Mapping[str, str]:
        """Departments by address, written in the one way addresses are compared."""
        return {plain(address): department for address, department in self.addresses.items()}


def _version(value: object, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise InvalidRuleset(path, "must be a whole number, not negative")
    return value


def _rules(value: object, path: str) -> tuple[Rule, ...]:
    rules: dict[str, Rule] = {}
    for at, member in form.items(value, path, MOST_RULES):
        rule = _rule(member, at)
        if rule.key in rules:
            raise InvalidRuleset(f"{at}.key", f"{rule.key} is the key of an earlier rule")
        rules[rule.key] = rule
    return tuple(rules.values())


def _rule(value: object, path: str) -> Rule:
    data = form.mapping(value, path, ("key", "title", "when", "then"))
    key = form.key(data.get("key"), f"{path}.key")
    title = form.text(data.get("title", key), f"{path}.title")
    when = conditions.read(data.get("when"), f"{path}.when")
    then = _actions(data.get("then"), f"{path}.then")
    if then == NOTHING:
        raise InvalidRuleset(f"{path}.then", "must do something")
    return Rule(key, title, when, then)


def _actions(value: object, path: str) -> Actions:
    data = form.mapping(value, path, Actions.__dataclass_fields__)
    key = {name: form.key(data[name], f"{path}.{name}") for name in SINGLE[:3] if data.get(name) is not None}
    level = {
        name: form.one_of(Level, data[name], f"{path}.{name}") for name in SINGLE[3:] if data.get(name) is not None
    }
    floor = data.get("priority_floor")
    return Actions(
        department=key.get("department"),
        service=key.get("service"),
        type=key.get("type"),
        impact=level.get("impact"),
        urgency=level.get("urgency"),
        tags=tuple(form.text(tag, at, 60) for at, tag in form.items(data.get("tags", []), f"{path}.tags", MOST_TAGS)),
        restricted=form.flag(data.get("restricted", False), f"{path}.restricted"),
        priority_floor=None if floor is None else form.one_of(Floor, floor, f"{path}.priority_floor"),
        stop=form.flag(data.get("stop", False), f"{path}.stop"),
    )


def _departments(value: object, path: str) -> Mapping[str, str]:
    data = form.mapping(value, path)
    if len(data) > MOST_DEFAULTS:
        raise InvalidRuleset(path, f"must hold at most {MOST_DEFAULTS} members")
    return {form.text(of, path): form.key(department, f"{path}.{of}") for of, department in data.items()}


def _rule_written(rule: Rule) -> dict[str, object]:
    return {
        "key": rule.key,
        "title": rule.title,
        "when": conditions.write(rule.when),
        "then": _actions_written(rule.then),
    }


def _actions_written(actions: Actions) -> dict[str, object]:
    written: dict[str, object] = {
        name: str(value) for name in (*SINGLE, "priority_floor") if (value := getattr(actions, name)) is not None
    }
    if actions.tags:
        written["tags"] = list(actions.tags)
    return written | {name: True for name in ("restricted", "stop") if getattr(actions, name)}
