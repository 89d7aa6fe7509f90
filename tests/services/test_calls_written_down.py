"""The machine that writes recordings down, by its contract, against a strict server on loopback."""

import json
import ssl
import threading
from dataclasses import replace
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from flask import current_app
from sqlalchemy import select

from helpdesk.db import db
from helpdesk.models.calls import Recording
from helpdesk.services.calls import transcribing
from tests.certificates import certificate_for
from tests.services.telephone import a_town, the_call
from tests.web.browsers import Browser

WORDS = "Ο κάδος στη γωνία είναι γεμάτος εδώ και τρεις ημέρες."
SURE = {"start": 0.0, "end": 4.0, "avg_logprob": -0.1, "no_speech_prob": 0.01, "text": WORDS}
FINE = {"text": WORDS, "language": "greek", "duration": 4.0, "segments": [SURE]}


class Machine(BaseHTTPRequestHandler):
    """Speaks audio transcriptions, strictly: refuses what is not exactly of the agreed form; answers as told."""

    asked: list[dict] = []  # noqa: RUF012
    told: object = FINE
    status = 200
    whole: bytes | None = None

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        parts = message_from_bytes(head + body).get_payload()
        given = {part.get_param("name", header="content-disposition"): part for part in parts}
        fields = {name: part.get_payload() for name, part in given.items() if name != "file"}
        Machine.asked.append(fields)
        file = given["file"]
        fine = self.path == "/v1/audio/transcriptions" and self.headers["Authorization"] == "Bearer secret"
        fine = fine and fields == {
            "model": "whisper", "language": fields["language"], "response_format": "verbose_json", "temperature": "0"
        }  # fmt: skip
        fine = fine and file.get_content_type() == "audio/wav" and file.get_payload(decode=True).startswith(b"RIFF")
        answer = Machine.whole or json.dumps(Machine.told).encode()
        self.send_response(Machine.status if fine else 400)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def machine(session, tmp_path):
    """The server, known as the transcriber of Greek; reset."""
    Machine.asked, Machine.told, Machine.status, Machine.whole = [], FINE, 200, None
    place = certificate_for("127.0.0.1", tmp_path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Machine)
    server.daemon_threads = False
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(place)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    before = current_app.config["SETTINGS"]
    current_app.config["SETTINGS"] = replace(
        before, private_hosts=("127.0.0.1",), transcriber_url=f"https://127.0.0.1:{server.server_port}/v1",
        transcriber_token="secret", transcriber_model="whisper", transcriber_languages=("el",),
    )  # fmt: skip
    current_app.extensions["trust"] = ssl.create_default_context(cafile=place)
    yield Machine
    current_app.config["SETTINGS"] = before
    current_app.extensions.pop("trust", None)
    server.shutdown()
    thread.join()
    server.server_close()


def written(language: str = "el"):
    return transcribing.transcribed(b"RIFF....WAVE", "audio/wav", language)


def test_what_was_said_comes_back_with_how_sure_the_machine_was(machine):
    found = written()
    assert (found.text, found.confidence) == (WORDS, 90)
    assert machine.asked[0]["language"] == "el"


def test_a_language_that_it_does_not_know_is_not_sent(machine):
    assert written("en") is None
    assert machine.asked == []


@pytest.mark.parametrize(
    "told",
    [
        FINE | {"language": "english", "text": "Thank you very much. Thank you."},
        FINE | {"segments": [SURE | {"avg_logprob": -1.4}]},
        FINE | {"segments": [SURE | {"no_speech_prob": 0.9}]},
        FINE | {"segments": []},
        FINE | {"text": "  "},
        FINE | {"text": "α" * 30_000},
        {"text": WORDS},
        ["text"],
        None,
    ],
)
def test_what_is_unsure_of_another_language_or_of_another_form_is_not_kept(machine, told):
    machine.told = told
    assert written() is None and len(machine.asked) == 1


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_a_refusal_is_no_transcript(machine, status):
    machine.status = status
    assert written() is None


def test_junk_is_no_transcript(machine):
    machine.whole = b"<html>"
    assert written() is None


def test_nothing_is_sent_where_no_machine_is_set(session):
    assert transcribing.machine() is None and written() is None


def left(town):
    """Somebody leaves a message; the recording and its call."""
    line = town.rings()
    town.wait(2)
    with town.face.lock:
        town.network.press(line, "2")
    town.wait(30)
    with town.face.lock:
        town.network.hang_up(line)
    town.wait(10)
    db.session.expire_all()
    return db.session.scalars(select(Recording)).one(), the_call(line)


def test_a_message_to_a_number_that_has_it_written_down_is_shown_as_a_machines_beside_its_sound(
    machine, client, monkeypatch
):
    with a_town(client, monkeypatch) as town:
        town.number.transcribes = True
        row, call = left(town)
        assert (row.state, row.transcript, row.confidence) == ("kept", WORDS, 90)
        page = Browser(client.application, town.agent()).open(f"/desk/tickets/{call.ticket_id}").text
        assert "Written down by a machine (90 % sure)" in page and WORDS in page
        assert f"/desk/recordings/{row.id}" in page


def test_a_message_to_any_other_number_is_not_sent(machine, client, monkeypatch):
    with a_town(client, monkeypatch) as town:
        row, _ = left(town)
        assert (row.state, row.transcript, machine.asked) == ("kept", None, [])


def test_a_machine_that_is_away_costs_the_message_nothing(machine, client, monkeypatch):
    machine.status = 500
    with a_town(client, monkeypatch) as town:
        town.number.transcribes = True
        row, _ = left(town)
        assert (row.state, row.transcript, row.deleted_there_at is not None) == ("kept", None, True)
