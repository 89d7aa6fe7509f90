"""What the own questions of a service's form were answered with, in the words of the form."""

from collections.abc import Mapping, Sequence
from typing import Any

from helpdesk import i18n
from helpdesk.web import language

Question = Mapping[str, Any]


def told(questions: Sequence[Question] | None, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each answer after its question, in the form's order; what is empty is left out."""
    return [
        (i18n.pick(item["labels"], language.current()), _in_words(item, value))
        for item in questions or ()
        if (value := str(given.get(item["name"]) or ""))
    ]


def of_any_form(questions: Sequence[Question] | None, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The same, and after it what another form asked: the ticket has gone to a service that does not ask it."""
    asked = {item["name"] for item in questions or ()}
    return told(questions, given) + [(name, str(value)) for name, value in given.items() if name not in asked and value]


def _in_words(question: Question, value: str) -> str:
    chosen = next((one for one in question.get("choices", ()) if one["value"] == value), None)
    return i18n.pick(chosen["labels"], language.current()) if chosen else value
