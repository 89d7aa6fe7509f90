"""What came with messages, for whoever may read their ticket: files, and the look that a sender gave their words."""

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from helpdesk.services import conversation
from helpdesk.web import attachments, elsewhere, language
from helpdesk.web.desk.as_sent import Dressed, dress, named
from helpdesk.web.desk.room import room
from helpdesk.web.guards import agent, current_actor
from helpdesk.web.templating import say, say_many


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


_BOX = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src {pictures}; "
    "style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing in it runs; links open beside it. A picture of another server tells it who reads and when, so that those are
fetched only where the reader asks for them."""

MOST_OF_PICTURES = 12_000_000
"""Bytes of a mail's own pictures that stand in its page; those beyond can be opened as files."""

_PAGE = Markup(
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
    "<style>body{{overflow-wrap:anywhere}}img{{max-width:100%;height:auto}}</style></head>"
    "<body>{note}{words}</body></html>"
)
_NOTE = Markup('<p lang="{language}"><small>{words} <a href="?pictures=all">{ask}</a></small></p><hr>')


@room.get("/attachments/<int(max=999999999999999):id>")
@agent
def attachment(id: int) -> ResponseReturnValue:
    """One file, to be saved."""
    return elsewhere.give(conversation.attachment(current_actor(), id))


@room.get("/attachments/<int(max=999999999999999):id>/shown")
@agent
def shown(id: int) -> ResponseReturnValue:
    """One file to look at, where it is a picture or a PDF by its bytes; everything else to be saved."""
    return elsewhere.give(conversation.attachment(current_actor(), id), inline=True)


@room.get("/messages/<int(max=999999999999999):id>/as-sent")
@agent
def as_sent(id: int) -> ResponseReturnValue:
    """A message with the look that its sender gave it; cleaned when it came in, and boxed in here besides."""
    row = conversation.formatted(current_actor(), id)
    every = request.args.get("pictures") == "all"
    dressed = dress(row.html, _own_pictures(row.id, named(row.html)), remote=every)
    answer = Response(_page(row, dressed), content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = _BOX.format(pictures="data: https: http:" if every else "data:")
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(row: Any, dressed: Dressed) -> str:
    note = Markup()
    if dressed.blocked:
        words = say_many(
            "%(num)s picture of another server is not shown: fetching it tells the sender that you read this.",
            "%(num)s pictures of other servers are not shown: fetching them tells the sender that you read this.",
            dressed.blocked,
            num=dressed.blocked,
        )
        note = _NOTE.format(language=language.current(), words=words, ask=say(_("Show them")))
    words = Markup(dressed.html)  # noqa: S704
    return _PAGE.format(language=row.language or "", title=row.subject or row.ticket_id, note=note, words=words)


def _own_pictures(message_id: int, content_ids: set[str]) -> dict[str, str]:
    """Pictures that came with the mail, as addresses that hold them: a page in a box has no cookie to ask by."""
    found: dict[str, str] = {}
    left = MOST_OF_PICTURES
    for file in conversation.enclosed(message_id, content_ids) if content_ids else ():
        left -= file.size
        address = attachments.as_address(file) if left >= 0 else None
        if address and file.content_id:
            found[file.content_id] = address
    return found
