"""Our figures, for anybody: in plain words, as CSV and as JSON; no person in them, small numbers kept back."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock, i18n
from helpdesk.errors import Invalid
from helpdesk.services import catalogue
from helpdesk.services.reports import Figure, Period, Unit, Value
from helpdesk.services.reports.public import FEWEST, SPANS, Published, published
from helpdesk.web import language
from helpdesk.web.guards import public
from helpdesk.web.safety import limiter
from helpdesk.web.supervise import told

stats = Blueprint("stats", __name__)

KEPT = timedelta(minutes=1)
"""How long a process gives the same answer, so that a crowd costs the database nothing."""

NOBODY_YET = "triage"
MEASURES = ("n", "value", "p90", "calendar_median", "calendar_p90", "met")


@dataclass(frozen=True)
class Report:
    """What is published, and as of when."""

    period: Period
    figures: Sequence[Published]
    at: datetime


@stats.get("/stats")
@limiter.limit("60/minute")
@public
def figures() -> ResponseReturnValue:
    """The page; ``?format=csv`` or ``json`` for the same as a file."""
    wanted = request.args.get("format", "")
    if wanted not in _FORMATS:
        raise Invalid("Our figures come as a page, as csv or as json.", fields={"format": "csv or json"})
    return _FORMATS[wanted](_report())


@stats.get("/stats.csv")
@limiter.limit("60/minute")
@public
def as_csv() -> ResponseReturnValue:
    """A line for each figure of the body and of each department."""
    return _csv(_report())


@stats.get("/stats.json")
@limiter.limit("60/minute")
@public
def as_json() -> ResponseReturnValue:
    """The same for programmes, with the definitions."""
    return _json(_report())


def _report() -> Report:
    text = request.args.get("days", "")
    if text and text not in map(str, SPANS):
        raise Invalid("Choose one of the periods we publish.", fields={"days": ", ".join(map(str, SPANS))})
    days, now = int(text or SPANS[0]), clock.now()
    kept: dict[int, Report] = current_app.extensions.setdefault("stats", {})
    if days not in kept or not timedelta() <= now - kept[days].at < KEPT:
        kept[days] = Report(*published(days, now), at=now)
    return kept[days]


def _page(report: Report) -> str:
    here = language.current()
    by_key = {one.figure.key: one for one in report.figures}
    return render_template(
        "stats.html",
        figures=report.figures,
        shown={key: _shown(one.figure, one.whole, here) for key, one in by_key.items()},
        rows=_rows(report, here),
        spans=[(days, url_for("stats.figures", days=days), days == report.period.days) for days in SPANS],
        first=told.whole_day(report.period.first, here),
        last=told.whole_day(report.period.last, here),
        at=report.at,
        fewest=FEWEST,
        files={kind: url_for(f"stats.as_{kind}", days=report.period.days) for kind in ("csv", "json")},
    )


def _shown(figure: Figure, value: Value | None, here: str) -> Mapping[str, str] | None:
    """A figure's measures in words; None where it is kept back or was not measured."""
    if value is None or value.value is None:
        return None
    if figure.unit is not Unit.SECONDS:
        return {"value": told.main(figure, value, here)}
    return {
        "value": told.long_hours(value.value, here),
        "p90": told.long_hours(value.p90 or 0, here),
        "calendar": told.long_calendar(value.calendar_median or 0, here),
        "calendar_p90": told.long_calendar(value.calendar_p90 or 0, here),
    }


def _rows(report: Report, here: str) -> list[tuple[Mapping[str, str] | None, list[str | None]]]:
    """Departments by name with a cell for each figure (None: kept back); last what no department has yet."""
    places = {place for one in report.figures for place in one.departments}
    names = {row.id: row.names for row in catalogue.departments(all_=True)}
    ordered = sorted(places & names.keys(), key=lambda place: i18n.pick(names[place], here))
    return [
        (names.get(place), [_cell(one, place, here) for one in report.figures])
        for place in (*ordered, *({None} & places))
    ]


def _cell(one: Published, place: int | None, here: str) -> str | None:
    none_at_all = Value(0, 0.0 if one.figure.unit is Unit.TICKETS else None)
    value = one.departments.get(place, none_at_all)
    return None if value is None else told.main(one.figure, value, here)


def _lines(report: Report) -> Iterator[dict[str, Any]]:
    keys = {row.id: row.key for row in catalogue.departments(all_=True)} | {None: NOBODY_YET}
    for one in report.figures:
        yield _line(report.period, one.figure, "", one.whole)
        for place, value in sorted(one.departments.items(), key=lambda item: keys[item[0]]):
            yield _line(report.period, one.figure, keys[place], value)


def _line(period: Period, figure: Figure, department: str, value: Value | None) -> dict[str, Any]:
    measures = dict.fromkeys(MEASURES) if value is None else {name: getattr(value, name) for name in MEASURES}
    where = {"figure": figure.key, "department": department}
    when = {"from": period.first.isoformat(), "to": period.last.isoformat()}
    return where | when | {"unit": figure.unit.value} | measures | {"kept_back": value is None}


def _csv(report: Report) -> Response:
    written = io.StringIO()
    lines = list(_lines(report))
    table = csv.DictWriter(written, list(lines[0]))
    table.writeheader()
    table.writerows(line | {"kept_back": int(line["kept_back"])} for line in lines)
    headers = {"Content-Disposition": f'attachment; filename="figures-{report.period.last}.csv"'}
    return Response(written.getvalue(), mimetype="text/csv", headers=headers)


def _json(report: Report) -> Response:
    known = [
        {"key": one.figure.key, "label": one.figure.label, "unit": one.figure.unit, "definition": one.figure.definition}
        for one in report.figures
    ]
    period = {name: day.isoformat() for name, day in asdict(report.period).items()}
    return jsonify(
        period={"from": period["first"], "to": period["last"]},
        at=report.at.isoformat(),
        fewest=FEWEST,
        definitions=known,
        figures=list(_lines(report)),
    )


_FORMATS: Mapping[str, Callable[[Report], ResponseReturnValue]] = {"": _page, "html": _page, "csv": _csv, "json": _json}
