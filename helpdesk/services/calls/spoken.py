"""Telephone numbers as people read them."""

import phonenumbers


def readable(number: str | None) -> str:
    """``+30 210 321 4567``; empty for none."""
    if not number:
        return ""
    try:
        read = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
