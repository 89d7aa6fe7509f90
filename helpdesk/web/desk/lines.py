"""Lines of the queue as they are shown: times in words, the little bar, no look-ups. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol

from babel.core import Locale
from babel.dates import get_day_names, get_month_names

from helpdesk import i18n
from helpdesk.services.search import Gauge, QueueRow
from helpdesk.vocabulary import FINISHED, WAITING, Status
from helpdesk.web.desk.words import Words

SOON = timedelta(hours=2)
"""What is due this soon is amber."""


class Timed(Protocol):
    """What the little bar looks at: a line of the queue, or the ticket on its page."""

    @property
    def status(self) -> str: ...
    @property
    def waiting_until(self) -> datetime | None: ...
    @property
    def resolved_at(self) -> datetime | None: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def gauge(self) -> Gauge | None: ...


@dataclass(frozen=True)
class Bar:
    """The little bar: percent used, percent where due is marked, and its state (ok, soon, late, paused, met, none)."""

    state: str
    used: int
    mark: int
    words: str
    detail: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the queue, ready to print."""

    row: QueueRow
    department: str
    status: str
    priority: str
    channel: str
    requester: str
    received: str
    bar: Bar


@cache
def _names(language: str) -> tuple[Mapping[int, str], Mapping[int, str]]:
    locale = Locale.parse("en_GB" if language == "en" else language)
    return get_month_names("abbreviated", locale=locale), get_day_names("abbreviated", locale=locale)


def moment(at: datetime, now: datetime, language: str) -> str:
    """A moment as short as it stays clear: ``14:05`` today, ``Tue 14:05`` within six days, ``24 Nov 2026`` else."""
    here, today = at.astimezone(i18n.ZONE), now.astimezone(i18n.ZONE)
    months, days = _names(language)
    if here.date() == today.date():
        return f"{here:%H:%M}"
    if abs(here.date() - today.date()) < timedelta(days=6):
        return f"{days[here.weekday()]} {here:%H:%M}"
    year = "" if here.year == today.year else f" {here.year}"
    return f"{here.day} {months[here.month]}{year}, {here:%H:%M}"


def line(row: QueueRow, now: datetime, words: Words) -> Line:
    """A row in the reader's language."""
    return Line(
        row=row,
        department=i18n.pick(row.department, words.language) if row.department else words["time"]["triage"],
        status=words["status"][row.status],
        priority=words["priority"][row.priority],
        channel=words["channel"].get(row.channel, row.channel),
        requester=row.requester or words["time"]["unknown"],
        received=moment(row.received_at, now, words.language),
        bar=bar(row, now, words),
    )


def bar(row: Timed, now: datetime, words: Words) -> Bar:
    """What the line says about time: how much is left, how late it is, or for whom it waits."""
    times, language = words["time"], words.language
    if row.status in FINISHED:
        done = times["resolved"].format(moment=moment(row.resolved_at, now, language)) if row.resolved_at else ""
        return Bar("met", 100, 100, done or words["status"][row.status])
    if row.due_at is None:
        return _unhurried(row, now, words)
    used, mark = fill(row.gauge, row.due_at, now)
    when = moment(row.due_at, now, language)
    left = row.due_at - now
    if left < timedelta():
        late = times["late"].format(time=i18n.duration(left, language))
        return Bar("late", used, mark, late, times["was_due"].format(moment=when))
    state = "soon" if left < SOON else "ok"
    words_left = times["left"].format(time=i18n.duration(left, language))
    return Bar(state, used, mark, words_left, times["due"].format(moment=when))


def _unhurried(row: Timed, now: datetime, words: Words) -> Bar:
    """No clock runs: the ticket waits, or has no target."""
    used = fill(row.gauge, row.gauge.due_at, now)[0] if row.gauge else 0
    if Status(row.status) in WAITING:
        until = (
            words["time"]["until"].format(moment=moment(row.waiting_until, now, words.language))
            if row.waiting_until
            else ""
        )
        return Bar("paused", used, 100, words["status"][row.status], until)
    if row.gauge:
        return Bar("paused", used, 100, words["time"]["paused"])
    return Bar("none", 0, 100, words["time"]["no_target"])


def fill(gauge: Gauge | None, due_at: datetime | None, now: datetime) -> tuple[int, int]:
    """Percent of the bar that is used, and where on it the due moment is marked."""
    if gauge is None or gauge.target_seconds <= 0:
        return 100, 100
    if due_at is None:
        return min(100, 100 * gauge.elapsed_seconds // gauge.target_seconds), 100
    whole, gone = (due_at - gauge.started_at).total_seconds(), (now - gauge.started_at).total_seconds()
    if gone > whole:
        return 100, max(5, int(100 * whole / gone)) if gone else 100
    return max(2, int(100 * gone / whole)) if whole else 100, 100
