"""Finding one's request again: number and code, typed or by the link of a letter."""

import re

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock
from helpdesk.errors import Invalid
from helpdesk.services import inquiry
from helpdesk.services.access import TooSoon
from helpdesk.web.guards import public
from helpdesk.web.portal import keyring
from helpdesk.web.portal.doors import portal
from helpdesk.web.safety import address, limiter
from helpdesk.web.templating import say


@portal.get("/track")
@public
@limiter.limit("60/minute")
def track() -> ResponseReturnValue:
    """The form; with number and code in the address the request itself."""
    number, code = request.args.get("number", ""), request.args.get("code", "")
    return _open(number, code, request.args.get("then", "")) if number and code else _page(number)


@portal.post("/track")
@public
@limiter.limit("60/minute")
def track_open() -> ResponseReturnValue:
    """Opens the request where number and code belong together."""
    return _open(request.form.get("number", ""), request.form.get("code", ""))


@portal.get("/requests")
@public
def track_list() -> ResponseReturnValue:
    """Nobody sees a list without a code; where one is asked for, this is the page."""
    return redirect(url_for("portal.track"))


def _open(told: str, code: str, then: str = "") -> ResponseReturnValue:
    """The code leaves the address at once: it is not for the history, nor for who looks over a shoulder."""
    digits = re.sub(r"[^0-9]", "", told)
    errors = {}
    if not 1 <= len(digits) <= 12:
        errors["number"] = say("Write the number of your request, for example 100234.")
    if not code.strip():
        errors["code"] = say("Write the code of your request. It stands in our first letter to you.")
    if errors:
        return _page(told[:40], errors)
    try:
        version = inquiry.let_in(int(digits), inquiry.Code(code[:60]), address(), clock.now())
    except TooSoon as error:
        seconds = int(error.wait.total_seconds()) + 1
        told_wait = say(
            "There were several failed tries. Please wait %(seconds)s seconds and try again.", seconds=seconds
        )
        return _page(digits, {"code": told_wait}, 429)
    except Invalid as error:
        return _page(digits, {"code": say(error.detail)})
    keyring.remember(int(digits), version)
    return redirect(url_for(_PLACES.get(then, "portal.track_request"), number=int(digits)), 303)


_PLACES = {"confirm": "portal.track_ask_confirm", "reject": "portal.track_ask_reject", "call": "portal.track_call"}
"""Where the links of a letter lead: to a question, never to a change."""


@portal.post("/track/code")
@public
@limiter.limit("10/minute;40/hour")
def track_code() -> ResponseReturnValue:
    """A code by letter to who names the address or phone number we know; the page says the same to everybody."""
    told, proof = request.form.get("lost_number", ""), request.form.get("proof", "").strip()
    digits = re.sub(r"[^0-9]", "", told)
    errors = {}
    if not 1 <= len(digits) <= 12:
        errors["lost_number"] = say("Write the number of your request, for example 100234.")
    if not proof:
        errors["proof"] = say("Write the e-mail address or the phone number that you gave us.")
    if errors:
        return _page("", errors, lost=told[:40])
    inquiry.ask_code(int(digits), proof, clock.now())
    return _page(digits, asked=True)


def _page(
    number: str, errors: dict[str, str] | None = None, status: int = 422, *, lost: str = "", asked: bool = False
) -> ResponseReturnValue:
    page = render_template(
        "portal/track.html", number=number, problem=errors or {}, known=keyring.numbers(), lost=lost, asked=asked
    )
    return page, status if errors else 200
