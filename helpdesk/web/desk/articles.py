"""A help article out of a resolved ticket: a draft, which administrators go on with at once and others propose."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from helpdesk.permissions import may
from helpdesk.services import articles
from helpdesk.web.desk.room import NUMBER, room
from helpdesk.web.guards import agent, current_actor
from helpdesk.web.templating import say


@room.post(f"/tickets/{NUMBER}/article")
@agent
def make_article(number: int) -> ResponseReturnValue:
    """Makes the draft; who may write articles is led to it."""
    actor = current_actor()
    made = articles.propose(actor, number)
    if may(actor, "administer"):
        flash(say("A draft was made of the ticket. Read it for names before you publish it."), "done")
        return redirect(url_for("admin.thing", path="articles", id=made), 303)
    told = say("Thank you: administrators see it as a draft among the help articles.")
    flash({"text": told}, "toast")  # type: ignore[arg-type]
    return redirect(url_for("desk.ticket", number=number), 303)
