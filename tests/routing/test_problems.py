"""Useless rules are pointed out, useful ones never."""

from dataclasses import replace
from operator import and_, gt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing import Facts, Problem, ProblemKind, Ruleset, decide, problems
from routing.conditions import All, Condition
from routing.implication import implies, impossible
from routing.match import Seen, compiled
from tests.routing import strategies
from tests.routing.builders import a_rule, a_ruleset

EMAIL = {"channel": ["email"]}
WATER = {"words": {"any": ["νερό"]}}


def kinds(*rules: dict[str, object]) -> list[tuple[ProblemKind, str]]:
    return [(found.kind, found.rule) for found in problems(a_ruleset(*rules))]


def test_sound_ruleset_has_no_problems() -> None:
    assert kinds(a_rule("a", EMAIL, department="x"), a_rule("b", WATER, department="y"), a_rule("c", tags=["t"])) == []


def test_rule_after_one_that_always_stops_is_shadowed() -> None:
    ruleset = a_ruleset(a_rule("a", department="x", stop=True), a_rule("b", EMAIL, department="y"))
    assert problems(ruleset) == [Problem(ProblemKind.SHADOWED, "b", ("a",))]


def test_rule_whose_department_an_earlier_one_always_names_is_shadowed() -> None:
    assert kinds(a_rule("a", WATER, department="x"), a_rule("b", {"all": [WATER, EMAIL]}, department="y")) == [
        (ProblemKind.SHADOWED, "b")
    ]


def test_rule_that_still_adds_a_tag_is_not_shadowed() -> None:
    assert kinds(a_rule("a", WATER, department="x"), a_rule("b", WATER, department="y", tags=["t"])) == []


def test_rules_that_shadow_together_are_all_blamed() -> None:
    first, second = a_rule("a", department="x"), a_rule("b", priority_floor="critical")
    ruleset = a_ruleset(first, second, a_rule("c", EMAIL, department="y", priority_floor="high"))
    assert problems(ruleset) == [Problem(ProblemKind.SHADOWED, "c", ("a", "b"))]


def test_same_rule_twice_is_a_duplicate() -> None:
    ruleset = a_ruleset(a_rule("a", WATER, department="x"), a_rule("b", WATER, department="x"))
    assert problems(ruleset) == [Problem(ProblemKind.DUPLICATE, "b", ("a",))]


@pytest.mark.parametrize(
    "when",
    [
        {"all": [{"channel": ["email"]}, {"channel": ["chat"]}]},
        {"all": [{"known": True}, {"known": False}]},
        {"all": [WATER, {"not": WATER}]},
        {"not": {"all": []}},
        {"words": {"all": ["νερό", "!!"]}},
        {"all": [{"time": {"days": ["mon"]}}, {"time": {"days": ["wed"]}}]},
    ],
)
def test_condition_that_contradicts_itself_is_unreachable(when: object) -> None:
    assert (ProblemKind.UNREACHABLE, "a") in kinds(a_rule("a", when, department="x"))


def test_entry_without_a_letter_cannot_match() -> None:
    ruleset = a_ruleset(a_rule("a", {"words": {"any": ["νερό", "!?"]}}, department="x"))
    assert problems(ruleset) == [Problem(ProblemKind.WORD_CANNOT_MATCH, "a", word="!?")]


def test_shadowing_is_seen_through_inflection_and_accents() -> None:
    broad = a_rule("a", {"words": {"any": ["ΝΕΡΟΥ"]}}, department="x")
    assert kinds(broad, a_rule("b", {"words": {"any": ["διαρροή νερού"]}}, department="y")) == [
        (ProblemKind.SHADOWED, "b")
    ]


@given(strategies.rulesets(), strategies.facts)
def test_useless_rules_can_be_left_out_without_any_change(ruleset: Ruleset, facts: Facts) -> None:
    useless = {found.rule for found in problems(ruleset) if found.kind is not ProblemKind.WORD_CANNOT_MATCH}
    lean = replace(ruleset, rules=tuple(rule for rule in ruleset.rules if rule.key not in useless))
    assert decide(facts, lean) == decide(facts, ruleset)


@settings(max_examples=300)
@given(strategies.pairs, st.lists(strategies.facts, min_size=12, max_size=12))
def test_implication_holds_for_all_facts(pair: tuple[Condition, Condition], world: list[Facts]) -> None:
    one, other = pair
    held = [compiled(one)(Seen(facts)) is not None for facts in world]
    wanted = [compiled(other)(Seen(facts)) is not None for facts in world]
    assert not (impossible(one) and any(held))
    assert not (impossible(All(pair)) and any(map(and_, held, wanted)))
    assert not (implies(one, other) and any(map(gt, held, wanted)))
