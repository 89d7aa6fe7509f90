"""Fifty people who want the last places of a window at the same moment: none is promised twice."""

import json
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.serving import make_server

from helpdesk import clock, create_app
from helpdesk.db import commit, db
from helpdesk.errors import Stale
from helpdesk.models.callbacks import CallbackPromise, CallbackSlot
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM
from helpdesk.services import asking_calls, catalogue, rulebook, slots, tokens
from helpdesk.services.asking_calls import Asked
from tests.builders import NOON, a_department, an_account, an_agent, calls_back
from tests.conftest import settings_for


@pytest.fixture
def house(own_database: str, redis_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of its own, since what is committed here stays."""
    app = create_app(settings_for(own_database, redis_url, tmp_path))
    yield app
    with app.app_context():
        db.engine.dispose()


def at_once(house: Flask, acts) -> Counter[str]:
    """Runs them all at the same moment; how often each went which way."""
    start, ends, lock = threading.Barrier(len(acts)), Counter(), threading.Lock()

    def run(act) -> None:
        with house.app_context():
            start.wait(60)
            try:
                act()
                end = "done"
            except Stale as refused:
                end = refused.code
            with lock:
                ends[end] += 1

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return ends


def prepared(house: Flask):
    with house.app_context():
        rulebook.ensure_defaults(NOON)
        an_account(is_default=True)
        place = calls_back(a_department(), slot_minutes=60)
        an_agent(place)
        commit()
        return place.id, slots.offered(place.id, NOON)[0]


def test_fifty_bookings_at_once_leave_no_window_overbooked(house):
    place, window = prepared(house)

    def ask(number: int):
        return lambda: asking_calls.ask(
            SYSTEM, Asked(place, window.begins_at, f"69123456{number:02}", f"Πολίτης {number}"), at=NOON
        )

    ends = at_once(house, [ask(number) for number in range(50)])
    assert ends == {"done": window.capacity, "slot-full": 50 - window.capacity}
    with house.app_context():
        [row] = db.session.execute(select(CallbackSlot.booked, CallbackSlot.capacity)).all()
        assert row.booked == row.capacity == window.capacity == 6
        for model in (CallbackPromise, Ticket):
            assert db.session.execute(select(func.count()).select_from(model)).scalar() == window.capacity


def test_one_number_asks_ten_times_at_once_and_is_promised_one_call(house):
    place, window = prepared(house)
    asked = Asked(place, window.begins_at, "6912345678", "Πολίτης")
    ends = at_once(house, [lambda: asking_calls.ask(SYSTEM, asked, at=NOON)] * 10)
    assert ends == {"done": 1, "call-asked": 9}


@contextmanager
def answering(house: Flask) -> Iterator[str]:
    """The application behind a real port, a thread for each request; its address."""
    server = make_server("127.0.0.1", 0, house, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join(60)
        server.server_close()


def token_of(house: Flask) -> str:
    """What lets a program book for citizens."""
    with house.app_context():
        person = next(iter(catalogue.current().colleagues.values()))
        made = tokens.create(person.email, at=NOON)
        commit()
        return made


def test_fifty_bookings_by_http_at_once_leave_no_window_overbooked(house):
    place, _window = prepared(house)
    token = token_of(house)
    with house.app_context():
        key = catalogue.current().departments[place].key
        window = slots.offered(place, clock.now())[3]

    def post(url: str, number: int) -> None:
        begins, phone = window.begins_at.isoformat(), f"69123456{number:02}"
        body = {"department": key, "begins_at": begins, "phone": phone, "name": "Άννα"}
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{url}/api/v1/callbacks", json.dumps(body).encode(), headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=120):
                return
        except urllib.error.HTTPError as refused:
            with refused:
                raise Stale("", code=json.load(refused)["code"]) from None

    with answering(house) as url:
        ends = at_once(house, [partial(post, url, number) for number in range(50)])
    assert ends == {"done": window.capacity, "slot-full": 50 - window.capacity}
    with house.app_context():
        [row] = db.session.execute(select(CallbackSlot.booked, CallbackSlot.capacity)).all()
        assert row.booked == row.capacity == window.capacity
        assert db.session.execute(select(func.count()).select_from(CallbackPromise)).scalar() == window.capacity
