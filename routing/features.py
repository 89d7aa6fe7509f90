"""What the classifier sees of a text: words, pairs of words, beginnings and pieces of words, each under a name.

Accents, case and final sigma are folded; words stand by their Greek or English stem. A text in Greeklish is read a
second time: a Latin word becomes the Greek word of the training texts that sounds like it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from routing import greeklish
from routing.function_words import FUNCTION_WORDS
from routing.words import REMEMBERED_WORDS, Key, Passage, key, plain

LONGEST_TEXT = 6_000
"""Characters that count: what a request is about stands in its beginning."""
SHORTEST_PIECE, LONGEST_PIECE = 2, 5
LONGEST_SPELLED = 24
"""Letters of a word that are cut into pieces."""
BEGINNING = 4

PAIR, PIECE, FUNCTION, BEGINS, WORD = "b", "c", "f", "p", "w"
"""First letter of a feature's name: what kind it is. In the order of the alphabet, so that kinds stand together."""

Heard = Mapping[str, str]
"""A sound, as Greeklish is read, and the Greek word of the training texts that sounds so."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands in the text, and as it is compared."""

    spelled: str
    plain: str
    stem: str

    @property
    def own(self) -> tuple[str, ...]:
        """Names of all features that come from this word alone."""
        return _own(self.plain, self.stem)


@lru_cache(REMEMBERED_WORDS)
def _own(written: str, stem: str) -> tuple[str, ...]:
    if written in FUNCTION_WORDS:
        return (FUNCTION + stem,)
    return (WORD + stem, BEGINS + written[:BEGINNING], *_pieces(written[:LONGEST_SPELLED]))


def _pieces(word: str) -> Iterator[str]:
    edged = f" {word} "
    for size in range(SHORTEST_PIECE, min(LONGEST_PIECE, len(edged)) + 1):
        for start in range(len(edged) - size + 1):
            yield PIECE + edged[start : start + size]


def read(text: str, heard: Heard, known: Callable[[str], bool]) -> list[Word]:
    """The words of a text; where it may be Greeklish, its Latin words that are not `known` are heard as Greek."""
    passage = Passage(text[:LONGEST_TEXT])
    pairs = list(zip(passage.spelled, passage.words, strict=True))
    if not heard or not passage.may_be_greeklish:
        return [Word(spelled, plain(spelled), one[0]) for spelled, one in pairs]
    as_heard = [_heard(one, heard, known) for _, one in pairs]
    latin = [found for found, (_, one) in zip(as_heard, pairs, strict=True) if _is_latin(one)]
    spell = bool(latin) and 2 * sum(found is not None for found in latin) >= len(latin)
    return [_greek(spelled, one, found, spell, known) for found, (spelled, one) in zip(as_heard, pairs, strict=True)]


def _is_latin(one: Key) -> bool:
    return bool(one[1]) and one[1][0][0] == "λ"


def _heard(one: Key, heard: Heard, known: Callable[[str], bool]) -> str | None:
    if not _is_latin(one) or known(one[0]):
        return None
    return next((heard[sound[1:]] for sound in one[1] if sound[1:] in heard), None)


def _greek(spelled: str, one: Key, found: str | None, spell: bool, known: Callable[[str], bool]) -> Word:
    """The word as heard; in a text that is mostly heard as Greek, the others are spelled in Greek letters."""
    written = plain(spelled)
    if found is None and spell and _is_latin(one) and not known(one[0]):
        found = greeklish.spell(written)
    return Word(spelled, found, key(found)[0]) if found else Word(spelled, written, one[0])


def hear(texts: Iterable[str]) -> tuple[dict[str, str], set[str]]:
    """What training texts teach of Greeklish: the commonest Greek word of each sound, and stems of English texts."""
    forms: dict[str, Counter[str]] = {}
    english: set[str] = set()
    for text in texts:
        passage = Passage(text[:LONGEST_TEXT])
        for spelled, (stem, readings) in zip(passage.spelled, passage.words, strict=True):
            if readings and readings[0][0] == "γ":
                forms.setdefault(readings[0][1:], Counter())[plain(spelled)] += 1
            elif not passage.may_be_greeklish:
                english.add(stem)
    return {sound: min(found, key=lambda one: (-found[one], one)) for sound, found in sorted(forms.items())}, english


def count(words: list[Word]) -> Counter[str]:
    """How often each feature stands in a text of these words."""
    found = Counter[str]()
    for word in words:
        found.update(word.own)
    found.update(pairs(words))
    return found


def pairs(words: list[Word]) -> list[str]:
    """The names of neighbours, the first of `words` with the second and so on."""
    return [f"{PAIR}{one.stem} {other.stem}" for one, other in pairwise(words)]
