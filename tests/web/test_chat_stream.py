"""A conversation's stream on real sockets: each line once, in order, whatever breaks off; nothing for strangers."""

import contextlib
import json
import random
import socket
import threading
import time
from http.client import HTTPConnection, HTTPException

import pytest
from redis import Redis
from werkzeug.serving import make_server

from helpdesk import create_app
from helpdesk.clock import now
from helpdesk.db import commit, db
from helpdesk.models.chats import ChatLine
from helpdesk.services import chats, live, presence, rulebook
from helpdesk.services.chats import Beginning, typing
from helpdesk.web.chat import stream as door
from tests.builders import NOON, a_department
from tests.conftest import settings_for
from tests.servers import drop_database, worker_database
from tests.services.crew import a_member
from tests.streams import end_streams


@pytest.fixture(scope="module")
def house(worker_name, redis_url, tmp_path_factory):
    """An application on a database of its own, where a commit is one."""
    name = f"chat_{worker_name}"
    made = create_app(settings_for(worker_database(name), redis_url, tmp_path_factory.mktemp("chat")))
    made.config.update(TESTING=True, RATELIMIT_ENABLED=False)
    with made.app_context():
        rulebook.ensure_defaults(NOON)
        commit()
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
    drop_database(name)


@pytest.fixture
def port(house):
    """A server of the application for the time of a test."""
    server = make_server("127.0.0.1", 0, house, threaded=True)
    serving = threading.Thread(target=server.serve_forever, args=(0.05,))
    serving.start()
    yield server.port
    end_streams(house)
    server.shutdown()
    serving.join()
    server.server_close()


class Reader:
    """A citizen's browser: comes back after every interruption with the number of the last line it has."""

    def __init__(self, port, key):
        self.port, self.key = port, key
        self.last, self.lines, self.events = 0, [], []
        self.stop, self.connection = threading.Event(), None
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self):
        while not self.stop.is_set():
            try:
                self._listen()
            except (OSError, HTTPException, ValueError, AttributeError):
                time.sleep(0.02)

    def _listen(self):
        if self.connection:
            self.connection.close()
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"X-Chat-Token": self.key.token, "Last-Event-ID": str(self.last)}
        self.connection.request("GET", f"/chat/api/conversations/{self.key.id}/stream", headers=headers)
        answer = self.connection.getresponse()
        assert answer.status == 200, answer.status
        fields = {}
        for raw in answer:
            line = raw.decode().rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            else:
                self._hear(fields)
                fields = {}

    def _hear(self, fields):
        if fields.get("event"):
            self.events.append(fields["event"])
        if fields.get("event") == "line":
            told = json.loads(fields["data"])
            if told["seq"] > self.last:
                self.last = told["seq"]
                self.lines.append(told["seq"])

    def cut(self):
        """The connection breaks."""
        if self.connection and self.connection.sock:
            with contextlib.suppress(OSError):
                self.connection.sock.shutdown(socket.SHUT_RDWR)

    def wait(self, condition, seconds=20):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, (self.lines, self.events)
            time.sleep(0.02)

    def end(self):
        self.stop.set()
        self.cut()
        self.thread.join(5)
        self.connection.close()


@pytest.fixture
def talk(house, port):
    """A conversation between a citizen's browser and an agent who is there."""
    with house.app_context():
        place = a_department()
        agent = a_member(place)
        commit()
        presence.seen(agent.id, now())
        key = chats.begin(Beginning("Καλημέρα", department_id=place.id), now())  # whatever the hour is
        db.session.execute(db.text("update chat set state = 'active', agent_id = :a, agent_seen_at = :t where id = :i"),
                           {"a": agent.id, "i": key.id, "t": now()})  # fmt: skip
        commit()
    reader = Reader(port, key)
    yield key, agent, reader
    reader.end()


def test_what_the_agent_says_is_there_at_once_and_typing_too(house, talk):
    key, agent, reader = talk
    reader.wait(lambda: "standing" in reader.events)
    before = reader.last
    with house.app_context():
        chats.answer(agent, key.id, "Έρχεται συνεργείο.")
        typing.tell(key.id, "agent")
    started = time.monotonic()
    reader.wait(lambda: reader.last > before)
    assert time.monotonic() - started < 2
    reader.wait(lambda: "typing" in reader.events)


def test_a_stranger_gets_no_stream(port, talk):
    key, *_ = talk
    for headers in ({}, {"X-Chat-Token": "x" * 43}):
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", f"/chat/api/conversations/{key.id}/stream", headers=headers)
        assert connection.getresponse().status == 404
        connection.close()


def test_a_key_that_is_no_longer_good_ends_its_stream(house, talk, monkeypatch):
    monkeypatch.setattr(door, "LOOKS", 0.2)
    key, _, reader = talk
    reader.wait(lambda: "standing" in reader.events)
    reader.stop.set()
    with house.app_context():
        db.session.execute(db.text("update chat set token_hash = 'another' where id = :i"), {"i": key.id})
        commit()
    reader.wait(lambda: "bye" in reader.events)


def test_a_line_that_valkey_never_told_is_read_all_the_same(house, talk, monkeypatch):
    monkeypatch.setattr(door, "LOOKS", 0.3)
    key, agent, reader = talk
    reader.wait(lambda: "standing" in reader.events)
    with house.app_context(), monkeypatch.context() as silent:
        silent.setattr("helpdesk.services.chats.holding.announce", lambda *_: None)
        kept = chats.answer(agent, key.id, "Μ' ακούτε;")
    reader.wait(lambda: reader.last == kept.seq)


def test_a_hundred_interruptions_lose_repeat_and_disorder_nothing(house, port, talk, redis_url, monkeypatch):
    monkeypatch.setattr(door, "LOOKS", 1.0)
    key, agent, reader = talk
    dice = random.Random(7)
    with house.app_context():
        for number in range(100):
            side, name = dice.choice("ab"), f"line-{number}"
            for _ in range(dice.choice((1, 1, 2))):  # who did not hear the answer sends it again
                if side == "a":
                    chats.say(key, f"πολίτης {number}", client_id=name, at=now())
                else:
                    chats.answer(agent, key.id, f"υπάλληλος {number}", client_id=name)
            db.session.execute(db.text("update chat_line set at = at - interval '2 minutes' where chat_id = :i"),
                               {"i": key.id})  # fmt: skip
            commit()
            if dice.random() < 0.6:
                reader.cut()
            if number == 50:
                Redis.from_url(redis_url).delete(live._KEY)
        db.session.expire_all()
        kept = db.session.query(ChatLine.seq).filter_by(chat_id=key.id).order_by(ChatLine.seq).all()
    wanted = [row.seq for row in kept]
    assert wanted == list(range(1, len(wanted) + 1)) and len(wanted) >= 102
    reader.wait(lambda: reader.last == wanted[-1])
    assert reader.lines == wanted


def test_the_desk_hears_of_chats_it_may_see(house, talk):
    _, agent, _ = talk
    listener = live.Listener(agent)
    with house.app_context():
        news = live.News("1-1", 0, 0, "chat_line", agent.id, 1)
        assert news.topic == "chat" and not live._concerns(agent, news, {})
        assert live._concerns(agent, live.News("", kind="typing", chat=1, side="citizen", person=agent.id), {})
    assert listener.next(0) is None
