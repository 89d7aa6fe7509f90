"""A text as a model sees it: which features it has, how often each, and from which of its words they come.

What a model knows of a word is remembered with it, so that a text is a few arrays put together.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from routing.features import BEGINS, WORD, Word, pairs
from routing.weighing import Counts, Floats, Places, squares

REMEMBERED = 8_192
"""Words whose features a model remembers."""
_TELLING = (WORD, BEGINS)


@dataclass(frozen=True, slots=True)
class Features:
    """Of one word: the places that training met with how often each stands in it, and the names that it did not."""

    places: Places
    times: Floats
    unknown: tuple[str, ...]
    telling: bool
    """Whether the word itself, or one that begins like it and says something, stood in a training text."""


@dataclass(slots=True)
class Memo:
    """The features of words, each looked up once."""

    index: Mapping[str, int]
    found: dict[tuple[str, str], Features] = field(default_factory=dict)

    def of(self, word: Word) -> Features:
        """Those of one word."""
        known = self.found.get((word.plain, word.stem))
        if known is None:
            if len(self.found) >= REMEMBERED:
                self.found.clear()
            known = self.found[word.plain, word.stem] = _features(word, self.index)
        return known


def _features(word: Word, index: Mapping[str, int]) -> Features:
    times = Counter(index[name] for name in word.own if name in index)
    return Features(
        np.fromiter(times.keys(), np.intp, len(times)),
        np.fromiter(times.values(), np.float32, len(times)),
        tuple(name for name in word.own if name not in index),
        any(name in index for name in word.own[:2] if name[0] in _TELLING),
    )


@dataclass(frozen=True, slots=True)
class Marks:
    """A text's counts by place, what has no place (sums of squares by kind), and where its words find theirs.

    ``words`` are its different words, ``said`` for every word of the text which of those it is. The counts' places
    stand in ``slots``: first those of each different word, as many as ``sizes`` says, then those of the neighbours
    that training met, who begin at the words ``joined``.
    """

    counts: Counts
    unknown: NDArray[np.float64]
    words: list[Word]
    said: Places
    sizes: Places
    joined: Places
    slots: Places
    telling: bool

    def shares(self, spoke: NDArray[np.float64]) -> NDArray[np.float64]:
        """How much each different word spoke, where each count did so much: a pair counts half for either word."""
        each = spoke[self.slots]
        own = int(self.sizes.sum())
        number = len(self.words)
        found: NDArray[np.float64] = np.zeros(number)
        found += np.bincount(np.repeat(np.arange(number), self.sizes), each[:own], number)
        halves = each[own:] / 2
        for side in (self.said[self.joined], self.said[self.joined + 1]):
            found += np.bincount(side, halves, number)
        return found


def marks(words: list[Word], memo: Memo) -> Marks:
    """The marks of a text of these words."""
    different: dict[tuple[str, str], Word] = {}
    for word in words:
        different.setdefault((word.plain, word.stem), word)
    number = {one: place for place, one in enumerate(different)}
    said = np.fromiter((number[word.plain, word.stem] for word in words), np.intp, len(words))
    known = [memo.of(word) for word in different.values()]
    often = np.bincount(said, minlength=len(known))
    names = pairs(words)
    joined = [place for place, name in enumerate(names) if name in memo.index]
    sizes = np.fromiter((len(one.places) for one in known), np.intp, len(known))
    places = np.concatenate([*(one.places for one in known), _places(names, joined, memo)])
    each = np.concatenate([*(one.times for one in known), np.ones(len(joined), np.float32)])
    each[: len(each) - len(joined)] *= np.repeat(often, sizes)
    met, slots = _in_order(places, len(memo.index))
    times = np.bincount(slots, each, len(met)).astype(np.float32)
    return Marks(
        Counts(np.zeros(len(met), np.intp), met, times),
        squares(_unknown(known, often, names, memo)),
        list(different.values()),
        said,
        sizes,
        np.array(joined, np.intp),
        slots,
        any(one.telling for one in known),
    )


def _in_order(places: Places, features: int) -> tuple[Places, Places]:
    """The different places as they first come, so that sums are always added up alike; and which each one is.

    Each place's first coming is written down last, over its later ones: without sorting, and whatever stood there.
    """
    at = np.arange(len(places))
    comings = np.empty(features, np.intp)
    comings[places[::-1]] = at[::-1]
    first = comings[places]
    new = first == at
    return places[new], (np.cumsum(new) - 1)[first]


def _places(names: list[str], joined: list[int], memo: Memo) -> Places:
    return np.fromiter((memo.index[names[place]] for place in joined), np.intp, len(joined))


def _unknown(known: list[Features], often: Places, names: list[str], memo: Memo) -> Counter[str]:
    """How often each feature that training did not meet stands in the text."""
    found = Counter(name for name in names if name not in memo.index)
    for one, times in zip(known, often.tolist(), strict=True):
        if one.unknown:
            found.update(one.unknown * times)
    return found
