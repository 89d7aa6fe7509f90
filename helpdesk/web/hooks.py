"""The one door for providers that call us: ``POST /hooks/<kind>/<account>/…``; the channel proves who calls."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from channels.port import Hook
from helpdesk.errors import HelpdeskError
from helpdesk.services import hooks as calls
from helpdesk.web.guards import machine

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
    try:
        new = calls.take(kind, account, call)
    except HelpdeskError as refusal:
        return f"{refusal.detail}\n", refusal.status, {"Content-Type": "text/plain; charset=utf-8"}
    return f"kept {new}\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


def _target() -> str:
    """Path and query as they stand on the request's first line, where the server tells."""
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or ""
    return str(raw) if raw.startswith("/") else request.full_path.rstrip("?")
