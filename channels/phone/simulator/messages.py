"""Short messages at the simulated carrier: as strict about ours as the real one, with opt-out, window and reports."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree

from channels import segments
from channels.phone.simulator.answers import NUMBER, Answer, Form, ReplyLost, Wrong, page, rfc
from channels.phone.simulator.network import Network
from channels.phone.simulator.things import Media, Phone, Sms

LONGEST = 1600
DAY = 24 * 3600.0
_KNOWN = frozenset({"To", "From", "Body", "ContentSid", "ContentVariables", "StatusCallback", "MediaUrl"})
_WHATSAPP = "whatsapp:"
_CONTENT = re.compile(r"HX[0-9a-f]{32}")
_STOP, _START = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL"}), frozenset({"START", "UNSTOP"})


# What citizens do.


def write(
    network: Network, sender: str, to: str, body: str, files: Sequence[tuple[str, bytes]] = (), name: str = ""
) -> Sms:
    """A citizen writes to a number of ours; both with the prefix of their channel. The carrier hears opt-outs, too."""
    made = Sms(f"SM{uuid4().hex}", sender, to, body, network.now, inbound=True, status="received")
    network.texts.append(made)
    network.heard[to, sender] = network.now
    facts = {
        "MessageSid": made.sid, "SmsMessageSid": made.sid, "AccountSid": network.account, "From": sender, "To": to,
        "Body": body, "NumSegments": str(segments.count(body).parts), "ApiVersion": "2010-04-01",
        "NumMedia": str(len(files)),
    } | _opted(network, made)  # fmt: skip
    if name:
        facts["ProfileName"] = name
    for n, (content_type, data) in enumerate(files):
        kept = Media(f"ME{uuid4().hex}", made.sid, content_type, data)
        network.media_files[kept.sid] = kept
        facts |= {f"MediaUrl{n}": _address(network, kept), f"MediaContentType{n}": content_type}
    _hand_over(network, to, facts)
    return made


def _opted(network: Network, made: Sms) -> dict[str, str]:
    word, pair = made.body.strip().upper(), (made.to, made.sender)
    if word in _STOP:
        network.stopped.add(pair)
        return {"OptOutType": "STOP"}
    if word in _START:
        network.stopped.discard(pair)
        return {"OptOutType": "START"}
    return {}


def _address(network: Network, kept: Media) -> str:
    return f"{network.api}/2010-04-01/Accounts/{network.account}/Messages/{kept.message}/Media/{kept.sid}"


def _hand_over(network: Network, to: str, facts: dict[str, str]) -> None:
    """Told once, or twice where our answer got lost; whatever we answered but nothing would go to the citizen."""
    for _ in range(2 if network.faults.comes_twice() else 1):
        try:
            answer = network.courier.posted(network.numbers[to].texts, facts)
        except OSError as why:
            network.alarms.append(f"11200 {why}")
            continue
        try:
            root = ElementTree.fromstring(answer)  # noqa: S314 - our own answer
            good = root.tag == "Response" and not len(root)
        except ElementTree.ParseError:
            good = False
        if not good:
            network.alarms.append(f"12200 the answer would have gone to the citizen: {answer[:80]!r}")


# What we do.


def _create(network: Network, form: Form) -> Answer:
    _check(network, form)
    lost = network.faults.loses_reply()
    if lost and not network.faults.came_through():
        raise ReplyLost
    made = _made(network, form)
    network.texts.append(made)
    _go_on(network, made)
    if lost:
        raise ReplyLost
    return Answer(201, _told(network, made, "queued"))


def _check(network: Network, form: Form) -> None:
    if unknown := set(form) - _KNOWN:
        raise Wrong(400, 20001, f"Unknown parameters {sorted(unknown)}")
    to, sender = form.get("To", ""), form.get("From", "")
    if not NUMBER.fullmatch(to.removeprefix(_WHATSAPP)):
        raise Wrong(400, 21211, "The 'To' number is not a valid phone number.")
    if to.startswith(_WHATSAPP) is not sender.startswith(_WHATSAPP):
        raise Wrong(400, 21910, "Invalid From and To pair: both must be of one channel.")
    if sender not in network.numbers and network.numbers:
        raise Wrong(400, 21606, f"The From phone number {sender} is not a message-capable number of this account.")
    if not form.get("Body") and not form.get("ContentSid"):
        raise Wrong(400, 21602, "Message body is required.")
    if len(form.get("Body", "")) > LONGEST:
        raise Wrong(400, 21617, "The concatenated message body exceeds the 1600 character limit.")
    _check_rest(form)
    if (sender, to) in network.stopped:
        raise Wrong(400, 21610, "Attempt to send to unsubscribed recipient")


def _check_rest(form: Form) -> None:
    if (content := form.get("ContentSid")) and not _CONTENT.fullmatch(content):
        raise Wrong(400, 21655, "The ContentSid is invalid.")
    try:
        told = json.loads(form.get("ContentVariables") or "{}")
        good = isinstance(told, dict) and all(isinstance(value, str) for value in told.values())
    except ValueError:
        good = False
    if not good:
        raise Wrong(400, 21656, "The ContentVariables parameter is invalid.")
    if (tells := form.get("StatusCallback")) and not tells.startswith("http"):
        raise Wrong(400, 21609, "The StatusCallback is not a valid URL.")


def _made(network: Network, form: Form) -> Sms:
    body = form.get("Body") or f"[{form.get('ContentSid')}] {form.get('ContentVariables', '')}".strip()
    return Sms(
        f"SM{uuid4().hex}", form["From"], form["To"], body, network.now, parts=segments.count(body).parts,
        tells=form.get("StatusCallback", ""), content_sid=form.get("ContentSid", ""),
    )  # fmt: skip


def _go_on(network: Network, made: Sms) -> None:
    """How it ends, told by reports; the error's words are empty as they are at the carrier."""
    phone = network.phones.get(made.to.removeprefix(_WHATSAPP), Phone())
    states = ["sent", "delivered"] + (["read"] if made.to.startswith(_WHATSAPP) else [])
    if _shut(network, made):
        states, made.error = ["failed"], "63016"
    elif phone.fails:
        states, made.error = ["sent", "undelivered"], "30003"
    made.status = states[-1]
    for n, state in enumerate(states):
        facts = {"MessageSid": made.sid, "MessageStatus": state, "To": made.to, "From": made.sender}
        facts |= {"AccountSid": network.account, "ApiVersion": "2010-04-01"}
        if n == len(states) - 1 and made.error:
            facts |= {"ErrorCode": made.error, "ErrorMessage": ""}
        if made.tells:
            network.report(made.tells, facts, after=1.0 + n, event=state)


def _shut(network: Network, made: Sms) -> bool:
    """Free words on WhatsApp more than a day after the citizen's last."""
    if made.content_sid or not made.to.startswith(_WHATSAPP):
        return False
    last = network.heard.get((made.sender, made.to))
    return last is None or network.now - last >= DAY


def _told(network: Network, made: Sms, status: str = "") -> dict[str, Any]:
    return {
        "sid": made.sid, "account_sid": network.account, "to": made.to, "from": made.sender, "body": made.body,
        "status": status or made.status, "num_segments": str(made.parts), "num_media": str(len(made.media)),
        "direction": "inbound" if made.inbound else "outbound-api", "error_code": int(made.error or 0) or None,
        "error_message": None, "date_created": rfc(network.at(made.made)), "date_sent": None,
        "date_updated": rfc(network.at()), "price": None, "price_unit": "USD", "api_version": "2010-04-01",
        "messaging_service_sid": None, "subresource_uris": {},
        "uri": f"/2010-04-01/Accounts/{network.account}/Messages/{made.sid}.json",
    }  # fmt: skip


def _list(network: Network, form: Form) -> Answer:
    found = [
        made
        for made in reversed(network.texts)
        if made.to == form.get("To", made.to) and made.sender == form.get("From", made.sender)
    ]
    return Answer(200, page(network, "messages", [_told(network, made) for made in found]))


def _fetch(network: Network, form: Form, sid: str) -> Answer:
    made = next((one for one in network.texts if one.sid == sid), None)
    if made is None:
        raise Wrong(404, 20404, f"The requested resource {sid} was not found")
    return Answer(200, _told(network, made))


def _kept(network: Network, message: str, sid: str) -> Media:
    kept = network.media_files.get(sid)
    if kept is None or kept.message != message:
        raise Wrong(404, 20404, "Media not found")
    return kept


def _media(network: Network, form: Form, message: str, sid: str) -> Answer:
    kept = _kept(network, message, sid)
    return Answer(200, file=kept.data, content_type=kept.content_type)


def _delete_media(network: Network, form: Form, message: str, sid: str) -> Answer:
    del network.media_files[_kept(network, message, sid).sid]
    return Answer(204)


ROUTES: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
    ("POST", r"/Messages\.json", _create),
    ("GET", r"/Messages\.json", _list),
    ("GET", r"/Messages/(SM\w+)\.json", _fetch),
    ("GET", r"/Messages/(\w+)/Media/(ME\w+)", _media),
    ("DELETE", r"/Messages/(\w+)/Media/(ME\w+)\.json", _delete_media),
)
