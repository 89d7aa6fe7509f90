"""Refusals and faults as pages: what happened, what was kept, what to do next; as problem documents for machines."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from helpdesk.db import db
from helpdesk.errors import HelpdeskError
from helpdesk.web.guards import NOBODY

MACHINES = ("/api/", "/chat/api/")
PAUSE = 30
"""Seconds after which one may try again while the database does not answer."""


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


@dataclass(frozen=True)
class Kind:
    """How a page speaks of a refusal."""

    title: str
    happened: str
    next: str
    kept: str = ""


KINDS = {
    400: Kind(_("We could not read that"), _("What arrived was not complete."), _("Go back and try again.")),
    401: Kind(_("Please sign in"), _("This page is for people who work here."), _("Sign in and try again.")),
    403: Kind(
        _("You may not do that"), _("Your account does not open this page."), _("Ask an administrator if you need it.")
    ),
    404: Kind(
        _("We cannot find this page"),
        _("The address may be mistyped, or the page is no longer here."),
        _("Start from the first page, or search in the help pages."),
    ),
    405: Kind(
        _("That is not possible here"), _("This address does not take what was sent."), _("Go back and try again.")
    ),
    409: Kind(
        _("Something changed meanwhile"),
        _("Somebody else was faster, or the state does not allow this any more."),
        _("Load the page again and look at what is new."),
        _("Nothing was changed."),
    ),
    413: Kind(
        _("The files are too large"),
        _("Together the files may have at most 25 MB, each one at most 10 MB."),
        _("Go back: your text is still in the form. Choose smaller or fewer files and send again."),
        _("Nothing was sent yet."),
    ),
    422: Kind(_("Something needs correcting"), _("A field is missing or wrong."), _("Go back and correct it.")),
    429: Kind(
        _("Please wait a little"),
        _("Many tries came from your connection in a short time."),
        _("Wait a minute, then try again. If it is urgent, call us."),
        _("Nothing was lost: go back and your text is still in the form."),
    ),
    500: Kind(
        _("Something went wrong on our side"),
        _("The page could not be made. It was written down, and somebody will look at it."),
        _("Try again in a few minutes. If it is urgent, call us."),
        _("What you had already sent was kept."),
    ),
    503: Kind(
        _("We cannot serve you at the moment"),
        _("Our records do not answer just now. It was written down, and mostly takes a few minutes."),
        _("Wait a minute, then go back and try again: what you typed is still in the form. If it is urgent, call us."),
        _("What had reached us before is safe."),
    ),
}
FORM_TOO_OLD = Kind(
    _("Please send it once more"),
    _("The page was open for a very long time, or your browser does not keep cookies."),
    _("Go back, load the page again, and send your text once more."),
    _("Nothing was sent yet."),
)

ApiError = Callable[[HelpdeskError | HTTPException], ResponseReturnValue]


def register(app: Flask, api_error: ApiError) -> None:
    """Maps every error once; ``api_error`` answers below /api/."""

    @app.errorhandler(HelpdeskError)
    def refused(error: HelpdeskError) -> ResponseReturnValue:
        return api_error(error) if _for_machine() else page(error.status, error.detail)

    @app.errorhandler(CSRFError)
    def forged(error: CSRFError) -> ResponseReturnValue:
        return api_error(error) if _for_machine() else page(400, kind=FORM_TOO_OLD)

    @app.errorhandler(HTTPException)
    def answered(error: HTTPException) -> ResponseReturnValue:
        if error.code is None or error.code < 400:
            return error
        return _answer(error, api_error)

    @app.errorhandler(OperationalError)
    @app.errorhandler(InterfaceError)
    @app.errorhandler(PoolExhausted)
    def unreachable(error: Exception) -> ResponseReturnValue:
        app.log_exception(sys.exc_info())
        g.actor = NOBODY  # who is signed in stands in the database, which the page must do without
        return _answer(ServiceUnavailable("The database does not answer.", retry_after=PAUSE), api_error)


def _answer(error: HTTPException, api_error: ApiError) -> ResponseReturnValue:
    status = error.code or 500
    if status >= 500:
        db.session.rollback()  # it may be in the middle of a failed transaction, which the page must not stumble over
    if _for_machine():
        return api_error(error)
    made = page(status)
    kept = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    return made[0], made[1], kept


def page(status: int, detail: str = "", kind: Kind | None = None) -> tuple[str, int]:
    """The page of a refusal."""
    kind = kind or KINDS.get(status) or KINDS[500 if status >= 500 else 400]
    values = {"status": status, "kind": kind, "detail": detail, "request_id": g.get("request_id", "")}
    if request.headers.get("HX-Request"):
        return render_template("errors/_notice.html", **values), status
    return render_template("errors/page.html", **values), status


def _for_machine() -> bool:
    return request.path.startswith(MACHINES)
