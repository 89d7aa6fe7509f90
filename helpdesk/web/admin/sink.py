"""The mail sink in the browser: a list of letters, and each one safely."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from helpdesk.services import sink
from helpdesk.web import safety
from helpdesk.web.admin.room import room
from helpdesk.web.guards import admin

SANDBOX = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""A letter's page runs nothing, loads nothing, and stands in no frame but ours."""


@room.get("/mail-sink")
@admin
def mail_sink() -> ResponseReturnValue:
    """The letters, the newest first."""
    letters, older = sink.fallen(request.args.get("before", ""))
    return render_template("admin/mail_sink.html", letters=letters, folder=sink.folder(), older=older)


@room.get("/mail-sink/<name>")
@admin
def fallen_letter(name: str) -> ResponseReturnValue:
    """One letter: its headers, its text, its page in a sandbox, the names of its files."""
    page = render_template("admin/mail_letter.html", letter=sink.letter(name))
    return page, {"Content-Security-Policy": f"{safety.policy()}; frame-src 'self'"}


@room.get("/mail-sink/<name>/page")
@admin
def letter_page(name: str) -> ResponseReturnValue:
    """The letter's HTML, in a sandbox that runs nothing and loads nothing."""
    answer = Response(sink.letter(name).html, content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer
