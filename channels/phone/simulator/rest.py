"""The carrier's REST as far as the official client is used here: calls, rooms, recordings, texts."""

import base64
import hmac
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from channels.phone.simulator import messages
from channels.phone.simulator.answers import NUMBER, Answer, Form, ReplyLost, Wrong, page, rfc
from channels.phone.simulator.line import OVER, Line, Status
from channels.phone.simulator.network import Kept, Network


def handle(network: Network, method: str, path: str, form: Form, authorization: str) -> Answer:
    """One request. Raises ReplyLost."""
    try:
        _let_in(network, authorization)
        for verb, pattern, act in _ROUTES:
            found = re.fullmatch(pattern.format(account=network.account), path)
            if found and verb == method:
                return act(network, form, *found.groups())
        raise Wrong(404, 20404, f"The requested resource {path} was not found")
    except Wrong as wrong:
        return wrong.answer


def _let_in(network: Network, authorization: str) -> None:
    expected = base64.b64encode(f"{network.account}:{network.token}".encode()).decode()
    if not hmac.compare_digest(authorization.removeprefix("Basic ").encode(), expected.encode()):
        raise Wrong(401, 20003, "Authenticate")
    if network.faults.refused:
        raise Wrong(403, 20005, "Account not active")


def _create_call(network: Network, form: Form) -> Answer:
    for name in ("To", "From"):
        if not NUMBER.fullmatch(form.get(name, "")):
            raise Wrong(400, 21211, f"The '{name}' number {form.get(name)} is not a valid phone number.")
    if not form.get("Url", "").startswith("http"):
        raise Wrong(400, 21205, "Url is not a valid URL")
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
    return Answer(200, page(network, "calls", [_call(network, line) for line in found]))


def _moment(told: str) -> datetime:
    return datetime.fromisoformat(told.replace("Z", "+00:00"))


def _line(network: Network, sid: str) -> Line:
    if sid not in network.lines:
        raise Wrong(404, 20404, f"The requested resource {sid} was not found")
    return network.lines[sid]


def _fetch_call(network: Network, form: Form, sid: str) -> Answer:
    return Answer(200, _call(network, _line(network, sid)))


def _update_call(network: Network, form: Form, sid: str) -> Answer:
    line = _line(network, sid)
    if line.over:
        raise Wrong(400, 21220, "Call is not in-progress. Cannot redirect.")
    if form.get("Status") in {"completed", "canceled"}:
        network.hang_up(line)
    elif form.get("Url", "").startswith("http"):
        if line.status is not Status.IN_PROGRESS:
            raise Wrong(400, 21220, "Call is not in-progress. Cannot redirect.")
        network.redirect(line, form["Url"])
    else:
        raise Wrong(400, 21218, "Invalid update")
    return Answer(200, _call(network, line))


def _call(network: Network, line: Line) -> dict[str, Any]:
    ended = line.over
    return {
        "sid": line.sid, "account_sid": network.account, "to": line.called, "from": line.caller,
        "status": line.status.value, "direction": line.direction, "api_version": "2010-04-01",
        "date_created": rfc(network.at(line.began)), "date_updated": rfc(network.at()),
        "start_time": rfc(network.at(line.began)), "end_time": rfc(network.at()) if ended else None,
        "duration": str(int(line.duration)) if ended else None, "answered_by": None, "price": None,
        "price_unit": "USD", "uri": f"/2010-04-01/Accounts/{network.account}/Calls/{line.sid}.json",
        "subresource_uris": {},
    }  # fmt: skip


def _conferences(network: Network, form: Form) -> Answer:
    room = network.rooms.get(form.get("FriendlyName", ""))
    found = [{"sid": room.sid, "friendly_name": room.name, "status": "in-progress"}] if room else []
    return Answer(200, page(network, "conferences", found))


def _participant(network: Network, form: Form, conference: str, sid: str) -> Answer:
    room = next((room for room in network.rooms.values() if room.sid == conference), None)
    line = next((line for line in room.lines if line.sid == sid), None) if room else None
    if line is None:
        raise Wrong(404, 20404, "Participant not found")
    if "Hold" in form:
        line.held = form["Hold"].lower() == "true"
        line.heard.append("♪ hold" if line.held else "[back]")
    return Answer(200, {"call_sid": sid, "conference_sid": conference, "hold": line.held, "muted": False})


def _kept(network: Network, sid: str) -> Kept:
    if sid not in network.recordings:
        raise Wrong(404, 20404, "Recording not found")
    return network.recordings[sid]


def _media(network: Network, form: Form, sid: str) -> Answer:
    kept = _kept(network, sid)
    if kept.state != "completed":
        raise Wrong(404, 20404, "Recording not found")
    return Answer(200, file=kept.data)


def _delete_recording(network: Network, form: Form, sid: str) -> Answer:
    del network.recordings[_kept(network, sid).sid]
    return Answer(204)


def _record(network: Network, form: Form, sid: str) -> Answer:
    line = _line(network, sid)
    if line.status is not Status.IN_PROGRESS or line.taped:
        raise Wrong(400, 21220, "Requested resource is not eligible for recording.")
    kept = network.record(line, form.get("RecordingStatusCallback", ""))
    line.taped = kept.sid
    return Answer(201, _recording(network, kept))


def _pause(network: Network, form: Form, call: str, sid: str) -> Answer:
    kept = _kept(network, sid)
    if form.get("Status") not in {"paused", "in-progress"}:
        raise Wrong(400, 20001, "Invalid status")
    if kept.call != call or kept.state not in {"in-progress", "paused"}:
        raise Wrong(404, 20404, "Recording not found")
    kept.pause(network.now, form["Status"] == "paused")
    return Answer(200, _recording(network, kept))


def _recording(network: Network, kept: Kept) -> dict[str, Any]:
    begun = rfc(network.at(kept.begun))
    path = f"/2010-04-01/Accounts/{network.account}/Calls/{kept.call}/Recordings/{kept.sid}.json"
    return {
        "sid": kept.sid, "account_sid": network.account, "call_sid": kept.call, "conference_sid": None,
        "status": kept.state, "channels": 1, "source": "StartCallRecordingAPI", "api_version": "2010-04-01",
        "date_created": begun, "date_updated": rfc(network.at()), "start_time": begun, "duration": None,
        "price": None, "price_unit": "USD", "error_code": None, "track": "both", "uri": path,
    }  # fmt: skip


_HOME = r"/2010-04-01/Accounts/{account}"
_ROUTES: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
    ("POST", _HOME + r"/Calls\.json", _create_call),
    ("GET", _HOME + r"/Calls\.json", _calls),
    ("GET", _HOME + r"/Calls/(CA\w+)\.json", _fetch_call),
    ("POST", _HOME + r"/Calls/(CA\w+)\.json", _update_call),
    ("POST", _HOME + r"/Calls/(CA\w+)/Recordings\.json", _record),
    ("POST", _HOME + r"/Calls/(CA\w+)/Recordings/(RE\w+)\.json", _pause),
    ("GET", _HOME + r"/Conferences\.json", _conferences),
    ("POST", _HOME + r"/Conferences/(CF\w+)/Participants/(CA\w+)\.json", _participant),
    ("GET", _HOME + r"/Recordings/(RE\w+?)(?:\.wav|\.mp3)?", _media),
    ("DELETE", _HOME + r"/Recordings/(RE\w+)\.json", _delete_recording),
    *((verb, _HOME + path, act) for verb, path, act in messages.ROUTES),
)
__all__ = ["OVER", "Answer", "ReplyLost", "handle"]
