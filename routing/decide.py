"""Facts and a ruleset give a decision: always one, with typed reasons and the ruleset's version."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from enum import StrEnum

from routing.facts import Facts
from routing.match import Match, Seen, plain
from routing.rules import SINGLE, URGENCY_OF, Actions, Floor, Level, Rule, Ruleset


class By(StrEnum):
    """What named the department."""

    RULE = "rule"
    SERVICE = "service"
    ADDRESS = "address"
    DEFAULT = "default"


class ReasonKind(StrEnum):
    """What a reason is about: a condition that held, or what was looked up when no rule knew."""

    ALWAYS = "always"
    ALL = "all"
    ANY = "any"
    NOT = "not"
    CHANNEL = "channel"
    ADDRESS = "address"
    LANGUAGE = "language"
    SERVICE = "service"
    SENDER = "sender"
    SENDER_DOMAIN = "sender_domain"
    CUSTOMER = "customer"
    AUTHENTICATION = "authentication"
    AUTOMATIC = "automatic"
    WORDS = "words"
    FIELD = "field"
    KNOWN = "known"
    TIME = "time"
    SPAM_OVER = "spam_over"
    SERVICE_DEPARTMENT = "service_department"
    ADDRESS_DEPARTMENT = "address_department"
    FALLBACK = "fallback"
    TRIAGE = "triage"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as codes: the application puts it into words in the reader's language.

    `rule` and `title` name the rule, `wanted` is what it looks for, `word` the fact or the words as they stand in
    the text, `place` where (subject, text, or a form field's name); `negated` means that it was not found.
    """

    kind: ReasonKind
    rule: str | None = None
    title: str = ""
    wanted: str = ""
    word: str = ""
    place: str = ""
    negated: bool = False
    weight: float | None = None

    def to_dict(self) -> dict[str, object]:
        """For keeping beside the ticket; what is empty is left out."""
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name)) not in (None, "", False)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided. A department of None means triage; `confidence` is a classifier's, None for rules."""

    department: str | None
    service: str | None = None
    type: str | None = None
    impact: Level | None = None
    urgency: Level | None = None
    tags: tuple[str, ...] = ()
    restricted: bool = False
    priority_floor: Floor | None = None
    by: By = By.DEFAULT
    reasons: tuple[Reason, ...] = ()
    rules: tuple[str, ...] = ()
    """Keys of all rules that had an effect, in order."""
    ruleset: int = 0
    confidence: float | None = None


@dataclass(slots=True)
class _Draft:
    """What the rules so far have settled."""

    single: dict[str, str] = field(default_factory=dict)
    tags: dict[str, None] = field(default_factory=dict)
    restricted: bool = False
    floor: Floor | None = None

    def take(self, actions: Actions) -> bool:
        """Adds what the actions bring that is new; says whether anything was, or whether they end the walk."""
        before = (len(self.single), len(self.tags), self.restricted, self.floor)
        for name in SINGLE:
            if (value := getattr(actions, name)) is not None:
                self.single.setdefault(name, value)
        self.tags.update(dict.fromkeys(actions.tags))
        self.restricted |= actions.restricted
        self.floor = _pressing(self.floor, actions.priority_floor)
        return actions.stop or before != (len(self.single), len(self.tags), self.restricted, self.floor)


def decide(facts: Facts, ruleset: Ruleset) -> Decision:
    """Where a contact goes and as what: the rules, then the service's department, then the address's, then triage."""
    seen, draft = Seen(facts), _Draft()
    reasons: list[Reason] = []
    effective: list[str] = []
    for rule, found in _holding(seen, ruleset):
        if draft.take(rule.then):
            effective.append(rule.key)
            reasons.extend(_reasons(rule, found))
    by, last = _settle(facts, ruleset, draft)
    return Decision(
        department=draft.single.get("department"),
        service=draft.single.get("service") or facts.service or None,
        type=draft.single.get("type"),
        impact=_level(draft.single.get("impact")),
        urgency=_level(draft.single.get("urgency")),
        tags=tuple(draft.tags),
        restricted=draft.restricted,
        priority_floor=draft.floor,
        by=by,
        reasons=(*reasons, *last),
        rules=tuple(effective),
        ruleset=ruleset.version,
    )


def _holding(seen: Seen, ruleset: Ruleset) -> Iterator[tuple[Rule, tuple[Match, ...]]]:
    for rule in ruleset.asked(seen.subject.keys | seen.text.keys):
        if (found := rule.test(seen)) is not None:
            yield rule, found
            if rule.then.stop:
                return


def _reasons(rule: Rule, found: tuple[Match, ...]) -> list[Reason]:
    if not found:
        return [Reason(ReasonKind.ALWAYS, rule.key, rule.title)]
    return [
        Reason(ReasonKind(one.kind), rule.key, rule.title, one.wanted, one.found, one.place, one.negated)
        for one in found
    ]


def _settle(facts: Facts, ruleset: Ruleset, draft: _Draft) -> tuple[By, list[Reason]]:
    """Names a department where no rule did, and says by what; the fallback fills what is still open."""
    by, last = By.RULE, list[Reason]()
    if "department" not in draft.single:
        by, department, last = _looked_up(facts, ruleset, draft.single.get("service") or facts.service)
        if department:
            draft.single["department"] = department
    draft.take(ruleset.fallback)
    return by, last


def _looked_up(facts: Facts, ruleset: Ruleset, service: str) -> tuple[By, str | None, list[Reason]]:
    if department := ruleset.services.get(service):
        return By.SERVICE, department, [Reason(ReasonKind.SERVICE_DEPARTMENT, word=service)]
    if department := ruleset.department_of_address.get(plain(facts.contacted)):
        return By.ADDRESS, department, [Reason(ReasonKind.ADDRESS_DEPARTMENT, word=facts.contacted)]
    return By.DEFAULT, None, [Reason(ReasonKind.FALLBACK if ruleset.fallback.department else ReasonKind.TRIAGE)]


def _pressing(one: Floor | None, other: Floor | None) -> Floor | None:
    given = [floor for floor in (one, other) if floor is not None]
    return min(given, key=URGENCY_OF.__getitem__, default=None)


def _level(value: str | None) -> Level | None:
    return None if value is None else Level(value)
