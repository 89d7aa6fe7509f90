"""The lists of senders: who is always let in, and who never."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock
from helpdesk.errors import Invalid
from helpdesk.services.screening import senders as lists
from helpdesk.services.screening.senders import Verdict
from helpdesk.web.admin.room import room
from helpdesk.web.guards import admin, current_actor
from helpdesk.web.templating import say


@room.get("/senders")
@admin
def senders() -> ResponseReturnValue:
    """Both lists, and the form for another line."""
    return _page({"verdict": Verdict.BLOCK})


@room.post("/senders")
@admin
def put_sender() -> ResponseReturnValue:
    """Puts an address or a domain on a list."""
    sent = {name: request.form.get(name, "") for name in ("pattern", "verdict", "note")}
    try:
        lists.put(current_actor(), sent["pattern"], sent["verdict"], sent["note"], clock.now())
    except Invalid as error:
        return _page(sent, error)
    flash(say("The list was changed."), "done")
    return redirect(url_for("admin.senders"), 303)


@room.post("/senders/<int:id>/remove")
@admin
def remove_sender(id: int) -> ResponseReturnValue:
    """Takes a line off its list."""
    lists.remove(current_actor(), id, clock.now())
    flash(say("The list was changed."), "done")
    return redirect(url_for("admin.senders"), 303)


def _page(values: dict[str, str], error: Invalid | None = None) -> ResponseReturnValue:
    page = render_template(
        "admin/senders.html", rows=lists.rules(), values=values,
        problem=say(error.detail) if error else "", wrong=error.fields if error else {},
    )  # fmt: skip
    return page, error.status if error else 200
