"""How people are reached, as they type it: whether an address can take letters, and telephone numbers in one form."""

import re

import phonenumbers

LONGEST_MAIL = 254
"""Characters of an e-mail address."""

_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_AT_HOME = "GR"


def is_mail(told: str) -> bool:
    """Whether letters can be sent there."""
    return bool(_MAIL.fullmatch(told)) and len(told) <= LONGEST_MAIL


def phone(told: str) -> str:
    """The number in E.164, a number without a country as one of ours; empty where it can be none."""
    try:
        number = phonenumbers.parse(told, _AT_HOME)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
