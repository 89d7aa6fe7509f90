"""Major incidents for those who supervise: what is proposed, what lasts, and what still wants its review."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock
from helpdesk.errors import HelpdeskError
from helpdesk.permissions import Actor
from helpdesk.services import majors
from helpdesk.web import language
from helpdesk.web.desk.words import words
from helpdesk.web.guards import current_actor, supervisor
from helpdesk.web.supervise.room import room
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


def grave(actor: Actor, now: datetime) -> Mapping[str, Any]:
    """What the board says first: proposals that wait for a decision, and major incidents that last."""
    return {
        "proposals": majors.waiting(actor),
        "lasting": majors.lasting_at(actor, now),
        "criterion": words(language.current())["criterion"],
    }


@room.get("/majors")
@supervisor
def majors_list() -> str:
    """Every major incident, those that last first."""
    actor, now = current_actor(), clock.now()
    past = [row for row in majors.all_of(actor) if row.ended_at is not None]
    return render_template("supervise/majors.html", **grave(actor, now), past=past)


@room.post("/majors/proposals/<int(max=999999999999999):id>/dismiss")
@supervisor
def dismiss_major(id: int) -> ResponseReturnValue:
    """It is none; the reason is kept."""
    try:
        majors.dismiss(current_actor(), id, request.form.get("reason", ""))
        flash(say(_("It is no major incident, and the reason is on record.")), "done")
    except HelpdeskError as error:
        flash(say(error.detail), "wrong")
    return redirect(url_for("supervise.majors_list"), 303)
