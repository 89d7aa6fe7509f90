"""Trying a version: on past requests, with what they would have come to, and on those that are open now."""

import csv
import io
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row
from werkzeug.exceptions import NotFound as NoPage

from helpdesk import clock, i18n
from helpdesk.errors import HelpdeskError, Invalid, Stale
from helpdesk.services import catalogue, replay, rulebook
from helpdesk.services.replay import APPLIED, TRIED, Choice, Tally
from helpdesk.vocabulary import RunKind, VersionState
from helpdesk.web import language
from helpdesk.web.admin import trying_told as said
from helpdesk.web.admin import words
from helpdesk.web.admin.room import room
from helpdesk.web.desk.words import CLOCK, PRIORITY
from helpdesk.web.guards import admin, current_actor
from helpdesk.web.templating import say

USUAL_DAYS = 90
_LISTED = 25
_MOST_CSV = 100_000


@room.get("/rulebook/<int:id>/try")
@admin
def try_version(id: int) -> ResponseReturnValue:
    """Where a version is tried: for which period, together with which drafts; what was tried before."""
    last = clock.now().astimezone(i18n.ZONE).date()
    start = {"from": (last - timedelta(days=USUAL_DAYS)).isoformat(), "to": last.isoformat(), "department": ""}
    return _page(_tried(id), start)


def _tried(id_: int) -> Row[Any]:
    """The version, where versions of its kind can be tried."""
    row = rulebook.record(id_)
    if row.kind not in TRIED:
        raise NoPage
    return row


def _page(row: Row[Any], values: Mapping[str, Any], error: HelpdeskError | None = None) -> ResponseReturnValue:
    page = render_template(
        "admin/try.html",
        row=row,
        name=words.titled(row),
        state=words.STATE[row.state],
        others=_others(row),
        chosen=request.form.getlist("with", type=int),
        departments=[(one.id, i18n.pick(one.names, language.current())) for one in catalogue.departments()],
        values=values,
        problem=say(error.detail) if error else "",
        wrong=error.fields if isinstance(error, Invalid) else {},
        runs=_earlier(row.id),
        applied=[(one, said.progress(one)) for one in replay.applications(row.id)],
        appliable=row.kind in APPLIED,
        in_force=row.state == VersionState.IN_FORCE,
    )
    return page, error.status if error else 200


def _earlier(version_id: int) -> list[tuple[Row[Any], said.Progress, str]]:
    """What was tried of it: each run, how far it is, and for which period."""
    runs = (one for kind in (RunKind.PAST, RunKind.OPEN) for one in replay.runs(kind, version_id))
    return [(one, said.progress(one), said.period(one)) for one in runs]


def _others(row: Row[Any]) -> list[tuple[int, str]]:
    """Drafts of other things that may be tried together with it."""
    drafts = (one for kind in TRIED for one in rulebook.versions(kind))
    waiting = (VersionState.DRAFT, VersionState.SCHEDULED)
    return [
        (one.id, f"{say(words.RULEBOOK[one.kind])}: {words.titled(one)}, {one.key}@{one.number}")
        for one in drafts
        if one.state in waiting and (one.kind, one.key) != (row.kind, row.key)
    ]


@room.post("/rulebook/<int:id>/try")
@admin
def begin_trial(id: int) -> ResponseReturnValue:
    """Lets a worker begin."""
    row, form = _tried(id), request.form
    kind = RunKind.OPEN if form.get("on") == "open" else RunKind.PAST
    try:
        choice = Choice() if kind is RunKind.OPEN else _choice(form)
        run = replay.ask(current_actor(), kind, [id, *form.getlist("with", type=int)], choice)
    except (Invalid, Stale) as error:
        return _page(row, form, error)
    return redirect(url_for("admin.trial", id=run), 303)


def _choice(form: Mapping[str, str]) -> Choice:
    days, wrong = {}, {}
    for name in ("from", "to"):
        try:
            days[name] = date.fromisoformat(form[name]) if form.get(name) else None
        except ValueError:
            wrong[name] = say("Give a day.")
    if wrong:
        raise Invalid("Look at the days.", fields=wrong)
    department = form.get("department", "")
    return Choice(days["from"], days["to"], int(department) if department.isdigit() else None)


@room.get("/rulebook/runs/<int:id>")
@admin
def trial(id: int) -> ResponseReturnValue:
    """How far it is, what it came to, and the requests behind each number."""
    return run_page(id)


def run_page(id_: int, error: HelpdeskError | None = None) -> ResponseReturnValue:
    """The page of a run, with what was wrong about applying it."""
    run = replay.record(id_)
    if run.version_id is None:
        return redirect(url_for("admin.verification"))
    after = request.args.get("after", 0, type=int)
    rows = replay.flips(current_actor(), id_, _asked(), after, _LISTED + 1)
    tally = Tally.from_dict(run.found if run.kind == RunKind.PAST else {})
    page = render_template(
        "admin/try_run.html",
        run=run,
        version=_tried(run.version_id),
        progress=said.progress(run),
        tally=tally,
        number=said.number,
        lines=said.shares(run, tally),
        groups=said.groups(run, tally),
        flips=said.flipped(rows[:_LISTED]),
        filters=_told_filters(),
        first_url=_list(id_) if after else None,
        next_url=_list(id_, after=rows[_LISTED - 1].id) if len(rows) > _LISTED else None,
        problem=say(error.detail) if error else "",
        wrong=error.fields if error else {},
        **_frame(run),
    )
    return page, error.status if error else 200


def _list(id_: int, endpoint: str = "admin.trial", anchor: str | None = "list", **more: Any) -> str:
    """The address of the list, narrowed as it is now."""
    args: dict[str, Any] = {name: value for name in _FILTERS if (value := request.args.get(name))}
    return url_for(endpoint, id=id_, _anchor=anchor, **args, **more)


def _frame(run: Row[Any]) -> dict[str, Any]:
    places = said.places()
    return {
        "name": words.titled(rulebook.record(run.version_id)),
        "csv_url": _list(run.id, "admin.trial_csv", None),
        "at": url_for("admin.trial_progress", id=run.id),
        "period": said.period(run),
        "versions": said.versions(run.version_ids),
        "department": places.get(run.department_id) if run.department_id else "",
        "who": {person.id: person.name for person in catalogue.colleagues(all_=True)}.get(run.asked_by_id, ""),
        "appliable": run.kind == RunKind.OPEN,
        "in_force": all(row.state == VersionState.IN_FORCE for row in rulebook.records(run.version_ids)),
    }


_FILTERS = {"change": "change", "clock": "clock", "department": "department_id", "priority": "priority"}


def _asked() -> dict[str, str | int | None]:
    """The columns and values that the query string asks for."""
    asked: dict[str, str | int | None] = {}
    for name, column in _FILTERS.items():
        value = request.args.get(name, "")
        if value and name == "department":
            asked[column] = int(value) if value.isdigit() and value != said.TRIAGE else None
        elif value:
            asked[column] = value
    return asked


def _told_filters() -> list[str]:
    """What the list is narrowed to, in words."""
    asked = _asked()
    told = [
        (said.CHANGE, asked.get("change")),
        (CLOCK, asked.get("clock")),
        (PRIORITY, asked.get("priority")),
    ]
    found = [say(known[str(code)]) for known, code in told if code in known]
    return [*found, *([said.places().get(asked["department_id"], "")] if "department_id" in asked else [])]  # type: ignore[arg-type]


@room.get("/rulebook/runs/<int:id>/progress")
@admin
def trial_progress(id: int) -> ResponseReturnValue:
    """How far it is, for a page that refreshes itself."""
    progress = said.progress(replay.record(id))
    return render_template("admin/_try_progress.html", progress=progress, at=url_for("admin.trial_progress", id=id))


@room.post("/rulebook/runs/<int:id>/stop")
@admin
def stop_trial(id: int) -> ResponseReturnValue:
    """Ends it before it is done."""
    replay.stop_run(current_actor(), id)
    return redirect(url_for("admin.trial", id=id), 303)


@room.get("/rulebook/runs/<int:id>/requests.csv")
@admin
def trial_csv(id: int) -> ResponseReturnValue:
    """The requests as a file; codes as the API has them."""
    replay.record(id)
    names = ("ticket_id", "clock", "cycle", "change", "department_id", "priority", "state_before", "state_after",
             "due_before", "due_after")  # fmt: skip
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(names)
    for row in replay.flips(current_actor(), id, _asked(), limit=_MOST_CSV):
        lines.writerow([_cell(getattr(row, name)) for name in names])
    headers = {"Content-Disposition": f'attachment; filename="replay-{id}.csv"'}
    return Response(written.getvalue(), mimetype="text/csv", headers=headers)


def _cell(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
