"""Open periods of a day as administrators write them: 09:00 to 14:00, or 22:00 to 06:00 over midnight."""

import re
from typing import NamedTuple

from sla.form import Malformed, items
from sla.zone import SECOND

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_MIDNIGHT = 86_400


class Period(NamedTuple):
    """An open period [opens, closes) in seconds since midnight on the wall; closes < opens runs over midnight."""

    opens: int
    closes: int

    @property
    def span(self) -> tuple[int, int]:
        """The period in microseconds since the midnight that begins its date."""
        closes = self.closes if self.closes > self.opens else self.closes + _MIDNIGHT
        return self.opens * SECOND, closes * SECOND

    def written(self) -> list[str]:
        """The form that `periods` reads."""
        return [_written(self.opens), _written(self.closes)]


def periods(value: object, field: str) -> tuple[Period, ...]:
    """The periods of one day, in order; raises Malformed with the field's path."""
    return tuple(sorted({_period(member, path) for path, member in items(value, field)}))


def _period(value: object, field: str) -> Period:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise Malformed(field, "must be a pair [from, to]")
    opens, closes = (_seconds(member, path) for path, member in items(value, field))
    if opens == _MIDNIGHT:
        raise Malformed(f"{field}[0]", "a period cannot begin at 24:00; 00:00 of the next day is meant")
    if opens == closes:
        raise Malformed(field, "from and to are the same; a whole day is 00:00 to 24:00")
    return Period(opens, closes)


def _seconds(value: object, field: str) -> int:
    if value in ("24:00", "24:00:00"):
        return _MIDNIGHT
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise Malformed(field, "must be a time written HH:MM or HH:MM:SS")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def _written(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")
