"""The words of a question or an article that tell what it is about, and what each is compared by. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from routing.function_words import FUNCTION_WORDS
from routing.words import Passage, fold, key, plain

HEARD = "~"
"""Before a token: how a Greek word sounds, in Latin letters. A stem never begins so."""

SAME, SOUNDS_SAME = 1.0, 0.9
"""How much it counts that the stem is the same, or that it only sounds the same (Greeklish, a slip of spelling)."""

MOST_TERMS = 40
"""Words of a question that are looked for: what it is about stands in its beginning."""

_ASKING = """
θέλω ήθελα θέλουμε θες μπορώ μπορούσα μπορείτε ξέρω ξέρετε γνωρίζω μάθω μαθαίνω πείτε πες πω λέω ρωτήσω ρωτάω ερώτηση
απορία πληροφορία πληροφορίες σχετικά βοηθήστε κάνω κάνουμε κάνει γίνεται γίνει γίνουν πάω πάμε πηγαίνω έρχομαι
βρω βρίσκω βγάζω βγάλω παίρνω πάρω δίνω δίνετε δώσω φέρω χρειάζομαι χρειάζονται χρειαστώ πρέπει αφορά αφορούν καλό
σήμερα χθες χτες αύριο τώρα πρωί βράδυ μεσημέρι μέρα μέρες ημέρα εβδομάδα βδομάδα μήνας μήνα χρόνος χρόνια φορά
τρόπος πράγμα υπόθεση δήμος δήμου υπηρεσία παρακαλώ ευχαριστώ καλησπέρα γειά χαίρετε κύριε κυρία έχουμε μένω πόσος πόσοι
want wants wanted know tell ask asked asking question information info help find get take come went going use
today yesterday tomorrow now morning evening night day days week weeks month months year years time times thing things
way good new possible municipality town city service somebody anybody hi hey sir madam live able cannot there
"""
_SMALL = FUNCTION_WORDS | frozenset(map(fold, _ASKING.split()))


@dataclass(frozen=True)
class Term:
    """A telling word of a text: as it stands there, its stem, how it sounds were it Greek."""

    spelled: str
    stem: str
    sounds: tuple[str, ...] = ()

    @property
    def forms(self) -> dict[str, float]:
        """What it is looked for by, with how much each counts."""
        return {**dict.fromkeys(self.sounds, SOUNDS_SAME), self.stem: SAME}


def of_article(text: str) -> list[Term]:
    """The telling words in order; those of Greek letters with their sound."""
    return [_term(spelled, read=_is_greek) for spelled in Passage(text).spelled if not _is_small(spelled)]


def of_question(text: str) -> list[Term]:
    """The telling words, each once; Latin ones also as Greeklish unless the text is plainly English.

    One of small words only ("what is this") has none.
    """
    passage = Passage(text)
    greeklish = passage.may_be_greeklish
    found: dict[str, Term] = {}
    for spelled in passage.spelled:
        if not _is_small(spelled) and not (greeklish and _is_small_greeklish(spelled)):
            one = _term(spelled, read=(lambda _: True) if greeklish else _is_greek)
            found.setdefault(one.stem, one)
    return list(found.values())[:MOST_TERMS]


def tokens(text: str) -> Iterator[tuple[int, str]]:
    """Place and token of all telling words of an article's text."""
    for place, one in enumerate(of_article(text)):
        yield place, one.stem
        yield from ((place, sound) for sound in one.sounds)


def _term(spelled: str, read: Callable[[str], bool]) -> Term:
    stem, readings = key(spelled)
    heard = tuple(HEARD + one[1:] for one in readings) if read(spelled) else ()
    return Term(spelled, stem, heard)


def _is_greek(spelled: str) -> bool:
    return not spelled.isascii()


def _is_small(spelled: str) -> bool:
    return len(spelled) < 2 or plain(spelled) in _SMALL


@lru_cache(4_096)
def _is_small_greeklish(spelled: str) -> bool:
    """Whether a Latin word is a small Greek one; two letters never tell anything."""
    if not spelled.isascii() or not spelled.isalpha():
        return False
    return len(spelled) <= 2 or not _SMALL_SOUNDS.isdisjoint(one[1:] for one in key(spelled)[1])


_SMALL_SOUNDS = frozenset(one[1:] for word in _SMALL if not word.isascii() for one in key(word)[1])
