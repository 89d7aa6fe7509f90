"""Letters: tells a text from the same bytes read by the wrong codec, and folds case and accents to compare words."""

import re
from unicodedata import combining, normalize

_WORD = re.compile(r"[^\W\d_]+")
_GREEK_COMMON = frozenset("αοιετσνηυρπκμλςίόάέήύώω")
_CYRILLIC_COMMON = frozenset("оеаинтсрвлкмдпуяызьъйщюшчжхгб")
_LATIN_COMMON = frozenset("éèàâêîôûçäöüßáíóúñãõåæøşğıńąęłżśćřčšžýů")
_GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")


def folded(text: str) -> str:
    """In lower case without accents, so that ΑΠΟΤΥΧΙΑ is αποτυχία and Rückläufer need no umlaut."""
    if text.isascii():
        return text.lower()
    letters = (letter for letter in normalize("NFD", text.lower()) if not combining(letter))
    return "".join(letters).replace("ς", "σ")


def looks_greek(text: str) -> bool:
    """Whether the letters beyond ASCII make Greek words."""
    foreign = [word for word in _WORD.findall(text) if not word.isascii()]
    letters = sum(map(len, foreign))
    natural = sum(len(word) for word in foreign if len(word) > 1 and _is_greek_word(word))
    return letters > 0 and natural / letters > 0.7


def _is_greek_word(word: str) -> bool:
    if not all(_GREEK.match(letter) for letter in word):
        return False
    lower = word.lower()
    vowels = sum(letter in "αεηιουωάέήίόύώϊϋΐΰ" for letter in lower)
    return vowels > 0 and "ς" not in lower[:-1]


def scored(text: str) -> float:
    """How much the words beyond ASCII look like those of a language, 0 to 1."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    letters = sum(len(word) for word in words) + sum(not letter.isascii() and not letter.isalpha() for letter in text)
    return sum(map(_word_score, words)) / letters if letters else 0.0


def _word_score(word: str) -> float:
    lower = word.lower()
    cased = word.islower() or word.istitle() or word.isupper()
    if len(_GREEK.findall(word)) == len(word):
        common = sum(letter in _GREEK_COMMON for letter in lower)
        natural = _is_greek_word(word) and cased
    elif len(_CYRILLIC.findall(word)) == len(word):
        common = sum(letter in _CYRILLIC_COMMON for letter in lower)
        natural = cased
    else:
        foreign = [letter for letter in lower if not letter.isascii()]
        common = len(lower) - 2 * len(foreign) + sum(letter in _LATIN_COMMON for letter in foreign)
        natural = cased and len(foreign) * 2 <= len(lower) and not _GREEK.search(word) and not _CYRILLIC.search(word)
    return max(common, 0) if natural else 0.3 * max(common, 0)
