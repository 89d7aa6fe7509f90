"""The rules of informing: who is told of which change, by what, whether they may decline it, and in which hours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

import sla
from helpdesk import i18n
from helpdesk.vocabulary import ChannelKind, PublicChange, Reader
from sla import form
from sla.calendar import WEEKDAYS
from sla.form import Malformed

_HOUR = 3_600
_DAY = 24 * _HOUR
CARRIERS = ("", ChannelKind.EMAIL.value)
"""By what somebody may be told; the empty one: not at all."""

BY_WORDS = frozenset(
    {
        PublicChange.OPENED, PublicChange.RESOLVED, PublicChange.FORWARDED, PublicChange.EXTENDED,
    }
)  # fmt: skip
"""What the requester always learns at once: the receipt, and words of a person or of the law."""

OF_CUSTOMERS = frozenset({PublicChange.IN_DANGER, PublicChange.MISSED, PublicChange.MAJOR})
"""What a customer body may learn: nothing of a citizen's, only how what was agreed is kept."""


@dataclass(frozen=True, slots=True)
class TellingRule:
    """How a reader is told: by which channel, in which language (empty: their own), declinable, and not at night."""

    channel: str = ChannelKind.EMAIL.value
    language: str = ""
    may_decline: bool = False
    keeps_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours of the day, in seconds since midnight, in which letters wait; equal ends: none.

    ``closed_days``: letters wait also on days on which the usual calendar never opens.
    """

    begins: int = 21 * _HOUR
    ends: int = 8 * _HOUR
    closed_days: bool = False

    def leaves(self, at: datetime, calendar: sla.Calendar) -> datetime:
        """The moment itself, or the first after it at which letters may leave."""
        return _leaving(self, calendar if self.closed_days else None, calendar.tz).next_opening(at)


@lru_cache(maxsize=64)
def _leaving(quiet: Quiet, calendar: sla.Calendar | None, tz: str) -> sla.Calendar:
    """When letters leave, as a calendar, so that days on which clocks change are counted as everywhere else."""
    day = _open(quiet)
    if calendar is None:
        return sla.Calendar.from_dict({"tz": tz, "hours": dict.fromkeys(WEEKDAYS, day)})
    known = calendar.to_dict()
    own: Any = known["special"]
    hours: Any = known["hours"]
    return sla.Calendar.from_dict(
        {
            "tz": tz,
            "hours": {name: day for name in WEEKDAYS if hours.get(name)},
            "holidays": known["holidays"],
            "special": {date: day if periods else [] for date, periods in own.items()},
        }
    )


def _open(quiet: Quiet) -> list[list[str]]:
    """The hours of a day in which letters leave."""
    begins, ends = quiet.begins, quiet.ends
    if begins == ends:
        return [["00:00", "24:00"]]
    periods = [(ends, begins)] if ends < begins else [(0, begins), (ends, _DAY)]
    return [[written(start), written(end)] for start, end in periods if start < end]


def written(seconds: int) -> str:
    """``08:30``."""
    return f"{seconds // _HOUR:02}:{seconds // 60 % 60:02}"


Cell = tuple[PublicChange, Reader]


@dataclass(frozen=True)
class InformingRules:
    """The whole table. ``within_minutes`` is how soon after a change, or after quiet hours, its letter should leave."""

    rules: tuple[tuple[Cell, TellingRule], ...] = ()
    quiet: Quiet = Quiet()
    within_minutes: int = 15
    known: Mapping[Cell, TellingRule] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", dict(self.rules))

    def of(self, change: PublicChange, reader: Reader) -> TellingRule | None:
        """The rule of that cell; None where that reader is not told of it."""
        found = self.known.get((change, reader))
        return found if found is not None and found.channel else None

    def readers(self, change: PublicChange) -> tuple[Reader, ...]:
        """Everybody who is told of it."""
        return tuple(reader for reader in Reader if self.of(change, reader))

    @classmethod
    def from_dict(cls, data: object) -> "InformingRules":
        """Reads {"rules": {change: {reader: rule}}, "quiet"?, "within_minutes"?}; raises Malformed.

        A rule is {"channel"?, "language"?, "may_decline"?, "keeps_quiet"?}, a quiet {"from", "to", "closed_days"?}.
        """
        known = form.mapping(data, "informing", ("rules", "quiet", "within_minutes"))
        minutes = form.whole(known.get("within_minutes", 15), "within_minutes", 1)
        return cls(_rules(known.get("rules", {})), _quiet(known.get("quiet", {})), minutes)

    def to_dict(self) -> dict[str, Any]:
        """The form that `from_dict` reads."""
        table: dict[str, dict[str, Any]] = {}
        for (change, reader), rule in self.rules:
            cell = {name: getattr(rule, name) for name in ("channel", "language", "may_decline", "keeps_quiet")}
            table.setdefault(change.value, {})[reader.value] = cell
        quiet = {"from": written(self.quiet.begins), "to": written(self.quiet.ends)}
        return {
            "rules": table,
            "quiet": quiet | {"closed_days": self.quiet.closed_days},
            "within_minutes": self.within_minutes,
        }


def _rules(data: object) -> tuple[tuple[Cell, TellingRule], ...]:
    found = []
    for name, readers in form.mapping(data, "rules").items():
        change = form.one_of(PublicChange, name, f"rules.{name}")
        for who, rule in form.mapping(readers, f"rules.{name}").items():
            place = f"rules.{name}.{who}"
            cell = change, form.one_of(Reader, who, place)
            found.append((cell, _fitting(cell, _rule(rule, place), place)))
    told = {change for (change, reader), _ in found if reader is Reader.REQUESTER}
    for change in sorted(BY_WORDS - told):
        raise Malformed(f"rules.{change.value}.requester", "is needed: who asked always learns this")
    return tuple(found)


def _rule(data: object, place: str) -> TellingRule:
    known = form.mapping(data, place, ("channel", "language", "may_decline", "keeps_quiet"))
    channel, language = known.get("channel", ChannelKind.EMAIL.value), known.get("language", "")
    if channel not in CARRIERS:
        raise Malformed(f"{place}.channel", "must be email, or empty for nobody")
    if language not in ("", *i18n.LANGUAGES):
        raise Malformed(f"{place}.language", "must be a language of ours, or empty for the reader's own")
    flags = {name: form.flag(known.get(name, False), f"{place}.{name}") for name in ("may_decline", "keeps_quiet")}
    return TellingRule(str(channel), str(language), **flags)


def _fitting(cell: Cell, rule: TellingRule, place: str) -> TellingRule:
    """What is asked of single cells."""
    change, reader = cell
    if reader is Reader.REQUESTER and change in BY_WORDS:
        if not rule.channel:
            raise Malformed(f"{place}.channel", "is needed: who asked always learns this")
        if rule.may_decline or rule.keeps_quiet:
            raise Malformed(place, "leaves at once and cannot be declined")
    if (reader is Reader.CUSTOMER) != (change in OF_CUSTOMERS):
        raise Malformed(place, "customer bodies learn how agreements are kept, everybody else how requests stand")
    return rule


def _quiet(data: object) -> Quiet:
    known = form.mapping(data, "quiet", ("from", "to", "closed_days"))
    usual = Quiet()
    times = {
        name: _seconds(known[key], f"quiet.{key}") if key in known else getattr(usual, name)
        for name, key in (("begins", "from"), ("ends", "to"))
    }
    return Quiet(**times, closed_days=form.flag(known.get("closed_days", False), "quiet.closed_days"))


def _seconds(value: object, place: str) -> int:
    hours, colon, minutes = form.text(value, place).partition(":")
    if not (colon and len(minutes) == 2 and hours.isdecimal() and minutes.isdecimal() and hours.isascii()):
        raise Malformed(place, "must be a time like 21:00")
    if int(hours) > 23 or int(minutes) > 59:
        raise Malformed(place, "must be a time like 21:00")
    return int(hours) * _HOUR + int(minutes) * 60


def _usual() -> dict[str, Any]:
    """What a citizen would want: every change of how it stands once, answers at once, the rest not at night."""
    at_once: dict[str, bool] = {}
    by_day = {"keeps_quiet": True}
    declinable = {"keeps_quiet": True, "may_decline": True}
    requester: dict[PublicChange, dict[str, bool]] = {
        PublicChange.OPENED: at_once,
        PublicChange.TAKEN_UP: declinable,
        PublicChange.TRANSFERRED: declinable,
        PublicChange.NEEDS_CITIZEN: by_day,
        PublicChange.WAITS_SUPPLIER: declinable,
        PublicChange.WAITS_INTERNAL: declinable,
        PublicChange.SCHEDULED: by_day,
        PublicChange.RESUMED: declinable,
        PublicChange.ESCALATED: declinable,
        PublicChange.DELAYED: by_day,
        PublicChange.EXTENDED: at_once,
        PublicChange.RESOLVED: at_once,
        PublicChange.CLOSED: by_day,
        PublicChange.REOPENED: by_day,
        PublicChange.CANCELLED: by_day,
        PublicChange.FORWARDED: at_once,
        PublicChange.MERGED: declinable,
        PublicChange.UNMERGED: declinable,
        PublicChange.CALL_PROMISED: at_once,
        PublicChange.CALL_OFF: at_once,
    }
    table: dict[str, dict[str, Any]] = {
        change.value: {Reader.REQUESTER.value: dict(rule)} for change, rule in requester.items()
    }
    table |= {change.value: {Reader.CUSTOMER.value: {}} for change in OF_CUSTOMERS}
    return {"rules": table, "quiet": {"from": "21:00", "to": "08:00", "closed_days": False}, "within_minutes": 15}


USUAL = InformingRules.from_dict(_usual())
"""What holds where a body has decided nothing."""
