"""Versions applied to open requests and taken back; every deadline recomputed and compared."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from helpdesk.errors import HelpdeskError, Invalid, Stale
from helpdesk.services import catalogue, replay
from helpdesk.services.replay import Choice
from helpdesk.vocabulary import RunKind
from helpdesk.web.admin import trying_told as said
from helpdesk.web.admin.room import room
from helpdesk.web.admin.trying import run_page
from helpdesk.web.guards import admin, current_actor
from helpdesk.web.templating import say


@room.post("/rulebook/runs/<int:id>/apply")
@admin
def apply_version(id: int) -> ResponseReturnValue:
    """Applies what was previewed to all open requests."""
    run = replay.record(id)
    try:
        made = replay.apply(current_actor(), run.version_ids, request.form.get("why", ""))
    except (Invalid, Stale) as error:
        return run_page(id, error)
    return redirect(url_for("admin.application", id=made), 303)


@room.get("/rulebook/applications/<int:id>")
@admin
def application(id: int) -> ResponseReturnValue:
    """How far it is, who did it and why, what it came to, and the way back."""
    return _page(id)


def _page(id_: int, error: HelpdeskError | None = None) -> ResponseReturnValue:
    row = replay.application(id_)
    progress = said.progress(row)
    page = render_template(
        "admin/try_application.html",
        row=row,
        progress=progress,
        at=url_for("admin.application_progress", id=id_),
        found={name: said.number(count) for name, count in replay.applied(id_).items()},
        number=said.number,
        versions=said.versions(row.version_ids),
        who=_names().get(row.asked_by_id, ""),
        can_undo=_can_undo(row, progress),
        tickets=replay.touched(current_actor(), id_),
        problem=say(error.detail) if error else "",
        wrong=error.fields if error else {},
    )
    return page, error.status if error else 200


def _can_undo(row: Row[Any], progress: said.Progress) -> bool:
    return row.undoes_id is None and not progress.under_way and not replay.is_undone(row.id)


def _names() -> dict[int | None, str]:
    return {person.id: person.name for person in catalogue.colleagues(all_=True)}


@room.get("/rulebook/applications/<int:id>/progress")
@admin
def application_progress(id: int) -> ResponseReturnValue:
    """How far it is, for a page that refreshes itself."""
    progress = said.progress(replay.application(id))
    return render_template(
        "admin/_try_progress.html", progress=progress, at=url_for("admin.application_progress", id=id)
    )


@room.post("/rulebook/applications/<int:id>/stop")
@admin
def stop_application(id: int) -> ResponseReturnValue:
    """Ends it before it is done."""
    replay.stop(current_actor(), id)
    return redirect(url_for("admin.application", id=id), 303)


@room.post("/rulebook/applications/<int:id>/undo")
@admin
def undo_application(id: int) -> ResponseReturnValue:
    """Gives the open requests back the versions they had."""
    try:
        made = replay.undo(current_actor(), id, request.form.get("why", ""))
    except (Invalid, Stale) as error:
        return _page(id, error)
    return redirect(url_for("admin.application", id=made), 303)


@room.get("/verification")
@admin
def verification() -> ResponseReturnValue:
    """Whether every deadline that is kept is what the journals say, as of the last time somebody asked."""
    return _verification()


def _verification(error: HelpdeskError | None = None) -> ResponseReturnValue:
    runs = [(run, said.progress(run)) for run in replay.runs(RunKind.VERIFY)]
    problem = say(error.detail) if error else ""
    page = render_template("admin/verification.html", runs=runs, number=said.number, names=_names(), problem=problem)
    return page, error.status if error else 200


@room.get("/verification/<int:id>/progress")
@admin
def verification_progress(id: int) -> ResponseReturnValue:
    """How far it is, for a page that refreshes itself."""
    at = url_for("admin.verification_progress", id=id)
    return render_template("admin/_try_progress.html", progress=said.progress(replay.record(id)), at=at)


@room.post("/verification")
@admin
def verify_now() -> ResponseReturnValue:
    """Lets a worker recompute all of them."""
    try:
        replay.ask(current_actor(), RunKind.VERIFY, [], Choice())
    except Stale as error:
        return _verification(error)
    return redirect(url_for("admin.verification"), 303)
