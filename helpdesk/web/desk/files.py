"""What came with messages, for whoever may read their ticket: files, and the look that a sender gave their words."""

from flask import Response
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from helpdesk.services import conversation
from helpdesk.web import elsewhere
from helpdesk.web.desk.room import room
from helpdesk.web.guards import agent, current_actor

AS_SENT = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""Nothing in it runs, and nothing is fetched: a picture of another server would tell it who reads and when."""

_PAGE = Markup(
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title></head>'
    "<body>{words}</body></html>"
)


@room.get("/attachments/<int(max=999999999999999):id>")
@agent
def attachment(id: int) -> ResponseReturnValue:
    """One file, to be saved."""
    return elsewhere.give(conversation.attachment(current_actor(), id))


@room.get("/messages/<int(max=999999999999999):id>/as-sent")
@agent
def as_sent(id: int) -> ResponseReturnValue:
    """A message with the look that its sender gave it; cleaned when it came in, and boxed in here besides."""
    row = conversation.formatted(current_actor(), id)
    page = _PAGE.format(language=row.language or "", title=row.subject or row.ticket_id, words=Markup(row.html))  # noqa: S704
    answer = Response(page, content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = AS_SENT
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer
