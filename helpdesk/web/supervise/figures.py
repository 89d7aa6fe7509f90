"""The figures of a period, and the tickets behind each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for

from helpdesk import clock, i18n
from helpdesk.errors import Invalid
from helpdesk.services import catalogue, reports
from helpdesk.services.reports import FIGURES, Figure, Period, Reading, Unit, Value, periods
from helpdesk.web import language
from helpdesk.web.desk.words import words
from helpdesk.web.guards import current_actor, supervisor
from helpdesk.web.supervise import told
from helpdesk.web.supervise.room import room
from helpdesk.web.templating import say

SPANS = (7, 30, 90, 365)
TRIAGE = "triage"


@dataclass(frozen=True)
class Asked:
    """What the query string asks for: a period, and a department by key (empty: all)."""

    period: Period
    department: str
    department_id: int | None

    def args(self, **other: Any) -> dict[str, Any]:
        """The same as a query string; what is empty is left out."""
        first, last = self.period.first.isoformat(), self.period.last.isoformat()
        return {
            name: str(value)
            for name, value in ({"from": first, "to": last, "department": self.department} | other).items()
            if value
        }


def asked(now: datetime) -> Asked:
    """Reads the query string; raises Invalid that names what is wrong."""
    period = periods.read(request.args.get("from"), request.args.get("to"), now)
    key = request.args.get("department", "").strip()
    return Asked(period, key, _department(key))


def _department(key: str) -> int | None:
    if not key:
        return None
    if key == TRIAGE:
        return reports.TRIAGE
    found = next((row.id for row in catalogue.departments(all_=True) if row.key == key), None)
    if found is None:
        raise Invalid("There is no such department.", fields={"department": "unknown"})
    return int(found)


@dataclass(frozen=True)
class Card:
    """A figure as a page shows it; ``more`` are its further measures: what, and how much under each of ``heads``."""

    figure: Figure
    value: str
    n: int
    counted: str
    more: Sequence[tuple[str, ...]]
    heads: Sequence[str]
    trend: told.Trend
    url: str


@dataclass(frozen=True)
class Row:
    """A department's figures, as (what it came to, over how many where that is another number, its tickets)."""

    name: str
    url: str
    cells: Sequence[tuple[str, int, str]]


@room.get("")
@supervisor
def figures() -> str:
    """The figures page."""
    now = clock.now()
    wanted = asked(now)
    readings = reports.overview(current_actor(), wanted.period, wanted.department_id, now=now)
    return render_template(
        "supervise/figures.html",
        cards=[_card(reading, wanted) for reading in readings],
        rows=_rows(readings, wanted) if wanted.department_id is None else [],
        heads=[reading.figure.label for reading in readings],
        **frame(wanted, now),
    )


def frame(wanted: Asked, now: datetime) -> dict[str, Any]:
    """What the form for the period needs."""
    here = language.current()
    spans = [(days, _span_url(wanted, days, now), periods.last_days(days, now) == wanted.period) for days in SPANS]
    return {
        "asked": wanted,
        "period": _period_words(wanted.period),
        "spans": spans,
        "departments": [(row.key, i18n.pick(row.names, here)) for row in catalogue.departments()],
        "triage": TRIAGE,
    }


def _span_url(wanted: Asked, days: int, now: datetime) -> str:
    period = periods.last_days(days, now)
    args = wanted.args(**{"from": period.first.isoformat(), "to": period.last.isoformat()})
    return url_for(request.endpoint or "supervise.figures", **{**(request.view_args or {}), **args})


def _period_words(period: Period) -> str:
    first, last = (told.whole_day(at, language.current()) for at in (period.first, period.last))
    return first if first == last else f"{first} – {last}"


def _card(reading: Reading, wanted: Asked) -> Card:
    here, figure, value = language.current(), reading.figure, reading.whole
    timed = figure.unit is Unit.SECONDS
    return Card(
        figure,
        told.main(figure, value, here),
        value.n,
        _counted(figure, value.n),
        _more(figure, value),
        [say("Office time"), say("Calendar time")] if timed else [],
        told.trend(reading, wanted.period.step, here),
        url_for("supervise.figure", key=figure.key, **wanted.args()),
    )


def _more(figure: Figure, value: Value) -> Sequence[tuple[str, ...]]:
    """The further measures of a figure, where there are any."""
    here = language.current()
    if figure.unit is Unit.SECONDS and value.value is not None:
        office = (value.value, value.p90 or 0)
        calendar = (value.calendar_median or 0, value.calendar_p90 or 0)
        names = (say("Median"), say("Nine in ten within"))
        return [
            (name, told.hours(one, here), told.calendar(two, here))
            for name, one, two in zip(names, office, calendar, strict=True)
        ]
    if figure.unit is Unit.PERCENT and value.met is not None:
        kept, missed = _SHARES.get(figure.key, _KEPT)[:2]
        return [(say(kept), told.number(value.met, here)), (say(missed), told.number(value.n - value.met, here))]
    return []


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


_KEPT = (_("Kept"), _("Missed"), _("of %(n)s promises"))
_SHARES = {
    "told_in_time": (*_KEPT[:2], _("of %(n)s letters")),
    "recategorised": (_("Another category"), _("The same category"), _("of %(n)s closed tickets")),
}
"""What a share and its rest are called, and of what it is one; of most, promises that were kept and missed."""


def _counted(figure: Figure, n: int) -> str:
    """Over how many the figure is, in words."""
    count = told.number(n, language.current())
    if figure.unit is Unit.TICKETS:
        return say("tickets")
    if figure.unit is Unit.PERCENT:
        return say(_SHARES.get(figure.key, _KEPT)[2], n=count)
    return say("median of %(n)s, office time", n=count)


def _rows(readings: Sequence[Reading], wanted: Asked) -> list[Row]:
    """Departments by name, triage last; each number with its tickets."""
    names = department_names()
    places = {place for reading in readings for place in reading.departments}
    ordered = sorted(places - {None}, key=lambda place: names[place][1])
    return [_row(readings, wanted, place, *names[place]) for place in (*ordered, *({None} & places))]


def department_names() -> Mapping[int | None, tuple[str, str]]:
    """Key and name of every department, also of former ones, and of triage under None."""
    here = language.current()
    known: dict[int | None, tuple[str, str]] = {
        row.id: (row.key, i18n.pick(row.names, here)) for row in catalogue.departments(all_=True)
    }
    return known | {None: (TRIAGE, words(here)["time"]["triage"])}


def _row(readings: Sequence[Reading], wanted: Asked, place: int | None, key: str, name: str) -> Row:
    args, here = wanted.args(department=key), language.current()
    cells = []
    for reading in readings:
        value = reading.departments.get(place) or (Value(0, 0.0) if reading.figure.unit is Unit.TICKETS else Value(0))
        url = url_for("supervise.figure", key=reading.figure.key, **args) if value.n else ""
        cells.append(
            (told.main(reading.figure, value, here), value.n if reading.figure.unit is not Unit.TICKETS else 0, url)
        )
    return Row(name, url_for("supervise.figures", **args), cells)


@room.get("/figures/<key>")
@supervisor
def figure(key: str) -> str:
    """One figure, drawn large, with exactly the tickets it counts."""
    now, actor = clock.now(), current_actor()
    wanted = asked(now)
    reading = reports.figure(actor, key, wanted.period, wanted.department_id, now=now)
    page = reports.tickets_of(actor, key, wanted.period, wanted.department_id, request.args.get("cursor"), now=now)
    first, names = url_for("supervise.figure", key=key, **wanted.args()), department_names()
    return render_template(
        "supervise/figure.html",
        card=_card(reading, wanted),
        lines=[_line(row, names) for row in page.rows],
        clocked=FIGURES[key].clock is not None,
        department=names[wanted.department_id or None][1] if wanted.department else "",
        step=wanted.period.step,
        first_url=first if request.args.get("cursor") else None,
        next_url=url_for("supervise.figure", key=key, **wanted.args(cursor=page.next)) if page.next else None,
        back_url=url_for("supervise.figures", **wanted.args()),
        **frame(wanted, now),
    )


@dataclass(frozen=True)
class Line:
    """A ticket that a figure counts, and what it did to it."""

    number: int
    subject: str
    language: str
    department: str
    status: str
    at: str
    state: str
    outcome: str
    office: str
    calendar: str


def _line(row: Any, names: Mapping[int | None, tuple[str, str]]) -> Line:
    here = language.current()
    state = "" if row.state is None else ("met" if row.state == "met" else "late")
    outcome = {"": "", "met": say("Promise kept"), "late": say("Promise missed")}[state]
    if row.late and row.late > 0:
        outcome = say("Missed by %(time)s", time=told.hours(row.late, here))
    return Line(
        row.id,
        row.subject,
        row.language,
        names[row.department_id][1],
        words(here)["status"][row.status],
        i18n.moment(row.at, here),
        state,
        outcome,
        told.hours(row.office, here) if row.stopped_at else "",
        told.calendar(row.calendar, here) if row.stopped_at else "",
    )
