"""Documents as PDF: tagged (PDF/UA-1), in the reader's language, each made from one typst template."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from gevent import get_hub, monkey

_FOLDER = Path(__file__).resolve().parents[2] / "templates" / "reports"
STANDARD = "ua-1"
"""Readable by screen readers: tagged, with its language and title."""


def document(template: str, values: Mapping[str, Any]) -> bytes:
    """The document's bytes; made off the loop of the web's workers, which would stand still for its 50 ms."""
    return bytes(_off_the_loop(_compile, _FOLDER / f"{template}.typ", json.dumps(values, ensure_ascii=False)))


def _compile(template: Path, data: str) -> bytes:
    compiled: bytes = _typst()(str(template), format="pdf", pdf_standards=[STANDARD], sys_inputs={"data": data})
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
