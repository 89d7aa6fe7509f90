"""The live stream of the desk: after the commit, resumed, ended with its session, silent where one may not read."""

import json
import threading
import time
from http.client import HTTPConnection

import pytest
from redis import Redis
from werkzeug.serving import make_server

from helpdesk import create_app
from helpdesk.clock import now
from helpdesk.db import commit, db
from helpdesk.permissions import Actor
from helpdesk.services import access, live, rulebook, tickets
from helpdesk.web.desk import live as door
from tests.builders import NOON, a_department, a_ticket, an_administrator, an_agent
from tests.conftest import settings_for
from tests.servers import command, drop_database, worker_database
from tests.streams import end_streams


@pytest.fixture(scope="module")
def house(worker_name, redis_url, tmp_path_factory):
    """An application on a database of its own, where a commit is one."""
    name = f"live_{worker_name}"
    made = create_app(settings_for(worker_database(name), redis_url, tmp_path_factory.mktemp("live")))
    made.config.update(TESTING=True)
    with made.app_context():
        Redis.from_url(redis_url).delete(live._KEY)
        rulebook.ensure_defaults(NOON)
        commit()
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
    drop_database(name)


@pytest.fixture
def departments(house):
    """Two departments, by id."""
    with house.app_context():
        ids = [a_department().id for _ in range(2)]
        commit()
    return ids


def staff(house, department=None):
    """Somebody who works there (everywhere without one)."""
    with house.app_context():
        actor = an_agent() if department else an_administrator()
        departments = frozenset({department} if department else ())
        if department:
            db.session.execute(
                db.text("insert into membership (staff_id, department_id) values (:s, :d)"),
                {"s": actor.id, "d": department},
            )
        commit()
    return Actor(actor.kind, actor.id, actor.role, departments, name=actor.name)


class Stream:
    """An open live stream over a real socket, read by a thread of its own."""

    def __init__(self, house, port, actor, since=""):
        with house.app_context():
            self.token = access.open_session(actor.id, "live", now())
        headers = {"Accept": "text/event-stream", "Cookie": cookie_of(house, self.token)}
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self.connection.request("GET", "/live", headers=headers | ({"Last-Event-ID": since} if since else {}))
        self.answer = self.connection.getresponse()
        self.blocks, self.ended = [], threading.Event()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()
        self.wait(self.names)

    def _read(self):
        lines = []
        for line in self.answer:
            lines.append(line.decode())
            if line == b"\n":
                self.blocks.append("".join(lines))
                lines = []
        self.ended.set()

    def names(self):
        return [line[7:] for block in self.blocks for line in block.splitlines() if line.startswith("event: ")]

    def news(self):
        """The tickets that were told, with the id that resumes."""
        told = []
        for block in self.blocks:
            fields = dict(line.split(": ", 1) for line in block.strip().splitlines() if ": " in line[1:])
            if fields.get("event") == "news":
                told.append((json.loads(fields["data"])["ticket"], fields["id"]))
        return told

    def wait(self, condition, seconds=15):
        """Until the condition holds."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, self.blocks
            time.sleep(0.02)

    def hears(self, ticket):
        self.wait(lambda: ticket in [told for told, _ in self.news()])


def cookie_of(house, token):
    """What a signed-in browser sends."""
    client = house.test_client()
    with client.session_transaction() as kept:
        kept["_user_id"], kept["_fresh"] = token, True
    return f"helpdesk={client.get_cookie('helpdesk').value}"


@pytest.fixture
def opened(house):
    """Opens streams at a server of the test, and ends them with it."""
    server, streams = make_server("127.0.0.1", 0, house, threaded=True), []
    serving = threading.Thread(target=server.serve_forever, args=(0.05,))
    serving.start()

    def open_stream(actor, since=""):
        streams.append(Stream(house, server.port, actor, since))
        return streams[-1]

    yield open_stream
    end_streams(house)
    for stream in streams:
        stream.reader.join(10)
        stream.connection.close()
    server.shutdown()
    serving.join(10)
    server.server_close()


def new_ticket(house, department, **given):
    with house.app_context():
        number = a_ticket(department_id=department, **given).id
        commit()
    return number


def test_it_is_for_those_who_are_signed_in(house):
    answer = house.test_client().get("/live", headers={"Accept": "text/event-stream"})
    assert answer.status_code == 401


def test_it_says_hello_and_how_soon_to_come_back(house, opened, departments):
    stream = opened(staff(house))
    assert stream.answer.headers.get_content_type() == "text/event-stream"
    assert stream.answer.headers["X-Accel-Buffering"] == "no"
    assert stream.names()[0] == "hello" and stream.blocks[0].startswith("retry: ")


def test_news_arrive_after_the_commit_and_not_before(house, opened, departments):
    stream = opened(staff(house))
    stream.wait(lambda: "resync" in stream.names())
    with house.app_context():
        number = a_ticket(department_id=departments[0]).id
        time.sleep(0.4)
        assert number not in [told for told, _ in stream.news()]
        commit()
    stream.hears(number)
    with house.app_context():
        lost = a_ticket(department_id=departments[0]).id
        db.session.rollback()
    after = new_ticket(house, departments[0])
    stream.hears(after)
    assert lost not in [told for told, _ in stream.news()]


def test_who_comes_back_hears_what_was_missed_and_nothing_twice(house, opened, departments):
    stream = opened(staff(house))
    stream.wait(lambda: "resync" in stream.names())
    first, second, third = (new_ticket(house, departments[0]) for _ in range(3))
    stream.hears(third)
    since = dict(stream.news())[first]
    again = opened(staff(house), since)
    again.hears(third)
    told = [number for number, _ in again.news()]
    assert told == [second, third] and "resync" not in again.names()


def test_who_was_away_too_long_is_told_to_read_everything(house, opened, departments):
    stream = opened(staff(house), "1-1")
    stream.wait(lambda: "resync" in stream.names())


def test_a_restricted_ticket_of_another_department_is_never_told(house, opened, departments):
    mine, theirs = departments
    stream, other = opened(staff(house, mine)), opened(staff(house, theirs))
    stream.wait(lambda: "resync" in stream.names())
    hidden = new_ticket(house, theirs, restricted=True)
    shown = new_ticket(house, theirs)
    stream.hears(shown)
    other.hears(hidden)
    assert hidden not in [told for told, _ in stream.news()]
    since = other.news()[0][1]
    back = opened(staff(house, mine), since)
    last = new_ticket(house, mine)
    back.hears(last)
    assert hidden not in [told for told, _ in back.news()]


def test_a_revoked_sessions_stream_ends(house, opened, departments, monkeypatch):
    monkeypatch.setattr(door, "BEAT", 0.2)
    actor = staff(house)
    stream, other = opened(actor), opened(staff(house))
    with house.app_context():
        access.revoke_all(actor.id, now())
    assert stream.ended.wait(10)
    assert stream.names()[-1] == "bye" and not other.ended.is_set()


def test_news_go_on_after_the_database_was_away(house, opened, departments, worker_name, redis_url, caplog):
    stream = opened(staff(house))
    stream.wait(lambda: "resync" in stream.names())
    told = stream.names().count("resync")
    command("ALTER DATABASE {} ALLOW_CONNECTIONS false", f"live_{worker_name}")
    try:
        with house.app_context():
            db.engine.dispose()
        Redis.from_url(redis_url).xadd(live._KEY, {"ticket": 7, "department": 1, "kind": "ticket_opened"})
        stream.wait(lambda: "live stream interrupted" in caplog.text)
    finally:
        command("ALTER DATABASE {} ALLOW_CONNECTIONS true", f"live_{worker_name}")
    stream.wait(lambda: stream.names().count("resync") > told)
    stream.hears(new_ticket(house, departments[0]))


def test_a_listener_that_is_too_slow_reads_everything_again(session):
    listener = live.Listener(an_administrator())
    for number in range(live.BACKLOG + 1):
        listener.offer(live.News(f"{number}-1", number, 0, "ticket_opened"))
    assert listener.next(0) is live.RESYNC
    assert listener.next(0) is None


def test_where_there_is_no_stream_one_asks(house, departments):
    mine, theirs = departments
    actor = staff(house, mine)
    with house.app_context():
        token, since = access.open_session(actor.id, "poll", now()), live.newest_fact()
    client = house.test_client()
    with client.session_transaction() as kept:
        kept["_user_id"], kept["_fresh"] = token, True
    hidden, shown = new_ticket(house, theirs, restricted=True), new_ticket(house, mine)
    told = client.get(f"/desk/updates?since={since}").json
    numbers = [item["ticket"] for item in told["news"]]
    assert shown in numbers and hidden not in numbers and told["next"] > since
    with house.app_context():
        tickets.take(actor, shown)
    later = client.get(f"/desk/updates?since={told['next']}").json
    assert "ticket_assigned" in [item["kind"] for item in later["news"] if item["ticket"] == shown]
    assert house.test_client().get("/desk/updates").status_code == 302
