"""Into how many parts a short message is cut, as every telephone network counts (GSM 03.38, 3GPP TS 23.038; pure)."""

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""Among them the Greek capitals that no Latin letter looks like; every other Greek letter makes the text a wide one."""
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Letters that take two places."""

ONE, EACH = 160, 153
"""Places in a message of one part, and in each of several, in the networks' own letters."""
ONE_WIDE, EACH_WIDE = 70, 67
"""The same where any letter is beyond those, as every Greek small letter is."""


@dataclass(frozen=True)
class Parts:
    """How a text is cut: into how many parts, how many places it takes of how many, and whether in wide letters."""

    parts: int
    places: int
    room: int
    wide: bool


def count(text: str) -> Parts:
    """The parts of a text; an empty one has none."""
    if all(letter in _BASIC or letter in _EXTENDED for letter in text):
        return _narrow(text)
    return _wide(text)


def _narrow(text: str) -> Parts:
    widths = [2 if letter in _EXTENDED else 1 for letter in text]
    places = sum(widths)
    if places <= ONE:
        return Parts(1 if text else 0, places, ONE, False)
    parts = _filled(widths, EACH)
    return Parts(parts, places, parts * EACH, False)


def _wide(text: str) -> Parts:
    """A letter beyond the first plane (an emoji) takes two places, and no part ends between them."""
    widths = [2 if ord(letter) > 0xFFFF else 1 for letter in text]
    places = sum(widths)
    if places <= ONE_WIDE:
        return Parts(1, places, ONE_WIDE, True)
    parts = _filled(widths, EACH_WIDE)
    return Parts(parts, places, parts * EACH_WIDE, True)


def _filled(widths: list[int], room: int) -> int:
    """How many parts it takes where what is two places wide is never cut in two."""
    parts, used = 1, 0
    for width in widths:
        if used + width > room:
            parts, used = parts + 1, 0
        used += width
    return parts
