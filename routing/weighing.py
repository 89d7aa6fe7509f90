"""Turns counts of features into weights: rare ones count more, each kind of feature has the same say in every text."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from routing.features import BEGINS, FUNCTION, PAIR, PIECE, WORD

Floats: TypeAlias = NDArray[np.float32]
Places: TypeAlias = NDArray[np.intp]

KINDS = (PAIR, PIECE, FUNCTION, BEGINS, WORD)
_KIND = {kind: place for place, kind in enumerate(KINDS)}
_SHARES = (PAIR, PIECE, WORD, BEGINS, WORD)
"""With whom a kind shares its say: function words stand among the words."""
_SHARE = np.array([_KIND[kind] for kind in _SHARES], dtype=np.intp)
_SHARED = {kind: _KIND[share] for kind, share in zip(KINDS, _SHARES, strict=True)}

UNSEEN = 0.5
"""How much a feature that training never met counts, beside a rare one, when a text is brought to the same length:
a text full of unknown words speaks more softly."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Features of texts, all rows after each other: whose, which (by place in the names), and how often."""

    rows: Places
    places: Places
    times: Floats


@dataclass(frozen=True, slots=True)
class Scale:
    """How rare each feature was among the training texts; 0 for one that does not count."""

    rarity: Floats
    kinds: Places
    rarest: float

    def weigh(self, counts: Counts, texts: int, unknown: NDArray[np.float64] | None = None) -> Floats:
        """The weight of each count. `unknown` adds features without a place: sums of squares by text and kind."""
        rarity, kinds = self.rarity[counts.places], _SHARE[self.kinds[counts.places]]
        strength = (1 + np.log(counts.times)).astype(np.float32)
        weights = strength * rarity
        length = np.where(rarity > 0, weights, strength * np.float32(UNSEEN * self.rarest))
        slot = counts.rows * len(KINDS) + kinds
        squares = np.bincount(slot, length.astype(np.float64) ** 2, texts * len(KINDS)).astype(np.float64)
        if unknown is not None:
            squares += unknown.ravel() * (UNSEEN * self.rarest) ** 2
        found: Floats = (weights / np.sqrt(squares[slot])).astype(np.float32)
        return found


def scale_of(counts: Counts, texts: int, kinds: Places) -> Scale:
    """How rare features are among so many texts; those that stand in none of them do not count."""
    spread = np.bincount(counts.places, minlength=len(kinds))
    rarity = np.log((1 + texts) / (1 + spread)) + 1
    rarest = float(np.log(1 + texts) + 1)
    return Scale(np.where(spread > 0, rarity, 0).astype(np.float32), kinds, rarest)


def kinds_of(names: list[str]) -> Places:
    """The kind of each name, as a number."""
    return np.array([_KIND[name[0]] for name in names], dtype=np.intp)


def squares(unknown: Mapping[str, int]) -> NDArray[np.float64]:
    """Of features that training did not meet, and how often each stands in a text: squared strengths, added by kind."""
    found = [0.0] * len(KINDS)
    for name, times in unknown.items():
        found[_SHARED[name[0]]] += (1 + log(times)) ** 2 if times > 1 else 1.0
    return np.array(found)
