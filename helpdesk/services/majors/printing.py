"""The review as a PDF: a tagged document (PDF/UA-1) in the reader's language, made from one typst template."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from helpdesk.services.printing import STANDARD, document

__all__ = ["STANDARD", "Printed", "pdf"]


@dataclass(frozen=True)
class Printed:
    """Everything that the document says, in words of its language; a line is a moment and what happened."""

    language: str
    title: str
    kind: str
    body: str
    summary: str
    facts: Sequence[tuple[str, str]]
    headings: Mapping[str, str]
    timeline: Sequence[tuple[str, str]]
    cause: str
    went_well: str
    went_badly: str
    actions: Sequence[tuple[str, str, str]]
    foot: str


def pdf(printed: Printed) -> bytes:
    """The document's bytes."""
    return document("major_review", asdict(printed))
