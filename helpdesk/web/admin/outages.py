"""Ending an outage notice at once, beside its form."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock
from helpdesk.services import handbook
from helpdesk.web.admin.room import room
from helpdesk.web.guards import admin, current_actor
from helpdesk.web.templating import say


@room.post("/outages/<int:id>/end")
@admin
def end_outage(id: int) -> ResponseReturnValue:
    """Takes the notice down now."""
    handbook.end_outage(current_actor(), id, clock.now())
    flash(say("The notice was taken down."), "done")
    return redirect(url_for("admin.things", path="outages"), 303)
