"""Which numbers we ring: by default real fixed and mobile numbers of Greece, so that nobody makes us pay. Pure."""

from collections.abc import Sequence

import phonenumbers
from phonenumbers import PhoneNumberType

RUNG = frozenset({PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
_HOME = "GR"


def reachable(told: str, countries: Sequence[str] = (_HOME,)) -> str:
    """The number in E.164 where we would ring it; empty for every other: premium, shared cost, short, unknown."""
    try:
        number = phonenumbers.parse(told, _HOME)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number) or number.extension:
        return ""
    if phonenumbers.region_code_for_number(number) not in countries:
        return ""
    if phonenumbers.number_type(number) not in RUNG:
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def is_mobile(number: str) -> bool:
    """Whether that number in E.164 takes short messages."""
    try:
        return phonenumbers.number_type(phonenumbers.parse(number)) == PhoneNumberType.MOBILE
    except phonenumbers.NumberParseException:
        return False


def masked(number: str) -> str:
    """The number as far as somebody who knows it recognises it: its last three digits."""
    return f"{'•' * max(len(number) - 3, 0)}{number[-3:]}" if number else ""
