"""Connections of the pool: a dead one is replaced before anybody notices, a fresh one is not asked."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from helpdesk import connections
from helpdesk.db import db


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"), pool_size=1,
                           pool_events=connections.POOL_EVENTS)  # fmt: skip
    yield engine
    engine.dispose()


def process_of(engine: Engine) -> int:
    """The server's process behind the one connection."""
    with engine.connect() as connection:
        return int(connection.execute(text("select pg_backend_pid()")).scalar_one())


def end(engine: Engine, process: int) -> None:
    """Ends that process, as a database does that stops."""
    other = create_engine(engine.url, poolclass=NullPool)
    with other.connect() as connection:
        connection.execute(text("select pg_terminate_backend(:process, 5000)"), {"process": process})


def test_a_connection_that_died_while_it_lay_idle_is_replaced(engine, monkeypatch):
    monkeypatch.setattr(connections, "IDLE", 0.0)
    before = process_of(engine)
    end(engine, before)
    assert process_of(engine) != before


def test_a_connection_that_was_just_used_is_believed_and_its_death_refuses_one_alone(engine, monkeypatch):
    monkeypatch.setattr(connections, "IDLE", 60.0)
    before = process_of(engine)
    end(engine, before)
    with pytest.raises(OperationalError):
        process_of(engine)
    assert process_of(engine) != before


def test_a_living_connection_stays_and_is_handed_out_without_a_transaction(engine, monkeypatch):
    monkeypatch.setattr(connections, "IDLE", 0.0)
    before = process_of(engine)
    with engine.connect() as connection:
        assert connection.connection.dbapi_connection.autocommit is False
    assert process_of(engine) == before


def test_what_is_prepared_outlives_the_requests_that_read(app):
    with app.app_context():
        db.engine.dispose()  # so that all requests meet one connection
    client = app.test_client()
    for _ in range(8):
        assert client.get("/health/ready").status_code == 200
    with app.app_context(), db.engine.connect() as connection:
        prepared = connection.execute(text("select statement from pg_prepared_statements")).scalars().all()
    assert any("select 1" in statement.lower() for statement in prepared)
