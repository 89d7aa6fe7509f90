"""Scripts for first diagnosis as lines of text, so that a tree of questions can be written in one field. Pure.

``? key: Greek | English`` begins a question; ``- Greek | English`` is an answer to it, with ``-> key`` the question
that follows and after ``=>`` what to say or do then.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_QUESTION = re.compile(r"\?\s*(?:([a-z0-9][a-z0-9-]*)\s*:)?\s*(.+)")
_ANSWER = re.compile(r"-\s*(.+?)(?:\s*->\s*([a-z0-9-]+))?(?:\s*=>\s*(.+))?")


class Unreadable(ValueError):
    """A line that is neither a question nor an answer; ``line`` counts from one."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


def write(questions: Sequence[Mapping[str, Any]]) -> str:
    """The questions of a step's data as text."""
    lines: list[str] = []
    for question in questions:
        lines.append(f"? {question['key']}: {_both(question['texts'])}")
        for answer in question["answers"]:
            then = f" -> {answer['next']}" if answer.get("next") else ""
            advice = f" => {_both(answer['advice'])}" if answer.get("advice") else ""
            lines.append(f"- {_both(answer['texts'])}{then}{advice}")
        lines.append("")
    return "\n".join(lines).strip()


def _both(texts: Mapping[str, str]) -> str:
    return " | ".join(filter(None, (texts.get("el", ""), texts.get("en", ""))))


def read(text: str) -> list[dict[str, Any]]:
    """The data of what was written; raises Unreadable."""
    questions: list[dict[str, Any]] = []
    for place, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        told = line.strip()
        if not told:
            continue
        if begun := _QUESTION.fullmatch(told):
            key = begun[1] or f"question-{len(questions) + 1}"
            questions.append({"key": key, "texts": _texts(begun[2]), "answers": []})
        elif questions and (given := _ANSWER.fullmatch(told)):
            questions[-1]["answers"].append(_answer(given))
        else:
            raise Unreadable(place)
    return questions


def _answer(given: re.Match[str]) -> dict[str, Any]:
    more = {"next": given[2]} if given[2] else {}
    return {"texts": _texts(given[1])} | more | ({"advice": _texts(given[3])} if given[3] else {})


def _texts(told: str) -> dict[str, str]:
    """One text stands for both languages."""
    first, _, second = (part.strip() for part in told.partition("|"))
    return {"el": first, "en": second or first}
