"""The carrier of the demo: the simulated network by HTTP on this machine, with people's hands on its telephones."""

import threading
import time
from typing import Any

from channels.phone.simulator import face
from channels.phone.simulator.answers import Answer
from channels.phone.simulator.face import Door, Face
from channels.phone.simulator.line import Line
from channels.phone.simulator.network import Network, Number
from helpdesk import clock
from helpdesk.errors import Stale
from helpdesk.services import demo
from helpdesk.services.calls import keeping, working
from helpdesk.services.demo import telephone

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
        return Answer(200, {"numbers": list(network.numbers), "lines": [_told(line) for line in lines]})


def _do(network: Network, act: str, form: dict[str, str]) -> None:
    if act == "call" and form.get("called") in network.numbers:
        network.call(form.get("caller") or "Anonymous", form["called"])
    line = network.lines.get(form.get("sid", ""))
    if line is None:
        return
    if act == "press":
        network.press(line, form.get("keys", ""))
    elif act == "answer":
        network.answer(line)
    elif act == "hang-up":
        network.hang_up(line)


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
    network = Network(face.post, telephone.SID, telephone.token(), clock.now())
    base = working.base_of(account.id)
    told = Number(f"{base}voice/inbound", f"{base}call/status", f"{base}voice/fallback")
    network.numbers = {row.number: told for row in keeping.numbers()}
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
