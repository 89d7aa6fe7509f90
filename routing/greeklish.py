"""Greek written in Latin letters: both scripts are read as one rough sound, cut to its stem.

Greeklish has no spelling: `αίτηση` is written aitisi, aithsh, ethsh. So both scripts become the same Latin letters,
digraphs that sound alike become one, doubled letters one, and inflectional endings fall. Where a Latin letter may
stand for two Greek ones (h for η or χ, th for θ or τη) the word has several readings.
"""

import re
from itertools import product

SHORTEST_STEM = 3
MOST_READINGS = 8

_GREEK = str.maketrans(
    dict(zip("αβγδεζηικλμνοπρσςτυφχω", "avgdeziiklmnoprsstyfxo", strict=True)) | {"θ": "8", "ξ": "x", "ψ": "ps"}
)
_LATIN = str.maketrans({"b": "v", "w": "o", "q": "k", "c": "k", "j": "x", "3": "x", "9": "8", "4": "ps"})
_DIGRAPHS = re.compile("[oe]y|[ao]u|a[yfv]|e[ufv]|ai|[eoyu]i|ks|g[gk]|ng")
_SOUND = {"oy": "\x01", "ou": "\x01", "ai": "e", "ks": "x", "gg": "g", "gk": "g", "ng": "g"}
_SOUND |= dict.fromkeys(("ay", "au", "af", "av"), "av") | dict.fromkeys(("ey", "eu", "ef", "ev"), "ev")
_SOUND |= dict.fromkeys(("ei", "oi", "yi", "ui"), "i")
_PLAIN = str.maketrans({"y": "i", "u": "i", "\x01": "u"})
_DOUBLED = re.compile(r"(.)\1+")
_ENDINGS = re.compile("(?:at(?:os|on|a)|[aeiou]+s?|[aeiou]+n)$")
_TWOFOLD = re.compile("th|[ckp]h|dh|h")
_READ_AS = {"th": ("8", "ti"), "ch": ("x",), "kh": ("x", "ki"), "ph": ("f", "pi"), "dh": ("d", "di"), "h": ("i", "x")}


def of_greek(word: str) -> tuple[str, ...]:
    """The reading of a folded Greek word."""
    return _long_enough({_stem(word.translate(_GREEK))})


def of_latin(word: str) -> tuple[str, ...]:
    """The readings of a folded Latin word, were it Greek."""
    pieces = [_READ_AS.get(piece, (piece,)) for piece in _cut(word)]
    readings = product(*pieces)
    spelled = {"".join(one).translate(_LATIN) for one, _ in zip(readings, range(MOST_READINGS), strict=False)}
    return _long_enough({_stem(one) for one in spelled})


def _cut(word: str) -> list[str]:
    return [piece for piece in re.split(f"({_TWOFOLD.pattern})", word) if piece]


def _stem(spelled: str) -> str:
    sound = _DIGRAPHS.sub(lambda found: _SOUND[found[0]], spelled).translate(_PLAIN)
    single = _DOUBLED.sub(r"\1", sound)
    stem = _ENDINGS.sub("", single)
    return stem if len(stem) >= SHORTEST_STEM else single


def _long_enough(stems: set[str]) -> tuple[str, ...]:
    return tuple(sorted(stem for stem in stems if len(stem) >= SHORTEST_STEM))


_SPELLED = {
    "th": "θ", "ch": "χ", "kh": "χ", "ph": "φ", "ps": "ψ", "ks": "ξ", "ou": "ου", "oy": "ου", "av": "αυ", "ev": "ευ",
    "mp": "μπ", "nt": "ντ", "gk": "γκ", "gg": "γγ", "ts": "τσ", "tz": "τζ",
} | dict(zip("abvgdezhiklmnxoprstyufwcqj3849", "αββγδεζηικλμνξοπρστυυφωκκξξθψθ", strict=True))  # fmt: skip
_LETTERS = re.compile("|".join(sorted(_SPELLED, key=len, reverse=True)))


def spell(word: str) -> str:
    """A folded Latin word in Greek letters, one spelling of the many it may have had."""
    return _LETTERS.sub(lambda found: _SPELLED[found[0]], word)
