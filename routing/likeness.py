"""How alike two texts are by their words, and how like ones find each other among many without comparing all.

A text is the set of its words, read by sound so that Greeklish meets Greek, without those that say nothing. Likeness
is the share of words that two texts have in common (Ochiai's). Each set has bands, made by minwise hashing (Broder
1997): texts of which a third of all words is shared have a band in common 98 times in 100, strangers seldom.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from zlib import crc32

from routing.function_words import FUNCTION_WORDS
from routing.words import Passage, plain

MOST_WORDS = 60
"""Different words of a text that count: what it is about stands in its beginning."""

BANDS, ROWS = 32, 2
_PRIME = (1 << 61) - 1
_MASK = (1 << 32) - 1


def _factors() -> list[tuple[int, int]]:
    """Pairs for as many hashes as there are rows in all bands; the same on every machine, for they are kept."""
    state, found = 0x9E3779B97F4A7C15, []
    for _ in range(BANDS * ROWS * 2):
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        found.append((state >> 3) % (_PRIME - 1) + 1)
    return list(zip(found[::2], found[1::2], strict=True))


_FACTORS = _factors()


@dataclass(frozen=True)
class Likeness:
    """A text as it is compared: its words, in order, and its bands."""

    words: tuple[str, ...]
    bands: tuple[int, ...]


def likeness(*texts: str) -> Likeness:
    """Of texts that belong together, the most telling first: a subject, then what was said."""
    words = tuple(dict.fromkeys(word for text in texts for _, word in spoken(text)))[:MOST_WORDS]
    return Likeness(words, bands(words))


def spoken(text: str) -> list[tuple[str, str]]:
    """The words that say something, as they stand in the text and as they are compared."""
    passage = Passage(text)
    found = []
    for spelled, (stem, readings) in zip(passage.spelled, passage.words, strict=True):
        written = plain(spelled)
        if written in FUNCTION_WORDS or (len(written) < 3 and not written.isdigit()):
            continue
        heard = readings and (readings[0][0] == "γ" or passage.may_be_greeklish)
        found.append((spelled, readings[0][1:] if heard else stem))
    return found


def bands(words: Iterable[str]) -> tuple[int, ...]:
    """The bands of a set of words, each a number of 32 bits with its sign; none of an empty one."""
    hashes = [crc32(word.encode()) for word in set(words)]
    if not hashes:
        return ()
    least = [min((a * one + b) % _PRIME for one in hashes) & _MASK for a, b in _FACTORS]
    return tuple(
        struct.unpack("<i", struct.pack("<I", crc32(struct.pack(f"<{ROWS + 1}I", at, *least[at * ROWS :][:ROWS]))))[0]
        for at in range(BANDS)
    )


def alike(one: Iterable[str], other: Iterable[str]) -> float:
    """How alike two sets of words are: 0 nothing in common, 1 the same."""
    here, there = set(one), set(other)
    if not here or not there:
        return 0.0
    return len(here & there) / sqrt(len(here) * len(there))
