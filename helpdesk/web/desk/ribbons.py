"""The clocks of a ticket as ribbons: how much is used, how much is left, and by which promise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from helpdesk import i18n
from helpdesk.services import clocks, risks, rulebook
from helpdesk.services.clocks import Standing
from helpdesk.services.search import Gauge
from helpdesk.web.desk.foretelling import Foretold, foretold
from helpdesk.web.desk.lines import SOON, Bar, bar, moment
from helpdesk.web.desk.words import Words
from sla.risk import Risk

_UNITS = {"el": ("ω", "λ"), "en": ("h", "m")}


@dataclass(frozen=True)
class Ribbon:
    """One clock, ready to draw: its bar, its numbers in words, and the promise behind it."""

    id: str
    name: str
    cycle: int
    bar: Bar
    used: str
    paused: str
    target: str
    policy: str
    version: int
    calendar: str
    risk: Foretold | None


@dataclass(frozen=True)
class Whole:
    """The ticket's own time, as its title shows it: of the clock that is due next, else of one that waits."""

    status: str
    waiting_until: datetime | None
    resolved_at: datetime | None
    due_at: datetime | None
    gauge: Gauge | None


def working(seconds: int, language: str) -> str:
    """An amount of open time; never in days, since a working day is shorter than a day: ``40h``, ``7h 30m``."""
    hours, minutes = seconds // 3600, seconds // 60 % 60
    parts = [f"{value}{unit}" for value, unit in zip((hours, minutes), _UNITS[language], strict=True) if value]
    return " ".join(parts) or f"0{_UNITS[language][1]}"


def ribbons(ticket: Any, rows: Sequence[Any], now: datetime, words: Words) -> list[Ribbon]:
    """Every clock; of one that began anew the latest cycle first."""
    known = risks.of_clocks(ticket, rows, now)
    return [_ribbon(row, known.get((row.name, row.cycle)), now, words) for row in rows if row.state != "withdrawn"]


def _ribbon(row: Any, risk: Risk | None, now: datetime, words: Words) -> Ribbon:
    standing = clocks.standing(row, rulebook.version(row.calendar_id).value, now)
    return Ribbon(
        id=f"clock-{row.name}-{row.cycle}",
        name=words["clock"].get(row.name, row.name),
        cycle=row.cycle,
        bar=_bar(row, standing, now, words),
        used=working(standing.elapsed_seconds, words.language),
        paused=working(row.paused_seconds, words.language) if row.paused_seconds >= 60 else "",
        target=working(row.target_seconds, words.language),
        policy=row.policy_title or row.policy_key or "",
        version=row.policy_number or 0,
        calendar=row.calendar_title or row.calendar_key or "",
        risk=foretold(risk) if risk else None,
    )


def _bar(row: Any, standing: Standing, now: datetime, words: Words) -> Bar:
    used, mark = _share(row, standing)
    if row.stopped_at is not None:
        return _ended(row, used, mark, now, words)
    if row.due_at is None or row.paused_at is not None:
        since = words["time"]["since"].format(moment=moment(row.paused_at, now, words.language))
        return Bar("paused", used, mark, words["time"]["paused"], since if row.paused_at else "")
    when = moment(row.due_at, now, words.language)
    left = row.due_at - now
    if left < timedelta():
        told = words["time"]["late"].format(time=i18n.duration(left, words.language))
        return Bar("late", used, mark, told, words["time"]["was_due"].format(moment=when))
    told = words["time"]["left"].format(time=i18n.duration(left, words.language))
    return Bar("soon" if left < SOON else "ok", used, mark, told, words["time"]["due"].format(moment=when))


def _ended(row: Any, used: int, mark: int, now: datetime, words: Words) -> Bar:
    when = words["time"]["done"].format(moment=moment(row.stopped_at, now, words.language))
    if row.late_seconds:
        late = words["time"]["late"].format(time=working(row.late_seconds, words.language))
        return Bar("late", used, mark, late, when)
    return Bar("met", used, mark, words["clock_state"]["met"], when)


def _share(row: Any, standing: Standing) -> tuple[int, int]:
    """Percent of the ribbon that is used, in open time, and where the target stands on it."""
    target, used = max(1, row.target_seconds), standing.elapsed_seconds
    if used > target:
        return 100, max(5, 100 * target // used)
    return max(2, 100 * used // target) if used else 0, 100


def whole(ticket: Any, rows: Sequence[Any], due_at: datetime | None, now: datetime, words: Words) -> Bar:
    """The little bar of the title line: the same as the ticket's line in the queue has."""
    live = [row for row in rows if row.stopped_at is None and row.state != "withdrawn"]
    live.sort(key=lambda row: (row.due_at is None, row.due_at or now, row.name))
    gauge = Gauge(*(getattr(live[0], name) for name in Gauge.__dataclass_fields__)) if live else None
    return bar(Whole(ticket.status, ticket.waiting_until, ticket.resolved_at, due_at, gauge), now, words)
