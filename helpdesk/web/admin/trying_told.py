"""Runs over many tickets in words and numbers of the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import Row

import sla
from helpdesk import i18n
from helpdesk.services import catalogue, rulebook
from helpdesk.services.replay import AFTER, BEFORE, CHANGES, UNDER_WAY, Tally
from helpdesk.vocabulary import Priority
from helpdesk.web import language
from helpdesk.web.admin import words
from helpdesk.web.desk.words import CLOCK, CLOCK_STATE, PRIORITY
from helpdesk.web.supervise import told
from helpdesk.web.templating import say

TRIAGE = "triage"


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


CHANGE = {
    "broken": _("Would be missed"),
    "mended": _("Would be kept"),
    "promised": _("Newly promised"),
    "dropped": _("No longer promised"),
    "changed": _("Another deadline"),
}
RUN_STATE = {
    "waiting": _("Waits for its turn"),
    "running": _("Under way"),
    "done": _("Done"),
    "stopped": _("Stopped"),
    "failed": _("Failed"),
}


@dataclass(frozen=True)
class Shift:
    """A share before and after, as places on a line of 200 units; None where nothing was judged."""

    before: float | None
    after: float | None

    @property
    def tone(self) -> str:
        """Whether more or fewer promises would be kept."""
        if self.before is None or self.after is None or self.before == self.after:
            return ""
        return "better" if self.after > self.before else "worse"


@dataclass(frozen=True)
class Line:
    """A clock's promises: shares kept before and after with over how many, the difference, flips with their lists."""

    name: str
    before: str
    before_n: str
    after: str
    after_n: str
    points: str
    shift: Shift
    flips: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class Group:
    """Flips of a department and priority; each number with its list."""

    department: str
    priority: str
    flips: Sequence[tuple[str, str, str]]


def number(value: float) -> str:
    """In the reader's language."""
    return told.number(value, language.current())


def _share(found: sla.Attainment) -> str:
    return f"{number(100 * found.share)}%" if found.share is not None else told.NOTHING


def _place(found: sla.Attainment) -> float | None:
    return None if found.share is None else round(200 * found.share, 1)


def shares(run: Row[Any], tally: Tally) -> list[Line]:
    """Every clock, before and after."""
    clocks = [name for name in CLOCK if name in tally.clocks() or any(key[1] == name for key in tally.flips)]
    return [_line(run, tally, name) for name in clocks]


def _line(run: Row[Any], tally: Tally, name: str) -> Line:
    before, after = (tally.attainment(name, side) for side in (BEFORE, AFTER))
    points = told.NOTHING
    if before.share is not None and after.share is not None:
        points = _signed(100 * (after.share - before.share))
    counts = {change: _sum(tally, change=change, clock=name) for change in CHANGES}
    return Line(
        say(CLOCK[name]), _share(before), number(before.n), _share(after), number(after.n), points,
        Shift(_place(before), _place(after)), _linked(run, counts, clock=name),
    )  # fmt: skip


def _signed(value: float) -> str:
    sign = "+" if value > 0.05 else "−" if value < -0.05 else "±"
    return f"{sign}{number(abs(value))}"


def _sum(tally: Tally, **asked: Any) -> int:
    names = ("change", "clock", "department", "priority")
    return sum(
        count
        for key, count in tally.flips.items()
        if all(asked.get(name, value) == value for name, value in zip(names, key, strict=True))
    )


def _linked(run: Row[Any], counts: Mapping[str, int], **asked: Any) -> list[tuple[str, str, str]]:
    """Change, how often, and where they are listed."""
    return [
        (
            say(CHANGE[change]),
            number(count),
            url_for("admin.trial", id=run.id, change=change, **asked, _anchor="list") if count else "",
        )
        for change, count in counts.items()
    ]


def groups(run: Row[Any], tally: Tally) -> list[Group]:
    """Flips by department and priority, in the order of names."""
    names, order = places(), [priority.value for priority in Priority]
    keys = {(place, priority) for _, _, place, priority in tally.flips}
    ordered = sorted(keys, key=lambda key: (key[0] is None, names[key[0]], order.index(key[1])))
    return [
        Group(
            names[place],
            say(PRIORITY[priority]),
            _linked(
                run,
                {change: _sum(tally, change=change, department=place, priority=priority) for change in CHANGES},
                department=place or TRIAGE,
                priority=priority,
            ),
        )
        for place, priority in ordered
    ]


def places() -> Mapping[int | None, str]:
    """Departments by id, triage under None."""
    here = language.current()
    known: dict[int | None, str] = {row.id: i18n.pick(row.names, here) for row in catalogue.departments(all_=True)}
    return known | {None: say("Triage")}


@dataclass(frozen=True)
class Flipped:
    """A promise that would be another one, on its ticket."""

    number: int
    subject: str
    language: str
    clock: str
    change: str
    code: str
    before: str
    after: str
    due_before: str
    due_after: str
    department: str
    priority: str


def flipped(rows: Sequence[Row[Any]]) -> list[Flipped]:
    """The rows of a list."""
    here, names = language.current(), places()
    clocks, changes, priorities, states = (
        {code: say(word) for code, word in known.items()} for known in (CLOCK, CHANGE, PRIORITY, CLOCK_STATE)
    )
    return [
        Flipped(
            row.ticket_id, row.subject, row.language, _cycled(clocks[row.clock], row.cycle), changes[row.change],
            row.change, states.get(row.state_before, told.NOTHING), states.get(row.state_after, told.NOTHING),
            i18n.moment(row.due_before, here) if row.due_before else told.NOTHING,
            i18n.moment(row.due_after, here) if row.due_after else told.NOTHING,
            names.get(row.department_id, ""), priorities.get(row.priority, row.priority),
        )
        for row in rows
    ]  # fmt: skip


def _cycled(name: str, cycle: int) -> str:
    return f"{name} {cycle}" if cycle > 1 else name


@dataclass(frozen=True)
class Progress:
    """How far a piece of work is."""

    state: str
    under_way: bool
    share: float | None
    counted: str
    error: str


def progress(row: Row[Any]) -> Progress:
    """Of a run or an application."""
    share = None if not row.total else 100 * row.done / row.total
    counted = ""
    if row.total is not None:
        counted = say("%(done)s of %(total)s requests", done=number(row.done), total=number(row.total))
    return Progress(say(RUN_STATE[row.state]), row.state in UNDER_WAY, share, counted, row.error or "")


def period(run: Row[Any]) -> str:
    """Received when, in words."""
    first, last = (told.whole_day(day, language.current()) if day else "" for day in (run.first_on, run.last_on))
    words = [say("from %(day)s", day=first) if first else "", say("until %(day)s", day=last) if last else ""]
    return " ".join(filter(None, words)) or say("at any time")


def versions(ids: Sequence[int]) -> list[tuple[str, str]]:
    """Names of versions, and their pages."""
    rows = {row.id: row for row in rulebook.records(ids)}
    return [(_named(rows[id_]), url_for("admin.rulebook_version", id=id_)) for id_ in ids if id_ in rows]


def _named(row: Row[Any]) -> str:
    return f"{say(words.RULEBOOK[row.kind])}: {words.titled(row)}, {row.key}@{row.number}"
