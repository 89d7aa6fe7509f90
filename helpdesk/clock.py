"""The only reader of the wall clock, so that time can be injected and shifted."""

import os
import re
from datetime import UTC, datetime, timedelta

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Stands for "no such moment" where a column must sort after every real one."""

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def shift_of(text: str) -> timedelta:
    """Reads ``+3d``, ``-2h`` or an empty text as a shift of the clock."""
    if not text:
        return timedelta()
    found = re.fullmatch(r"([+-]?)(\d+)([smhdw])", text.strip())
    if not found:
        raise ValueError(f"HELPDESK_NOW must look like +3d or -2h, not {text!r}")
    sign, amount, unit = found.groups()
    moved = timedelta(**{_UNITS[unit]: int(amount)})
    return -moved if sign == "-" else moved


_shift = shift_of(os.environ.get("HELPDESK_NOW", ""))


def now() -> datetime:
    """This moment, aware, in UTC, shifted by the setting ``HELPDESK_NOW`` (for demos and drills)."""
    return datetime.now(UTC) + _shift


def is_shifted() -> bool:
    """Whether ``HELPDESK_NOW`` moves the clock; refused where there is no demo body."""
    return bool(_shift)
