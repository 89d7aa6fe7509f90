"""The report of waiting by reason and by who let it wait: as a page, as CSV and as JSON."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock
from helpdesk.services import catalogue
from helpdesk.services.reports import waiting
from helpdesk.services.reports.waiting import ENDED_BY, Measures, WaitingReport
from helpdesk.web import language
from helpdesk.web.desk.words import words
from helpdesk.web.guards import current_actor, supervisor
from helpdesk.web.supervise import told
from helpdesk.web.supervise.figures import Asked, asked, frame
from helpdesk.web.supervise.room import room


@dataclass(frozen=True)
class Row:
    """A reason's or an agent's line; ``url`` leads to those of them that wait now."""

    name: str
    url: str
    n: str
    running: str
    median: str
    p90: str
    over: str
    share: str
    ended: Sequence[str]


@room.get("/waiting-report")
@supervisor
def waiting_report() -> ResponseReturnValue:
    """The page."""
    wanted, report = _read()
    here, known = words(language.current()), catalogue.current().colleagues
    reasons = [_row(here["waiting"].get(key, key), measures, reason=key) for key, measures in report.by_reason.items()]
    agents = [
        _row(known[key].name if key is not None and key in known else here["time"]["nobody"], measures, agent=key)
        for key, measures in report.by_agent.items()
    ]
    return render_template(
        "supervise/waiting_report.html",
        reasons=reasons,
        agents=agents,
        whole=_row("", report.whole),
        counted=report.whole.n,
        files={kind: url_for(f"supervise.waiting_{kind}", **wanted.args()) for kind in ("csv", "json")},
        **frame(wanted, clock.now()),
    )


def _read() -> tuple[Asked, WaitingReport]:
    now = clock.now()
    wanted = asked(now)
    return wanted, waiting.report(current_actor(), wanted.period, wanted.department_id, now=now)


def _lengths(measures: Measures) -> tuple[float | None, float | None]:
    return measures.median, measures.p90


def _row(name: str, measures: Measures, **where: Any) -> Row:
    here = language.current()
    median, p90 = (told.NOTHING if value is None else told.hours(value, here) for value in _lengths(measures))
    share = f"{told.number(measures.over_share, here)}%" if measures.over_share is not None else told.NOTHING
    return Row(
        name,
        url_for("supervise.waiting_list", **{key: value for key, value in where.items() if value}) if where else "",
        told.number(measures.n, here),
        told.number(measures.running, here),
        median,
        p90,
        told.number(measures.over, here),
        share,
        [told.number(measures.ended_by[who], here) for who in ENDED_BY],
    )


@room.get("/waiting-report.csv")
@supervisor
def waiting_csv() -> ResponseReturnValue:
    """The same for a spreadsheet; seconds of open time."""
    wanted, report = _read()
    written = io.StringIO()
    lines = list(_lines(report))
    table = csv.DictWriter(written, list(lines[0]))
    table.writeheader()
    table.writerows(lines)
    headers = {"Content-Disposition": f'attachment; filename="waiting-{wanted.period.last}.csv"'}
    return Response(written.getvalue(), mimetype="text/csv", headers=headers)


@room.get("/waiting-report.json")
@supervisor
def waiting_json() -> ResponseReturnValue:
    """The same for programmes."""
    wanted, report = _read()
    period = {"from": wanted.period.first.isoformat(), "to": wanted.period.last.isoformat()}
    return jsonify(period=period, department=wanted.department or None, lines=list(_lines(report)))


def _lines(report: WaitingReport) -> Iterator[Mapping[str, Any]]:
    known = catalogue.current().colleagues
    yield _line("all", "", report.whole)
    for reason, measures in report.by_reason.items():
        yield _line("reason", reason, measures)
    for agent, measures in report.by_agent.items():
        person = known.get(agent or 0)
        yield _line("agent", person.email if person else "", measures)


def _line(by: str, of: str, measures: Measures) -> Mapping[str, Any]:
    counted = {"n": measures.n, "running": measures.running, "over": measures.over}
    times = {"median_seconds": measures.median, "p90_seconds": measures.p90}
    ended = {f"ended_by_{who}": measures.ended_by[who] for who in ENDED_BY}
    return {"by": by, "of": of} | counted | times | ended
