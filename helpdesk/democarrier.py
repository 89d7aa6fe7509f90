"""The carrier of the demo: the simulated network by HTTP on this machine, with people's hands on its telephones."""

import base64
import threading
import time
from dataclasses import replace
from typing import Any

from channels import registry
from channels.phone.simulator import face, messages
from channels.phone.simulator.answers import Answer
from channels.phone.simulator.face import Door, Face
from channels.phone.simulator.line import Line
from channels.phone.simulator.network import Network, Number
from channels.phone.simulator.things import Sms
from helpdesk import clock
from helpdesk.errors import Stale
from helpdesk.services import demo
from helpdesk.services.calls import keeping, working
from helpdesk.services.demo import telephone
from helpdesk.services.texts import keeping as texts

PACE = 0.2
"""Seconds between two looks at the clock."""
SHOWN = 12
"""Lines that the page shows, the newest first."""


class Hands(Door):
    """The carrier's REST, and beside it what people do with telephones."""

    def answer(self, method: str, path: str, form: dict[str, str]) -> Answer:
        """A request of either kind."""
        if not path.startswith("/sim"):
            return super().answer(method, path, form)
        network = self.server.network
        if method == "POST":
            _do(network, path.removeprefix("/sim/"), form)
        lines = list(reversed(network.lines.values()))[:SHOWN]
        told = {"numbers": [one for one in network.numbers if one.startswith("+")]}
        told |= {"texting": [one for one, known in network.numbers.items() if known.texts]}
        texts = [_written(network, one) for one in reversed(network.texts[-SHOWN * 2 :])]
        return Answer(200, told | {"lines": [_told(line) for line in lines], "texts": texts})


def _do(network: Network, act: str, form: dict[str, str]) -> None:
    if act == "call" and form.get("called") in network.numbers:
        network.call(form.get("caller") or "Anonymous", form["called"])
    if act == "write" and form.get("called") in network.numbers:
        _write(network, form)
    line = network.lines.get(form.get("sid", ""))
    if line is None:
        return
    if act == "press":
        network.press(line, form.get("keys", ""))
    elif act == "answer":
        network.answer(line)
    elif act == "hang-up":
        network.hang_up(line)


PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""The smallest picture there is."""


def _write(network: Network, form: dict[str, str]) -> None:
    """A citizen writes, on the channel of the number they write to; perhaps with a picture."""
    to, sender = form["called"], form.get("caller") or "Anonymous"
    prefix = to.partition("+")[0]
    files = [("image/png", PHOTO)] if form.get("photo") else []
    messages.write(network, prefix + sender, to, form.get("body", "")[:1600], files, "Μαρία" if prefix else "")


def _written(network: Network, one: Sms) -> dict[str, Any]:
    at = network.at(one.made)
    return {
        "sender": one.sender, "to": one.to, "body": one.body, "inbound": one.inbound, "status": one.status,
        "error": one.error, "parts": one.parts, "at": at.isoformat(),
    }  # fmt: skip


def _told(line: Line) -> dict[str, Any]:
    return {
        "sid": line.sid, "caller": line.caller, "called": line.called, "inbound": line.direction == "inbound",
        "status": line.status.value, "over": line.over, "heard": line.heard[-5:], "together": bool(line.room),
        "held": line.held, "errors": line.errors,
    }  # fmt: skip


def build(port: int) -> Face:
    """The carrier of this body's demo; raises Stale where the body is its own."""
    account = keeping.account()
    if not demo.is_demo() or account is None or account.settings.get("account_sid") != telephone.SID:
        raise Stale("Only a demo body has a carrier of its own on this machine.", code="own-body")
    telephone.take_messages()
    network = Network(face.post, telephone.SID, telephone.token(), clock.now())
    base = working.base_of(account.id)
    told = Number(f"{base}voice/inbound", f"{base}call/status", f"{base}voice/fallback")
    network.numbers = {row.number: told for row in keeping.numbers()}
    for kind, number, address in texts.numbers():
        prefix = registry.get(kind).prefix  # type: ignore[attr-defined]
        network.numbers[prefix + number] = replace(network.numbers.get(prefix + number, told), texts=address)
    made = Face(network, port, Hands)
    network.api = made.url
    return made


def serve(made: Face, stop: threading.Event) -> None:
    """Until told to stop; its clock is the wall's."""
    threading.Thread(target=made.serve_forever, daemon=True).start()
    before = time.monotonic()
    while not stop.wait(PACE):
        now = time.monotonic()
        with made.lock:
            made.network.advance(now - before)
        before = now
    made.shutdown()
