"""A deadline that comes: warned and breached exactly once, by two clocks at once, after an outage, without Valkey."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import event, text, update
from sqlalchemy.exc import OperationalError

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.background import connection
from helpdesk.db import db, table
from helpdesk.jobs import schedule
from helpdesk.models.rulebook import Rulebook
from helpdesk.models.tickets import Ticket
from helpdesk.services import journal, replies, rulebook, timers
from helpdesk.vocabulary import RulebookKind
from tests.builders import a_ticket, an_agent
from tests.conftest import settings_for
from tests.journeys.post import a_mail, counted, department, office, post

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = {"tz": "UTC", "hours": {day: [["00:00", "24:00"]] for day in DAYS}}
HOUR = timedelta(hours=1)


@pytest.fixture
def app(worker_name: str, redis_url: str, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A body that never closes and promises a first answer within an hour, a resolution within two."""
    with office(f"breach_{worker_name}", settings_for(database_url, redis_url, tmp_path)) as body:
        steps = [{"at": "80%", "do": "warn"}, {"at": 0, "do": "breach"}]
        targets = [
            {"clock": name, "seconds": 3600 * at, "steps": steps}
            for at, name in enumerate(("first_response", "resolution"), start=1)
        ]
        rulebook.enact(RulebookKind.CALENDAR, "default", ALWAYS, at=clock.now())
        rulebook.enact(RulebookKind.POLICY, "default", {"targets": targets}, at=clock.now())
        yield body


def received(*ages: timedelta) -> list[int]:
    """Tickets received so long ago, committed."""
    made = [a_ticket(received_at=clock.now() - age, department_id=department("water").id).id for age in ages]
    ground.commit()
    return made


def at_once(app: Flask, count: int, act: Callable[[], int]) -> list[int]:
    """Runs it in so many threads, each with its own connection, begun together."""
    begin = threading.Barrier(count)

    def run() -> int:
        with app.app_context():
            begin.wait()
            try:
                return act()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(count) as pool:
        return [done.result() for done in [pool.submit(run) for _ in range(count)]]


def fired(ticket_id: int) -> list[tuple[str, str]]:
    db.session.rollback()
    facts = (fact.event for fact in journal.of(ticket_id) if fact.type == "clock_step_fired")
    return [(event.clock, event.do) for event in facts]


def eventually(holds: Callable[[], bool]) -> None:
    for _ in range(100):
        db.session.rollback()
        with suppress(OperationalError):  # a connection of ours may be among those that were ended
            if holds():
                return
        threading.Event().wait(0.1)
    raise AssertionError("it never came to hold")


class Clock:
    """``helpdesk clock`` in a thread."""

    def __init__(self, app: Flask) -> None:
        self.stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(app,))
        self._thread.start()

    def _run(self, app: Flask) -> None:
        with app.app_context():
            schedule.run(self.stop)

    def end(self) -> None:
        self.stop.set()
        self._thread.join(20)
        assert not self._thread.is_alive()


@pytest.fixture
def clocks(app: Flask) -> Iterator[Callable[[], Clock]]:
    running: list[Clock] = []

    def start() -> Clock:
        running.append(Clock(app))
        return running[-1]

    yield start
    for item in running:
        item.end()


def test_a_deadline_is_warned_of_and_then_missed_once_however_often_two_clocks_tick(app):
    [number] = received(timedelta())
    start = db.session.get(Ticket, number).received_at
    for minutes, steps in ((30, 0), (49, 1), (61, 1), (97, 1), (121, 1), (500, 0)):
        now = start + timedelta(minutes=minutes)
        assert sum(at_once(app, 2, lambda now=now: timers.tick(now))) == steps
    assert fired(number) == [
        ("first_response", "warn"),
        ("first_response", "breach"),
        ("resolution", "warn"),
        ("resolution", "breach"),
    ]
    assert counted("select count(*) from ticket_clock where state = 'breached' and breached_at = due_at") == 2


def test_four_clocks_share_two_hundred_missed_deadlines_without_one_twice(app):
    numbers = received(*(3 * HOUR for _ in range(100)))
    shares = at_once(app, 4, timers.tick)
    assert sum(shares) == 400
    assert counted("select count(*) from clock_step") == 400
    assert counted("select count(*) from ticket_event where type = 'clock_step_fired'") == 400
    assert all(len(fired(number)) == 4 for number in numbers)
    assert list(timers.verify()) == []


def test_after_an_hour_without_a_clock_all_steps_fire_in_order_marked_late(app):
    [number] = received(3 * HOUR)
    assert timers.tick() == 4
    db.session.rollback()
    facts = [fact.event for fact in journal.of(number) if fact.type == "clock_step_fired"]
    assert [event.due_at for event in facts] == sorted(event.due_at for event in facts)
    assert [event.late_seconds // 60 for event in facts] == [132, 120, 84, 60]


def test_an_answer_in_the_same_moment_as_the_tick_gives_one_truth(app):
    agent = an_agent(department("water"))
    numbers = received(*(HOUR - timedelta(seconds=1) for _ in range(12)))
    after = clock.now() + timedelta(seconds=5)
    with ThreadPoolExecutor(2) as pool:
        ticking = pool.submit(_in(app, lambda: timers.tick(after)))
        answering = pool.submit(_in(app, lambda: [replies.reply(agent, number, "Ερχόμαστε.") for number in numbers]))
        ticking.result()
        answering.result()
    assert counted("select count(*) from ticket_clock where name = 'first_response' and stopped_at is null") == 0
    assert list(timers.verify(after)) == []


def _in(app: Flask, act: Callable[[], object]) -> Callable[[], object]:
    def run() -> object:
        with app.app_context():
            try:
                return act()
            finally:
                db.session.remove()

    return run


def test_what_a_tick_costs_depends_on_what_is_due_and_not_on_what_is_open(app):
    received(*(timedelta() for _ in range(60)))
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert timers.tick() == 0
    assert len(asked) == 1


def test_a_ticket_that_cannot_be_computed_holds_up_nobody(app):
    good, bad = received(3 * HOUR, 3 * HOUR)
    db.session.execute(text("alter table ticket_event disable trigger user"))
    rows = table(Rulebook)
    other = rulebook.enact(RulebookKind.CALENDAR, "broken", ALWAYS, at=clock.now())
    db.session.execute(
        text("update ticket_event set data = jsonb_set(data, '{calendar_id}', to_jsonb(cast(:id as bigint)))"
             " where ticket_id = :bad and type = 'clock_started'"), {"id": other.id, "bad": bad},
    )  # fmt: skip
    db.session.execute(update(rows).where(rows.c.id == other.id).values(data={"tz": "Nowhere/At-All"}))
    ground.commit()
    app.extensions.pop("rulebook_versions", None)
    assert timers.tick() == 4
    assert len(fired(good)) == 4
    [(number, why)] = timers.set_aside()
    assert number == bad
    assert "Nowhere" in why or "tz" in why
    assert timers.tick() == 0


def test_the_clock_fires_what_is_due_and_a_second_one_stands_by(app, clocks):
    [number] = received(3 * HOUR)
    first, _ = clocks(), clocks()
    eventually(lambda: len(fired(number)) == 4)
    first.end()
    [other] = received(3 * HOUR)
    eventually(lambda: len(fired(other)) == 4)


def test_the_clock_survives_the_loss_of_its_database_connections(app, clocks):
    clocks()
    [number] = received(3 * HOUR)
    eventually(lambda: len(fired(number)) == 4)
    with db.engine.connect() as rescue:
        others = "pid <> pg_backend_pid() and datname = current_database()"
        kill = f"select count(pg_terminate_backend(pid)) from pg_stat_activity where {others}"
        db.session.remove()
        rescue.execute(text(kill))
    db.engine.dispose()
    [other] = received(3 * HOUR)
    eventually(lambda: len(fired(other)) == 4)


def test_deadlines_hold_while_valkey_is_away_and_kept_mail_is_waked_for_when_it_is_back(app, clocks):
    post(a_mail())
    app.extensions["valkey"] = Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=1)
    clocks()
    [number] = received(3 * HOUR)
    eventually(lambda: len(fired(number)) == 4)
    app.extensions.pop("valkey")
    connection().flushdb()
    eventually(lambda: bool(connection().llen("rq:queue:default")))
