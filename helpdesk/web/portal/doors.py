"""The citizen's blueprint and the addresses without a language, which lead to the reader's."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from helpdesk.web import language
from helpdesk.web.guards import public

portal = language.localise(Blueprint("portal", __name__, url_prefix=language.PREFIX))
doors = Blueprint("doors", __name__)

_PAGES = "<any(ask,callback,chat,track,requests,help,contact,accessibility,privacy):page>"


@doors.get("/")
@public
def front() -> ResponseReturnValue:
    """The first page, in the reader's language."""
    return redirect(f"/{language.current()}/")


@doors.get(f"/{_PAGES}", defaults={"rest": ""})
@doors.get(f"/{_PAGES}/<path:rest>")
@public
def enter(page: str, rest: str) -> ResponseReturnValue:
    """Any page for citizens, in the reader's language; what the address asks stays."""
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    return redirect(f"/{language.current()}/{page}{'/' + rest if rest else ''}{query}")
