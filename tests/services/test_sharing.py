"""Reading work shared out between processes: in order, from connections of their own, without a way to write."""

import multiprocessing
import os

import pytest
from sqlalchemy import text

from helpdesk.db import db
from helpdesk.services import sharing

PARTS = sharing.portions(range(40), 5)


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield
        db.session.remove()


def test_results_come_in_the_order_of_the_portions_from_several_processes():
    found = list(sharing.shared_out(lambda part: (list(part), os.getpid()), PARTS, 2))
    assert [numbers for numbers, _ in found] == [list(part) for part in PARTS]
    assert len({pid for _, pid in found} - {os.getpid()}) == 2


def test_a_process_asks_the_database_by_a_connection_of_its_own():
    mine = db.session.execute(text("select pg_backend_pid()")).scalar()
    asked = sharing.shared_out(lambda _: db.session.execute(text("select pg_backend_pid()")).scalar(), PARTS, 2)
    backends = set(asked)
    assert len(backends) == 2
    assert mine not in backends
    assert db.session.execute(text("select 1")).scalar() == 1


def test_what_is_shared_out_cannot_write(capfd):
    def write(_):
        db.session.execute(text("insert into setting (key, data, changed_at) values ('x', '{}', :at)"), {"at": "now"})

    with pytest.raises(RuntimeError, match="ended early"):
        list(sharing.shared_out(write, PARTS, 2))
    assert "read-only transaction" in capfd.readouterr().err
    assert db.session.execute(text("select count(*) from setting where key = 'x'")).scalar() == 0


def test_a_process_that_dies_is_told_and_leaves_none_behind():
    def die(part):
        if 20 in part:
            os._exit(3)
        return part

    with pytest.raises(RuntimeError, match=r"ended early \(3\)"):
        list(sharing.shared_out(die, PARTS, 2))
    assert multiprocessing.active_children() == []


def test_few_portions_are_worked_off_here():
    assert set(sharing.shared_out(lambda _: os.getpid(), PARTS[:2])) == {os.getpid()}


def test_who_stops_reading_stops_the_work():
    found = sharing.shared_out(lambda part: bytes(1_000_000), PARTS, 2)
    next(found)
    found.close()
    assert multiprocessing.active_children() == []
