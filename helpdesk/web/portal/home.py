"""The first page: one question, the most used services, ways to reach us."""

from flask import render_template
from flask.typing import ResponseReturnValue

from helpdesk.web.guards import public
from helpdesk.web.portal.doors import portal


@portal.get("/")
@public
def home() -> ResponseReturnValue:
    """Where everybody begins."""
    return render_template("portal/home.html")
