"""Models of work for tests: a request with every kind of step, an incident with a script."""

from typing import Any

from helpdesk.services import rulebook
from helpdesk.vocabulary import RulebookKind
from tests.builders import NOON


def words(told: str) -> dict[str, str]:
    """A text in both languages."""
    return {"en": told, "el": f"«{told}»"}


def step(key: str, kind: str = "task", **given: Any) -> dict[str, Any]:
    """A step of a model."""
    return {"key": key, "kind": kind, "texts": words(key.capitalize())} | given


QUESTIONS = [
    {"key": "lit", "texts": words("Is any lamp lit?"), "answers": [
        {"texts": words("Yes"), "advice": words("Send the lamp crew.")}, {"texts": words("No"), "next": "rain"},
    ]},
    {"key": "rain", "texts": words("Did it rain?"), "answers": [
        {"texts": words("It rained"), "advice": words("Reset the switch.")}, {"texts": words("It was dry")},
    ]},
]  # fmt: skip


def model(*steps: dict[str, Any], when: dict[str, Any] | None = None, **given: Any) -> dict[str, Any]:
    """A model's data."""
    return {
        "kind": "request",
        "names": words("A model"),
        "when": when or {"type": ["request"]},
        "steps": list(steps),
    } | given


def enact(*steps: dict[str, Any], key: str = "a-model", at: Any = NOON, **given: Any) -> Any:
    """Puts a model in force."""
    return rulebook.enact(RulebookKind.MODEL, key, model(*steps, **given), at=at)
