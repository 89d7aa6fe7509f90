"""How things stand now, department by department; each number opens the desk's list of the same tickets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, url_for

from helpdesk import clock
from helpdesk.services.filters import Due, Filters
from helpdesk.services.reports.board import Standing, board
from helpdesk.services.views import Sort, View
from helpdesk.web import language
from helpdesk.web.desk.asked import address
from helpdesk.web.guards import current_actor, supervisor
from helpdesk.web.supervise import majors, risk, surges, told
from helpdesk.web.supervise.figures import department_names
from helpdesk.web.supervise.room import room

MEASURES: Mapping[str, Mapping[str, Any]] = {
    "open": {},
    "risk": {"due": Due.SOON},
    "late": {"due": Due.LATE},
    "unassigned": {"assignee": "nobody"},
}
"""The board's columns, each with the filter that makes the desk's list."""


@dataclass(frozen=True)
class Place:
    """A department's line: its name, (measure, number, list) for each column, and its oldest open ticket."""

    name: str
    cells: Sequence[tuple[str, int, str]]
    oldest: str
    oldest_url: str


@room.get("/board")
@supervisor
def now_board() -> str:
    """The board."""
    sort = risk.sort_asked()
    lines = risk.at_risk(current_actor(), clock.now(), sort)
    sorts = {name: url_for("supervise.now_board", sort=name, _anchor="at-risk") for name in risk.SORTS}
    return render_template(
        "supervise/board.html",
        **_shown(),
        **majors.grave(current_actor(), clock.now()),
        lines=lines,
        sort=sort,
        sorts=sorts,
        surge_lines=surges.lines(current_actor()),
        surge_done=surges.done(),
    )


@room.get("/board/rows")
@supervisor
def board_rows() -> str:
    """The board's table alone, for a page that refreshes itself."""
    return render_template("supervise/_board.html", **_shown())


def _shown() -> dict[str, Any]:
    now, names = clock.now(), department_names()
    standings = board(current_actor(), now)
    known = sorted(standings, key=lambda one: (one.department_id is None, names[one.department_id][1]))
    oldest = min((one.oldest_at for one in standings if one.oldest_at), default=None)
    sums = {measure: sum(getattr(one, measure) for one in standings) for measure in MEASURES}
    whole = Standing(None, **sums, oldest_at=oldest)
    return {
        "places": [_place(one, *names[one.department_id], now) for one in known],
        "whole": _place(whole, "", "", now),
        "looked_at": now,
    }


def _place(standing: Standing, key: str, name: str, now: datetime) -> Place:
    where: dict[str, Any] = {"view": View.ALL, "department": key}
    if key == "triage":
        where = {"view": View.TRIAGE}
    cells = [
        (measure, getattr(standing, measure), address(Filters(**where, **filters)))
        for measure, filters in MEASURES.items()
    ]
    age = told.calendar((now - standing.oldest_at).total_seconds(), language.current()) if standing.oldest_at else ""
    return Place(name, cells, age, address(Filters(**where, sort=Sort.OLDEST)))
