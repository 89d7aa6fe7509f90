"""Seeded history: as if it had been lived, on a database of its own."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from helpdesk import create_app
from helpdesk.db import db
from helpdesk.errors import Stale
from helpdesk.services import seeding
from helpdesk.services.seeding import loading, writing
from tests.builders import an_agent
from tests.checking import faults
from tests.conftest import settings_for
from tests.servers import drop_database, worker_database

NOW = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)

INDEXES = "select indexdef from pg_indexes where schemaname = 'public' order by indexdef"
CONSTRAINTS = "select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint order by 1, 2"


@pytest.fixture
def empty(worker_name: str, redis_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on an empty database that may really be committed to."""
    name = f"helpdesk_seed_{worker_name}"
    app = create_app(settings_for(worker_database(name), redis_url, tmp_path))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    drop_database(name)


def _silent(*_: object) -> None:
    return


def _rows(query: str) -> list[Any]:
    found = db.session.execute(text(query)).all()
    db.session.rollback()
    return list(found)


@pytest.mark.usefixtures("empty")
def test_leaves_what_live_work_leaves() -> None:
    seeding.sow(300, 7, NOW, _silent)
    assert faults(NOW) == []
    [facts] = _rows(
        "select count(distinct ticket_id) as tickets, count(*) / 300 as events, (select count(*) from ticket_clock) as"
        " clocks, (select count(*) filter (where is_open) from ticket) as open from ticket_event"
    )
    assert facts.tickets == 300
    assert facts.events >= 8
    assert facts.clocks == 600
    assert 30 <= facts.open <= 90


@pytest.mark.usefixtures("empty")
def test_its_words_are_found_and_the_next_ticket_gets_the_next_number() -> None:
    seeding.sow(50, 7, NOW, _silent)
    assert _rows("select 1 from message_words where words @@ to_tsquery('helpdesk', 'φωτισμος | light') limit 1")
    assert _rows("select nextval('ticket_id_seq') as next, max(id) as last from ticket")[0].next == 100_001 + 50


@pytest.mark.usefixtures("empty")
def test_the_same_seed_gives_the_same_tickets() -> None:
    seeding.sow(60, 3, NOW, _silent)
    query = "select subject, status, received_at from ticket order by id"
    first = _rows(query)
    seeding.sow(60, 3, NOW, _silent)
    assert _rows(query)[60:] == first


@pytest.mark.usefixtures("empty")
def test_builds_every_index_and_constraint_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "REBUILT_FROM", 10)
    before = _rows(INDEXES), _rows(CONSTRAINTS)
    seeding.sow(30, 7, NOW, _silent)
    assert (_rows(INDEXES), _rows(CONSTRAINTS)) == before
    assert faults(NOW) == []


@pytest.mark.usefixtures("empty")
def test_what_ends_in_the_middle_leaves_no_ticket_and_every_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "REBUILT_FROM", 10)
    monkeypatch.setattr(writing, "PORTION", 20)
    before = _rows(INDEXES), _rows(CONSTRAINTS)

    def stop(what: str, done: int, _: int) -> None:
        if what == "tickets" and done >= 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seeding.sow(100, 7, NOW, stop)
    assert (_rows(INDEXES), _rows(CONSTRAINTS)) == before
    assert _rows("select count(*) from ticket")[0].count == 0


@pytest.mark.usefixtures("empty")
def test_refuses_where_people_work_unless_told() -> None:
    an_agent()
    db.session.commit()
    with pytest.raises(Stale):
        seeding.sow(10, 7, NOW, _silent)
    assert seeding.sow(10, 7, NOW, _silent, into_own=True).tickets == 10
