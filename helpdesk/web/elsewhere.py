"""Attachments on a host of their own, so that what a stranger sent never stands where our cookies are valid."""

from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, current_app, redirect, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeTimedSerializer

from helpdesk.config import Settings
from helpdesk.errors import NotFound
from helpdesk.permissions import SYSTEM
from helpdesk.services import conversation
from helpdesk.web import attachments
from helpdesk.web.guards import public

SECONDS = 15 * 60
"""How long a link opens its file: whoever has it needs no sign-in."""

files = Blueprint("files", __name__)


def give(row: attachments.Stored, *, inline: bool = False) -> ResponseReturnValue:
    """The file that the reader may have: from here, or by a signed link to the other host, which shows what it can."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.attachments_url:
        return attachments.serve(row, inline=inline)
    link = f"{settings.attachments_url.rstrip('/')}/files/{_signer().dumps(row.id)}"
    answer = redirect(link, 303)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@files.get("/files/<token>")
@public
def signed(token: str) -> Response:
    """A file by a link that we signed a moment ago; pictures and PDF are shown. Only on the host of attachments."""
    if not _is_elsewhere():
        abort(404)
    try:
        id_ = int(_signer().loads(token, max_age=SECONDS))
    except BadData:
        raise NotFound("This link was valid for a quarter of an hour. Open the file again from its page.") from None
    return attachments.serve(conversation.attachment(SYSTEM, id_), inline=True)


def register(app: Flask) -> None:
    """Lets nothing but files be found on the host of attachments."""
    app.before_request(_only_files)


def _only_files() -> None:
    if _is_elsewhere() and request.endpoint not in {"files.signed", "health.live", "health.ready"}:
        abort(404)


def _is_elsewhere() -> bool:
    wanted: str = current_app.config["SETTINGS"].attachments_url
    return bool(wanted) and request.host == urlsplit(wanted).netloc


def _signer() -> URLSafeTimedSerializer:
    settings: Settings = current_app.config["SETTINGS"]
    return URLSafeTimedSerializer([*reversed(settings.old_secret_keys), settings.secret_key], salt="attachment")
