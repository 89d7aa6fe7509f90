"""A ruleset is read strictly and comes back as it was."""

import json

import pytest
from hypothesis import given

from routing import InvalidRuleset, Ruleset, decide
from routing.facts import Facts
from tests.routing import strategies
from tests.routing.builders import a_rule, a_ruleset


def nested(depth: int) -> object:
    return {"not": nested(depth - 1)} if depth else {"known": True}


@given(strategies.rulesets())
def test_ruleset_survives_json(ruleset: Ruleset) -> None:
    assert Ruleset.from_dict(json.loads(json.dumps(ruleset.to_dict()))) == ruleset


@given(strategies.rulesets(), strategies.facts)
def test_ruleset_read_back_decides_alike(ruleset: Ruleset, facts: Facts) -> None:
    assert decide(facts, Ruleset.from_dict(ruleset.to_dict())) == decide(facts, ruleset)


def test_empty_ruleset_is_a_ruleset() -> None:
    assert Ruleset.from_dict({}) == Ruleset()


@pytest.mark.parametrize(
    ("when", "path"),
    [
        (None, "rules[0].when"),
        ({}, "rules[0].when"),
        ({"channel": ["a"], "known": True}, "rules[0].when"),
        ({"colour": ["a"]}, "rules[0].when"),
        ({"channel": []}, "rules[0].when.channel"),
        ({"channel": "email"}, "rules[0].when.channel"),
        ({"channel": ["email", 3]}, "rules[0].when.channel[1]"),
        ({"all": [{"known": True}, {"known": "yes"}]}, "rules[0].when.all[1].known"),
        ({"any": []}, "rules[0].when.any"),
        ({"words": {"any": ["a"], "all": ["b"]}}, "rules[0].when.words"),
        ({"words": {"any": ["a"], "in": "footer"}}, "rules[0].when.words.in"),
        ({"words": {"any": ["a" * 201]}}, "rules[0].when.words.any[0]"),
        ({"words": {"any": ["a"] * 201}}, "rules[0].when.words.any"),
        ({"field": {"equals": ["a"]}}, "rules[0].when.field.name"),
        ({"time": {"days": ["monday"]}}, "rules[0].when.time.days[0]"),
        ({"time": {"from": "25:00"}}, "rules[0].when.time.from"),
        ({"spam_over": True}, "rules[0].when.spam_over"),
        ({"spam_over": float("nan")}, "rules[0].when.spam_over"),
        ({"all": [{"known": True}] * 101}, "rules[0].when"),
        (nested(8), "rules[0].when.not.not.not.not.not.not.not.not"),
    ],
)
def test_wrong_condition_is_refused_by_its_path(when: object, path: str) -> None:
    rule = {"key": "a", "title": "a", "when": when, "then": {"department": "x"}}
    with pytest.raises(InvalidRuleset) as refused:
        Ruleset.from_dict({"rules": [rule]})
    assert refused.value.field == path
    assert str(refused.value).startswith(f"{path}: ")


@pytest.mark.parametrize(
    ("then", "path"),
    [
        ({}, "rules[0].then"),
        ({"departmnt": "x"}, "rules[0].then"),
        ({"department": "a b"}, "rules[0].then.department"),
        ({"impact": "huge"}, "rules[0].then.impact"),
        ({"priority_floor": "urgent"}, "rules[0].then.priority_floor"),
        ({"tags": ["a", ""]}, "rules[0].then.tags[1]"),
        ({"restricted": 1}, "rules[0].then.restricted"),
    ],
)
def test_wrong_action_is_refused_by_its_path(then: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidRuleset) as refused:
        a_ruleset(a_rule("a", **then))
    assert refused.value.field == path


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ([], "ruleset"),
        ({"rulez": []}, "ruleset"),
        ({"version": -1}, "version"),
        ({"version": True}, "version"),
        ({"rules": {}}, "rules"),
        ({"rules": [a_rule("a", department="x"), a_rule("a", department="y")]}, "rules[1].key"),
        ({"rules": [a_rule(f"r{at}", department="x") for at in range(2001)]}, "rules"),
        ({"services": {"leak": 3}}, "services.leak"),
        ({"fallback": {"stop": "no"}}, "fallback.stop"),
    ],
)
def test_wrong_ruleset_is_refused_by_its_path(data: object, path: str) -> None:
    with pytest.raises(InvalidRuleset) as refused:
        Ruleset.from_dict(data)
    assert refused.value.field == path
