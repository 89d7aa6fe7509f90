"""The one door for providers that call us: ``POST /hooks/<kind>/<account>/…``; the channel proves who calls."""

import logging

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from channels.port import Hook
from channels.turns import Reply
from helpdesk.errors import HelpdeskError
from helpdesk.services import hooks as calls
from helpdesk.web.guards import machine

log = logging.getLogger(__name__)
hooks = Blueprint("hooks", __name__, url_prefix="/hooks")

LARGEST = 64 * 1024 * 1024
"""Bytes of a call; a mail of 35 MB with its files in base64 passes."""


@hooks.post("/<kind>/<account>/")
@hooks.post("/<kind>/<account>/<path:rest>")
@machine
def take(kind: str, account: str, rest: str = "") -> ResponseReturnValue:
    """Answers 200 only after what the call carries is durable; a refusal is one line of text without the reason why
    a signature does not fit."""
    request.max_content_length = LARGEST
    body = request.get_data(cache=False, parse_form_data=False)
    headers = {name.lower(): value for name, value in request.headers.items()}
    call = Hook(rest, body, headers, request.args.to_dict(), request.url, _target())
    if calls.converses(kind):
        return _converse(kind, account, call)
    try:
        kept = calls.hear(kind, account, call)
    except HelpdeskError as refusal:
        return f"{refusal.detail}\n", refusal.status, {"Content-Type": "text/plain; charset=utf-8"}
    body, content_type = kept.answer or (f"kept {kept.new}\n".encode(), "text/plain; charset=utf-8")
    return body, 200, {"Content-Type": content_type}


FALLBACK = "voice/fallback"
"""Where a carrier asks when everything else fails: answered without a database, and it gives nothing away."""


def _converse(kind: str, account: str, call: Hook) -> ResponseReturnValue:
    """A call's next words. When nothing can be looked up, an apology that lets the caller leave a message."""
    if call.path == FALLBACK:
        log.error("a carrier used its second address", extra={"kind": kind})
        return _spoken(calls.apology(kind, account))
    try:
        return _spoken(calls.converse(kind, account, call))
    except HelpdeskError as refusal:
        return f"{refusal.detail}\n", refusal.status, {"Content-Type": "text/plain; charset=utf-8"}
    except OperationalError as why:
        log.error("a call could not be looked up", extra={"kind": kind, "why": type(why).__name__})
        return _spoken(calls.apology(kind, account))


def _spoken(reply: Reply) -> ResponseReturnValue:
    return reply.body, reply.status, {"Content-Type": reply.content_type}


def _target() -> str:
    """Path and query as they stand on the request's first line, where the server tells."""
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or ""
    return str(raw) if raw.startswith("/") else request.full_path.rstrip("?")
