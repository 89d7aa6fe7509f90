"""Impact and urgency make a priority."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sla import form
from sla.form import Malformed


class Priority(StrEnum):
    """How soon a ticket's turn comes, the most pressing first."""

    CRITICAL = "critical"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Level(StrEnum):
    """How far an impact reaches, or how pressing something is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


Words = str | tuple[tuple[str, str], ...]
"""A text for all languages, or a text for each."""

_LANGUAGE = re.compile(r"[a-z]{2,3}")


class InvalidMatrix(Malformed):
    """A matrix that cannot be understood; the message names the field."""


@dataclass(frozen=True)
class Matrix:
    """A priority for each of the nine pairs, as rows of impact and columns of urgency (high, medium, low).

    `guidance` says for people, pair by pair and in each language (or in one for all), what belongs there; nothing is
    decided from it.
    """

    rows: tuple[tuple[Priority, ...], ...]
    guidance: tuple[tuple[tuple[Level, Level], Words], ...] = ()

    def priority(self, impact: Level, urgency: Level) -> Priority:
        """The priority of that impact and urgency."""
        levels = list(Level)
        return self.rows[levels.index(impact)][levels.index(urgency)]

    def told(self, impact: Level, urgency: Level) -> Mapping[str, str]:
        """What belongs in a pair, by language; words for all languages stand under an empty one."""
        found = dict(self.guidance).get((impact, urgency), "")
        if isinstance(found, str):
            return {"": found} if found else {}
        return dict(found)

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> "Matrix":
        """Reads {impact: {urgency: priority}}, complete, and "guidance": {impact: {urgency: words}}, which may be left
        out; words are a text or {language: text}. Raises InvalidMatrix, which names the wrong field."""
        try:
            impacts = form.mapping(data, "matrix", (*Level, "guidance"))
            rows = tuple(_row(impacts.get(impact), f"matrix.{impact}") for impact in Level)
            return cls(rows, tuple(_guidance(impacts.get("guidance", {}))))
        except Malformed as error:
            raise InvalidMatrix(error.field, error.reason) from None

    def to_dict(self) -> dict[str, Any]:
        """The form that `from_dict` reads."""
        written = {
            impact.value: {urgency.value: self.priority(impact, urgency).value for urgency in Level} for impact in Level
        }
        told: dict[str, dict[str, Any]] = {}
        for (impact, urgency), words in self.guidance:
            told.setdefault(impact.value, {})[urgency.value] = words if isinstance(words, str) else dict(words)
        return {**written, **({"guidance": told} if told else {})}


def _row(value: object, field: str) -> tuple[Priority, ...]:
    urgencies = form.mapping(value, field, tuple(Level))
    return tuple(form.one_of(Priority, urgencies.get(urgency), f"{field}.{urgency}") for urgency in Level)


def _guidance(value: object) -> Iterator[tuple[tuple[Level, Level], Words]]:
    impacts = form.mapping(value, "matrix.guidance", tuple(Level))
    for impact in Level:
        field = f"matrix.guidance.{impact}"
        words = form.mapping(impacts.get(impact, {}), field, tuple(Level))
        for urgency in Level:
            if urgency in words:
                yield (impact, urgency), _words(words[urgency], f"{field}.{urgency}")


def _words(value: object, field: str) -> Words:
    if not isinstance(value, Mapping):
        return form.text(value, field)
    if not value or not all(isinstance(code, str) and _LANGUAGE.fullmatch(code) for code in value):
        raise Malformed(field, "must be a text, or texts by language")
    return tuple((code, form.text(told, f"{field}.{code}")) for code, told in value.items())


DEFAULT = Matrix(
    (
        (Priority.CRITICAL, Priority.HIGH, Priority.NORMAL),
        (Priority.HIGH, Priority.NORMAL, Priority.LOW),
        (Priority.NORMAL, Priority.LOW, Priority.LOW),
    )
)
