"""One notion of a word for everything: blind to case, accents, final sigma, inflection and Greeklish.

`words` gives what a text is made of: folded Snowball stems, Greek in Greek letters, English in Latin ones. `Passage`
and `Phrase` compare: words of one script by their stem, words of different scripts by their Greeklish reading.
An English passage is not read as Greeklish, or "pole" would be a city (`πόλη`).
"""

import re
import unicodedata
from functools import cached_property, lru_cache
from itertools import chain
from threading import Lock
from typing import Any

from snowballstemmer import stemmer

from routing import greeklish

LONGEST_WORD = 40
"""Letters; what is longer (an address, an encoded block) is compared by its first ones, unstemmed."""
LONGEST_PASSAGE = 50_000
"""Characters of a text that are looked at."""
REMEMBERED_WORDS = 32_768

_MARKS = "\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff"
_WORD = re.compile(rf"[^\W_]+(?:[{_MARKS}]+[^\W_]*)*")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_GREEK = re.compile("[α-ω]")
_LATIN = re.compile("[a-z]")
_AS_GREEK = str.maketrans("abehikmnoptyxzvuw", "αβεηικμνορτυχζνυω")
_AS_LATIN = str.maketrans("αβεηικμνορτυχζσ", "abehikmnoptyxzs")

_GREEK_STEMMER = stemmer("greek")
_ENGLISH_STEMMER = stemmer("english")
_ONE_AT_A_TIME = Lock()  # a Snowball stemmer keeps its word in itself

Key = tuple[str, tuple[str, ...]]
"""A word's folded stem and, marked with the script it is written in, its Greeklish readings."""


def fold(text: str) -> str:
    """The text without accents, diacritics, invisible joiners, case and final sigma. Idempotent."""
    plain = _bare(unicodedata.normalize("NFKD", text)).casefold()
    return _bare(unicodedata.normalize("NFKD", plain)).replace("ς", "σ")


def words(text: str) -> list[str]:
    """The folded stems of all words, in order."""
    return [key(word)[0] for word in _WORD.findall(text[:LONGEST_PASSAGE])]


def key(word: str) -> Key:
    """What a word is compared by."""
    return _key(word) if len(word) <= LONGEST_WORD else (fold(word[:LONGEST_WORD]), ())


@lru_cache(REMEMBERED_WORDS)
def plain(word: str) -> str:
    """A word folded and, where look-alikes of the other script slipped in, in one script."""
    return _one_script(fold(word))


def forget() -> None:
    """Empties the memo of words, for measuring."""
    _key.cache_clear()
    plain.cache_clear()


@lru_cache(REMEMBERED_WORDS)
def _key(word: str) -> Key:
    folded = _one_script(fold(word))
    if _GREEK.search(folded):
        return _stemmed(_GREEK_STEMMER, folded), tuple(f"γ{one}" for one in greeklish.of_greek(folded))
    if _LATIN.search(folded):
        return _stemmed(_ENGLISH_STEMMER, folded), tuple(f"λ{one}" for one in greeklish.of_latin(folded))
    return folded, ()


def _stemmed(snowball: Any, folded: str) -> str:
    with _ONE_AT_A_TIME:
        return fold(snowball.stemWord(folded)) or folded


def _bare(text: str) -> str:
    if text.isascii():
        return text
    return _INVISIBLE.sub("", "".join(letter for letter in text if not unicodedata.combining(letter)))


def _one_script(folded: str) -> str:
    """A word in which letters of the other script stand for their look-alikes is read in the script it mostly uses."""
    greek, latin = len(_GREEK.findall(folded)), len(_LATIN.findall(folded))
    if not greek or not latin:
        return folded
    return folded.translate(_AS_GREEK if greek >= latin else _AS_LATIN)


class Phrase:
    """One word, or several that must follow each other, to be found in passages."""

    __slots__ = ("any_of", "written")

    def __init__(self, written: str) -> None:
        self.written = written
        self.any_of = tuple(_wanted(word) for word in _WORD.findall(written))


def _wanted(word: str) -> frozenset[str]:
    stem, readings = key(word)
    other = {"γ": "λ", "λ": "γ"}
    # A Latin word is seldom Greeklish in a rule: only longer ones are also looked for among Greek words.
    shortest = greeklish.SHORTEST_STEM + (readings[:1] != () and readings[0][0] == "λ")
    return frozenset([stem, *(other[one[0]] + one[1:] for one in readings if len(one) > shortest)])


class Passage:
    """A text as its words, read once and asked often."""

    def __init__(self, text: str) -> None:
        self.spelled = _WORD.findall(text[:LONGEST_PASSAGE])
        self.words = list(map(key, self.spelled))

    @cached_property
    def keys(self) -> set[str]:
        """All that its words may be compared by."""
        readings = {word[1] for word in self.words if word[1] and word[1][0][0] != self._unread}
        return self._stems.union(chain.from_iterable(readings))

    @property
    def may_be_greeklish(self) -> bool:
        """Its Latin words may be Greek ones: it is not plainly English."""
        return self._unread == ""

    @cached_property
    def _stems(self) -> set[str]:
        return {word[0] for word in self.words}

    @cached_property
    def _unread(self) -> str:
        """The script whose Greeklish readings do not count here: Latin, when the passage is English."""
        english = len(self._stems & _ENGLISH)
        return "λ" if english >= 2 and english > len(self._stems & _GREEKLISH) else ""

    def find(self, phrase: Phrase) -> str | None:
        """The words as they stand in the text, at the first place where the phrase does."""
        if not phrase.any_of or any(self.keys.isdisjoint(wanted) for wanted in phrase.any_of):
            return None
        span = len(phrase.any_of)
        for start in range(len(self.words) - span + 1):
            if all(self._is(start + step, wanted) for step, wanted in enumerate(phrase.any_of)):
                return " ".join(self.spelled[start : start + span])
        return None

    def _is(self, place: int, wanted: frozenset[str]) -> bool:
        stem, readings = self.words[place]
        return stem in wanted or bool(readings and readings[0][0] != self._unread and not wanted.isdisjoint(readings))


# Small words that tell English from Greeklish: hardly anyone writes two lines without them.
_ENGLISH = frozenset(words("the and is are was of for with this that my our please has have not there you your on in"))
_GREEKLISH = frozenset(words("kai den na gia mou sto stin sthn ston apo einai exo exei exw thn tin tou ths tis pou"))
