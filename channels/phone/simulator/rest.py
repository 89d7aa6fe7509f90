"""The carrier's REST as far as the official client is used here: calls, rooms, recordings, texts."""

import base64
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from channels.phone.simulator.line import OVER, Line, Status
from channels.phone.simulator.network import Kept, Network


class ReplyLost(Exception):
    """The request's answer never arrives, whatever became of it."""


@dataclass(frozen=True)
class Answer:
    """Status and JSON, or a file."""

    status: int
    told: Mapping[str, Any] | None = None
    file: bytes = b""


class _Wrong(Exception):
    def __init__(self, status: int, code: int, message: str) -> None:
        self.answer = Answer(status, {"status": status, "code": code, "message": message, "more_info": ""})


Form = Mapping[str, str]
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")


def handle(network: Network, method: str, path: str, form: Form, authorization: str) -> Answer:
    """One request. Raises ReplyLost."""
    try:
        _let_in(network, authorization)
        for verb, pattern, act in _ROUTES:
            found = re.fullmatch(pattern.format(account=network.account), path)
            if found and verb == method:
                return act(network, form, *found.groups())
        raise _Wrong(404, 20404, f"The requested resource {path} was not found")
    except _Wrong as wrong:
        return wrong.answer


def _let_in(network: Network, authorization: str) -> None:
    expected = base64.b64encode(f"{network.account}:{network.token}".encode()).decode()
    if not hmac.compare_digest(authorization.removeprefix("Basic ").encode(), expected.encode()):
        raise _Wrong(401, 20003, "Authenticate")
    if network.faults.refused:
        raise _Wrong(403, 20005, "Account not active")


def _create_call(network: Network, form: Form) -> Answer:
    for name in ("To", "From"):
        if not _NUMBER.fullmatch(form.get(name, "")):
            raise _Wrong(400, 21211, f"The '{name}' number {form.get(name)} is not a valid phone number.")
    if not form.get("Url", "").startswith("http"):
        raise _Wrong(400, 21205, "Url is not a valid URL")
    lost = network.faults.loses_reply()
    if lost and not network.faults.came_through():
        raise ReplyLost
    rings = float(form.get("Timeout", 60))
    told = {"tells": form.get("StatusCallback", ""), "fallback": form.get("FallbackUrl", ""), "rings": rings}
    line = network.place(form["To"], form["From"], form["Url"], **told)  # type: ignore[arg-type]
    if lost:
        raise ReplyLost
    return Answer(201, _call(network, line))


def _calls(network: Network, form: Form) -> Answer:
    since = form.get("StartTime>") or form.get("StartTime>=")
    found = [
        line
        for line in reversed(network.lines.values())
        if line.called == form.get("To", line.called)
        and line.caller == form.get("From", line.caller)
        and (not since or network.at(line.began) >= _moment(since))
    ]
    return Answer(200, _page(network, "calls", [_call(network, line) for line in found]))


def _moment(told: str) -> datetime:
    return datetime.fromisoformat(told.replace("Z", "+00:00"))


def _page(network: Network, name: str, items: list[Any]) -> dict[str, Any]:
    uri = f"/2010-04-01/Accounts/{network.account}/{name.capitalize()}.json"
    return {name: items, "page": 0, "page_size": 50, "uri": uri, "next_page_uri": None, "first_page_uri": uri,
            "previous_page_uri": None, "start": 0, "end": len(items)}  # fmt: skip


def _line(network: Network, sid: str) -> Line:
    if sid not in network.lines:
        raise _Wrong(404, 20404, f"The requested resource {sid} was not found")
    return network.lines[sid]


def _fetch_call(network: Network, form: Form, sid: str) -> Answer:
    return Answer(200, _call(network, _line(network, sid)))


def _update_call(network: Network, form: Form, sid: str) -> Answer:
    line = _line(network, sid)
    if line.over:
        raise _Wrong(400, 21220, "Call is not in-progress. Cannot redirect.")
    if form.get("Status") in {"completed", "canceled"}:
        network.hang_up(line)
    elif form.get("Url", "").startswith("http"):
        if line.status is not Status.IN_PROGRESS:
            raise _Wrong(400, 21220, "Call is not in-progress. Cannot redirect.")
        network.redirect(line, form["Url"])
    else:
        raise _Wrong(400, 21218, "Invalid update")
    return Answer(200, _call(network, line))


def _call(network: Network, line: Line) -> dict[str, Any]:
    ended = line.over
    return {
        "sid": line.sid, "account_sid": network.account, "to": line.called, "from": line.caller,
        "status": line.status.value, "direction": line.direction, "api_version": "2010-04-01",
        "date_created": _rfc(network.at(line.began)), "date_updated": _rfc(network.at()),
        "start_time": _rfc(network.at(line.began)), "end_time": _rfc(network.at()) if ended else None,
        "duration": str(int(line.duration)) if ended else None, "answered_by": None, "price": None,
        "price_unit": "USD", "uri": f"/2010-04-01/Accounts/{network.account}/Calls/{line.sid}.json",
        "subresource_uris": {},
    }  # fmt: skip


def _rfc(moment: datetime) -> str:
    return moment.strftime("%a, %d %b %Y %H:%M:%S +0000")


def _conferences(network: Network, form: Form) -> Answer:
    room = network.rooms.get(form.get("FriendlyName", ""))
    found = [{"sid": room.sid, "friendly_name": room.name, "status": "in-progress"}] if room else []
    return Answer(200, _page(network, "conferences", found))


def _participant(network: Network, form: Form, conference: str, sid: str) -> Answer:
    room = next((room for room in network.rooms.values() if room.sid == conference), None)
    line = next((line for line in room.lines if line.sid == sid), None) if room else None
    if line is None:
        raise _Wrong(404, 20404, "Participant not found")
    if "Hold" in form:
        line.held = form["Hold"].lower() == "true"
        line.heard.append("♪ hold" if line.held else "[back]")
    return Answer(200, {"call_sid": sid, "conference_sid": conference, "hold": line.held, "muted": False})


def _kept(network: Network, sid: str) -> Kept:
    if sid not in network.recordings:
        raise _Wrong(404, 20404, "Recording not found")
    return network.recordings[sid]


def _media(network: Network, form: Form, sid: str) -> Answer:
    kept = _kept(network, sid)
    if kept.state != "completed":
        raise _Wrong(404, 20404, "Recording not found")
    return Answer(200, file=kept.data)


def _delete_recording(network: Network, form: Form, sid: str) -> Answer:
    del network.recordings[_kept(network, sid).sid]
    return Answer(204)


def _pause(network: Network, form: Form, call: str, sid: str) -> Answer:
    kept = _kept(network, sid)
    kept.state = form.get("Status", kept.state)
    return Answer(200, {"sid": sid, "call_sid": call, "status": kept.state})


def _create_message(network: Network, form: Form) -> Answer:
    if not _NUMBER.fullmatch(form.get("To", "").removeprefix("whatsapp:")):
        raise _Wrong(400, 21211, "The 'To' number is not a valid phone number.")
    if not form.get("Body") and not form.get("ContentSid"):
        raise _Wrong(400, 21602, "Message body is required.")
    body = form.get("Body", "")
    size = 160 if body.isascii() else 70
    message = {"sid": f"SM{uuid4().hex}", "to": form["To"], "from": form.get("From", ""), "body": body}
    network.texts.append(message)
    for status in ("sent", "delivered"):
        if url := form.get("StatusCallback"):
            network.report(url, {"MessageSid": message["sid"], "MessageStatus": status, "To": form["To"]}, after=1.0)
    return Answer(201, message | {"status": "queued", "num_segments": str(max(1, -(-len(body) // size)))})


_HOME = r"/2010-04-01/Accounts/{account}"
_ROUTES: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
    ("POST", _HOME + r"/Calls\.json", _create_call),
    ("GET", _HOME + r"/Calls\.json", _calls),
    ("GET", _HOME + r"/Calls/(CA\w+)\.json", _fetch_call),
    ("POST", _HOME + r"/Calls/(CA\w+)\.json", _update_call),
    ("POST", _HOME + r"/Calls/(CA\w+)/Recordings/(RE\w+)\.json", _pause),
    ("GET", _HOME + r"/Conferences\.json", _conferences),
    ("POST", _HOME + r"/Conferences/(CF\w+)/Participants/(CA\w+)\.json", _participant),
    ("GET", _HOME + r"/Recordings/(RE\w+?)(?:\.wav|\.mp3)?", _media),
    ("DELETE", _HOME + r"/Recordings/(RE\w+)\.json", _delete_recording),
    ("POST", _HOME + r"/Messages\.json", _create_message),
)
__all__ = ["OVER", "Answer", "ReplyLost", "handle"]
