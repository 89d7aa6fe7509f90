"""Rules and rulesets with sensible defaults."""

from typing import Any

from routing import Facts, Ruleset

ALWAYS = {"all": list[object]()}
facts = Facts


def a_rule(key: str, when: object = None, **then: object) -> dict[str, object]:
    """A rule in its JSON form; without a condition it always holds."""
    return {"key": key, "title": key, "when": when or ALWAYS, "then": then}


def a_ruleset(*rules: dict[str, object], **rest: Any) -> Ruleset:
    """The ruleset of these rules."""
    return Ruleset.from_dict({"version": 1, "rules": list(rules)} | rest)


def routed(services: dict[str, str], addresses: dict[str, str]) -> Ruleset:
    """A ruleset without rules."""
    return Ruleset(version=1, services=services, addresses=addresses)
