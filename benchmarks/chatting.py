"""Citizens and an agent for the benchmarks of the chat: conversations that run, and browsers that read them."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

from benchmarks.ground import Place
from helpdesk import clock, config, create_app
from helpdesk.db import commit, db
from helpdesk.models.people import Membership, Person, Staff
from helpdesk.services import catalogue, chats, presence
from helpdesk.services.chats import Beginning, Key


@dataclass(frozen=True)
class Cast:
    """The conversations, and the agent who has all of them, with a token of the API."""

    keys: Sequence[Key]
    agent_id: int
    token: str


def cast(at: Place, count: int) -> Cast:
    """So many conversations of one agent, whatever the hour is; nobody is held to a capacity here."""
    app = create_app(config.load(at.environment))
    with app.app_context():
        person = Person(name="Ρέα", email="rea@city.example", language="el", created_at=clock.now())
        db.session.add(person)
        db.session.flush()
        place = next(iter(catalogue.departments()))
        db.session.add(Staff(person_id=person.id, role="administrator", capacity=100_000))
        db.session.flush()
        db.session.add(Membership(staff_id=person.id, department_id=place.id))
        commit()
        presence.seen(person.id, clock.now())
        keys = [_begun(number, place.id) for number in range(count)]
        db.session.execute(db.text(_HAVE), {"agent": person.id, "at": clock.now()})
        commit()
        agent_id = person.id
        db.engine.dispose()
    return Cast(keys, agent_id, at.helpdesk("token", "create", "--for", "rea@city.example"))


_HAVE = (
    "update chat set state = 'active', agent_id = :agent, agent_seen_at = :at, accepted_at = :at, citizen_seen_at = :at"
)


def _begun(number: int, department_id: int) -> Key:
    at = clock.now()
    if number % 100 == 99:  # the house lets in so many a minute
        db.session.execute(db.text("update chat set opened_at = opened_at - interval '1 hour'"))
        commit()
    return chats.begin(Beginning(f"Καλημέρα {number}", department_id=department_id, people=True), at)


class Browser:
    """A citizen's page: comes back after every interruption with the number of the last line it has."""

    def __init__(self, port: int, key: Key) -> None:
        self.port, self.key = port, key
        self.last, self.lines, self.returns = 0, list[int](), 0
        self.stopped = False
        self.connection: HTTPConnection | None = None
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        while not self.stopped:
            with contextlib.suppress(OSError, HTTPException, ValueError, AttributeError):
                self._listen()
            self.returns += 1
            time.sleep(0.2)

    def _listen(self) -> None:
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"X-Chat-Token": self.key.token, "Last-Event-ID": str(self.last)}
        self.connection.request("GET", f"/chat/api/conversations/{self.key.id}/stream", headers=headers)
        answer = self.connection.getresponse()
        event = ""
        for raw in answer if answer.status == 200 else ():
            name, _, value = raw.decode().rstrip("\n").partition(": ")
            if name == "event":
                event = value
            elif name == "data" and event == "line":
                self._heard(int(json.loads(value)["seq"]))

    def _heard(self, seq: int) -> None:
        if seq > self.last:  # as our page does: what is known already is not shown again
            self.last = seq
            self.lines.append(seq)

    def cut(self) -> None:
        """The connection breaks."""
        sock = self.connection.sock if self.connection else None
        if sock:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


def keep_sending(port: int, path: str, line: dict[str, str], headers: dict[str, str]) -> int:
    """Sends a line under its own name until it is known to be kept; how often it had to be sent."""
    for tries in range(1, 400):
        with contextlib.suppress(OSError, HTTPException):
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
            try:
                connection.request("POST", path, json.dumps(line), {"Content-Type": "application/json", **headers})
                answer = connection.getresponse()
                answer.read()
                if answer.status in (200, 201):
                    return tries
            finally:
                connection.close()
        time.sleep(0.25)
    raise SystemExit(f"a line was never kept: {path}")
