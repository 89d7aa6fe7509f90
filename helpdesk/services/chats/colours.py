"""The colour of a place on another site, and the one of black and white in which words on it can be read."""

import re

from helpdesk.errors import Invalid

USUAL = "#0b4f6c"
READABLE = 4.5
"""Least contrast of words (WCAG 2.2, 1.4.3). On any colour either black or white has more: 4.58 at the worst."""

_COLOUR = re.compile(r"#[0-9a-f]{6}")


def checked(told: str) -> str:
    """A colour as it is kept; empty for the usual one. Raises Invalid for what is none."""
    colour = told.strip().lower()
    if colour and not _COLOUR.fullmatch(colour):
        raise Invalid("That is no colour.", fields={"colour": f"like {USUAL}"})
    return colour


def words_on(colour: str) -> str:
    """Black or white, whichever is read better on it."""
    return max(("#ffffff", "#000000"), key=lambda words: contrast(words, colour))


def contrast(one: str, other: str) -> float:
    """The ratio of two colours as WCAG reckons it, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
