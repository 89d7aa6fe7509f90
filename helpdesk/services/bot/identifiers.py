"""What in somebody's words says who they are: addresses, telephones, tax and insurance numbers, accounts. Pure."""

import re

LEFT_OUT = "…"
_ADDRESS = r"[^\s@]+@[^\s@]+\.[a-z]{2,}"
_ACCOUNT = r"\b[A-Z]{2}\d{2}[\s-]?(?:[A-Z]{4}[\s-]?)?\d(?:[\s-]?\d){9,27}"
_TELEPHONE = r"(?<!\d)(?:(?:\+30|0030)[\s-]?)?(?:2\d{9}|69\d{8})(?!\d)"
_TAX_OR_INSURANCE = r"(?<!\d)\d{9}(?!\d)|(?<!\d)\d{11}(?!\d)"
_IDENTITY_CARD = r"(?<!\w)[A-ZΑ-Ω]{2}[\s-]?\d{6}(?!\d)"
_KINDS = tuple(
    re.compile(one, re.IGNORECASE) for one in (_ADDRESS, _ACCOUNT, _TELEPHONE, _TAX_OR_INSURANCE, _IDENTITY_CARD)
)
_LONG_NUMBER = re.compile(r"\+?\d[\d\s().-]{5,}\d")
"""Seven digits and more, however they are set apart: a telephone number in pieces, a number nobody thought of."""


def stand_in(text: str) -> bool:
    """Whether one of them stands there, so that it is about somebody's own case."""
    return any(one.search(text) for one in _KINDS)


def without(text: str) -> str:
    """The text with all of them, and every long number, left out."""
    for one in (*_KINDS, _LONG_NUMBER):
        text = one.sub(LEFT_OUT, text)
    return text
