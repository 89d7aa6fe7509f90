"""The official client's requests and the simulator's answers, held to what is agreed and to what is published."""

import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from channels.carrier import Dial, Text
from channels.phone.simulator import rest
from channels.phone.simulator.face import Door, Face
from channels.phone.simulator.network import Network, Number, Phone
from channels.twilio_carrier import Account, TwilioCarrier
from tests.channels.carrier_contract import VERBS, Seen, faults, published, verb_of

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ACCOUNT, TOKEN = "AC" + "0" * 32, "t" * 32
OURS, THEIRS = "+302101000001", "+306944123456"
PUBLISHED = os.environ.get("HELPDESK_CARRIER_OPENAPI", "")
"""Where a copy of the carrier's own description lies (twilio_api_v2010.json, which it publishes); none is kept here."""


class Listening(Door):
    """The carrier's door, which notes all that goes through."""

    seen: list[Seen]

    def _do(self, method: str) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fields = tuple(parse_qsl(parts.query) + parse_qsl(body.decode()))
        with self.server.lock:
            answer = rest.handle(
                self.server.network, method, parts.path, dict(fields), self.headers.get("Authorization", "")
            )
        type(self).seen.append(Seen(method, parts.path, fields, answer.status, answer.told))
        self._send(answer)


@pytest.fixture(scope="module")
def traffic() -> list[Seen]:
    """Everything that we ever ask of a carrier, asked once."""
    words = {
        "out": "<Response><Dial><Conference>r</Conference></Dial></Response>",
        "status": "", "tape": "", "done": "<Response><Hangup/></Response>",
    }  # fmt: skip
    network = Network(lambda url, body, headers: (200, words[url.rsplit("/", 1)[-1]].encode()), ACCOUNT, TOKEN, NOW)
    network.numbers[OURS] = Number("http://us/in", "http://us/status", "http://us/fallback")
    network.phones[THEIRS] = Phone(answers=1)
    Listening.seen = []
    face = Face(network, 0, Listening)
    thread = threading.Thread(target=face.serve_forever)
    thread.start()
    try:
        _everything(network, TwilioCarrier(Account(ACCOUNT, TOKEN, face.url)))
    finally:
        face.shutdown()
        thread.join()
        face.server_close()
    return Listening.seen


def _everything(network: Network, ours: TwilioCarrier) -> None:
    sid = ours.dial(Dial(THEIRS, OURS, "http://us/out", "http://us/status", "k", "http://us/fallback"))
    network.advance(3)
    ours.call(sid)
    ours.calls(THEIRS, OURS, NOW)
    ours.calls(THEIRS, "", NOW)
    ours.hold("r", sid, True)
    recording = ours.record(sid, "http://us/tape")
    ours.pause_recording(sid, recording, True)
    ours.pause_recording(sid, recording, False)
    ours.redirect(sid, "http://us/out")
    ours.hang_up(sid)
    ours.call(sid)
    ours.calls(THEIRS, OURS, NOW)
    ours.delete_recording(recording)
    ours.send_sms(Text(THEIRS, OURS, "Καλημέρα", status_url="http://us/status"))


def test_every_verb_of_the_agreement_is_used_and_nothing_else(traffic):
    assert {id(verb_of(one)) for one in traffic} == {id(verb) for verb in VERBS}


def test_requests_and_answers_are_as_agreed(traffic):
    assert [fault for one in traffic for fault in faults(one)] == []


def test_what_is_not_as_agreed_is_found():
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
    call = dict.fromkeys(("sid", "to"), "CA") | {"status": "ended"}
    found = faults(Seen("POST", path, (("To", "12"), ("Speed", "9")), 201, call))
    assert any("lacks Url" in one for one in found) and any("Speed" in one for one in found)
    assert any("status='ended'" in one for one in found) and any("To='12'" in one for one in found)
    assert faults(Seen("GET", "/2010-04-01/Accounts/AC/Queues.json", (), 200, {}))


@pytest.mark.skipif(not PUBLISHED, reason="HELPDESK_CARRIER_OPENAPI names no copy of the carrier's description")
def test_requests_and_answers_are_as_the_carrier_publishes(traffic):
    document = json.loads(Path(PUBLISHED).read_text(encoding="utf-8"))
    assert [fault for one in traffic for fault in published(document, one)] == []
