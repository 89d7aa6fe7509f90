"""Words by which a citizen says that they want no messages, or want them again (pure)."""

import unicodedata

from helpdesk.services.arrival import Arrival

_STOP = frozenset(
    {
        "stop", "stopall", "unsubscribe", "end", "quit", "cancel", "optout", "opt out", "revoke",
        "στοπ", "τελοσ", "διακοπη", "διαγραφη", "οχι αλλα μηνυματα",
    }
)  # fmt: skip
_START = frozenset({"start", "unstop", "optin", "opt in", "σταρτ", "εναρξη", "εγγραφη", "ναι στα μηνυματα"})


def _plain(words: str) -> str:
    """Small letters without accents, signs and blanks around."""
    apart = unicodedata.normalize("NFD", words.casefold())
    letters = "".join(letter for letter in apart if not unicodedata.combining(letter)).replace("ς", "σ")
    return " ".join("".join(letter if letter.isalnum() else " " for letter in letters).split())


def wants_none(arrival: Arrival) -> bool:
    """The carrier says so, or the message is nothing but such a word."""
    told = arrival.texted.get("opt_out", "")
    return told == "STOP" or (not told and _plain(arrival.text) in _STOP)


def wants_again(arrival: Arrival) -> bool:
    """The same the other way."""
    told = arrival.texted.get("opt_out", "")
    return told == "START" or (not told and _plain(arrival.text) in _START)


def is_answered(arrival: Arrival) -> bool:
    """The carrier has answered by itself: HELP."""
    return bool(arrival.texted.get("opt_out", "") == "HELP")
