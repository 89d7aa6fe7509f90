"""The tree of categories: a node changes places with its neighbour."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.services import catalogue
from helpdesk.web.admin.room import room
from helpdesk.web.guards import admin, current_actor

_STEPS = {"up": -1, "down": 1}


@room.post("/categories/<int:id>/move")
@admin
def move_category(id: int) -> ResponseReturnValue:
    """One place up or down among its sisters; the list shows it where it stands now."""
    if by := _STEPS.get(request.form.get("to", "")):
        catalogue.move(current_actor(), id, by)
    return redirect(url_for("admin.things", path="categories", _anchor=f"line-{id}"), 303)
