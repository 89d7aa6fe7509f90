"""Trying the telephone without any account: hands on the simulated carrier's telephones, for demo bodies only."""

import http.client
import json
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.services import body, catalogue
from helpdesk.services.calls import ringing
from helpdesk.web.admin.room import room
from helpdesk.web.guards import admin

CITIZENS = ("+306900000001", "+306900000002", "")
"""Who calls: two numbers of a range that nobody has, and one that is withheld."""


def _carrier() -> str:
    """Where the simulated carrier listens, on this machine; empty where there is none."""
    base: str = current_app.config["SETTINGS"].twilio_base_url
    parts = urlsplit(base)
    return base if body.is_fictional() and parts.scheme == "http" and parts.hostname == "127.0.0.1" else ""


def _ask(method: str, path: str, form: dict[str, str]) -> dict[str, Any] | None:
    """What the carrier tells; None where nobody answers."""
    parts = urlsplit(_carrier())
    if not parts.port:
        return None
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=5)
    try:
        connection.request(method, path, urlencode(form))
        found: dict[str, Any] = json.loads(connection.getresponse().read())
        return found
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _values() -> dict[str, Any]:
    known = catalogue.current().colleagues
    names = {line: known[id_].name for id_, line in ringing.telephones().items() if id_ in known}
    return {"network": _ask("GET", "/sim", {}), "citizens": CITIZENS, "names": names, "keys": "123456789*0#"}


@room.get("/telephone/try")
@admin
def phone_try() -> str:
    """The page with all telephones on it."""
    return render_template("admin/telephone_try.html", **_values())


@room.get("/telephone/try/now")
@admin
def phone_try_now() -> str:
    """The part that changes by itself."""
    return render_template("admin/_telephone_try.html", **_values())


@room.post("/telephone/try/<any(call, press, answer, hang_up, write):act>")
@admin
def phone_try_do(act: str) -> ResponseReturnValue:
    """Somebody calls, presses a key, lifts the receiver or puts it down, or writes."""
    _ask("POST", f"/sim/{act.replace('_', '-')}", request.form.to_dict())
    return redirect(url_for("admin.phone_try"), 303)
