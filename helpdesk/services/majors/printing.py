"""The review as a PDF: a tagged document (PDF/UA-1) in the reader's language, made from one typst template."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from gevent import get_hub, monkey

_TEMPLATE = Path(__file__).resolve().parents[3] / "templates" / "reports" / "major_review.typ"
STANDARD = "ua-1"
"""Readable by screen readers: tagged, with its language and title."""


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
    """The document's bytes; made off the loop of the web's workers, which would stand still for its 50 ms."""
    return bytes(_off_the_loop(_compile, json.dumps(asdict(printed), ensure_ascii=False)))


def _compile(data: str) -> bytes:
    compiled: bytes = _typst()(str(_TEMPLATE), format="pdf", pdf_standards=[STANDARD], sys_inputs={"data": data})
    return compiled


@cache
def _typst() -> Callable[..., Any]:
    """The library, which only who prints loads: it takes 80 MB."""
    found: Callable[..., Any] = import_module("typst").compile
    return found


def _off_the_loop(act: Callable[..., Any], *args: Any) -> Any:
    if monkey.is_module_patched("threading"):
        return get_hub().threadpool.apply(act, args)
    return act(*args)
