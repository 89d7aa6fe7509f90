"""Mail under faults: killed at any line, two workers at once, poison among good: nothing lost, nothing twice."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, text, update
from sqlalchemy.exc import OperationalError

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.db import db, table
from helpdesk.models.post import Inbound, Outbound
from helpdesk.services import inbox, outbox
from helpdesk.services.outbox.settlement import FORGOTTEN
from tests.conftest import settings_for
from tests.journeys.post import a_mail, counted, office, post, processed, sent, states


@pytest.fixture
def app(worker_name: str, redis_url: str, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    with office(f"faults_{worker_name}", settings_for(database_url, redis_url, tmp_path)) as body:
        yield body


def killed_at(statement: int, work: Callable[[], object]) -> bool:
    """Runs the work in a fork that is killed when it is about to send that statement; whether it came so far."""
    db.session.remove()
    child = os.fork()
    if child == 0:
        db.engine.dispose(close=False)
        _die_at(statement)
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _die_at(statement: int) -> None:
    seen = iter(range(1, statement))

    def count(*_: object) -> None:
        if next(seen, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(db.engine, "before_cursor_execute", count)
    event.listen(db.engine, "commit", count)


def test_a_worker_killed_at_any_statement_loses_nothing_and_doubles_nothing(app):
    post(*(a_mail(f"citizen{at}@example.org") for at in range(3)))
    deaths = 0
    while killed_at(deaths + 1, inbox.process):
        deaths += 1
        assert counted("select count(*) from ticket") == 0
        assert states() == ["kept"] * 3
        db.session.remove()
    assert deaths > 10, "the whole transaction was walked through"
    assert states() == ["processed"] * 3
    assert counted("select count(*) from ticket") == 3
    assert counted("select count(*) from outbound") == 3
    assert counted("select count(distinct inbound_id) from message") == 3


def test_a_poison_mail_does_not_sink_forty_nine_good_ones(app):
    ids = post(*(a_mail(f"citizen{at}@example.org") for at in range(50)))
    poison = table(Inbound)
    db.session.execute(update(poison).where(poison.c.id == ids[20]).values(kind="telegraph"))
    ground.commit()
    processed()
    assert states().count("processed") == 49
    assert states()[20] == "unreadable"
    assert counted("select count(*) from ticket") == 49


def test_what_fails_in_the_database_is_postponed_alone_and_tried_again(app):
    db.session.execute(text("alter table message add constraint no_spoons check (text not like '%spoon%')"))
    ground.commit()
    post(a_mail(), a_mail(text="There is no spoon."), a_mail())
    processed()
    assert states() == ["processed", "kept", "processed"]
    assert counted("select attempts from inbound where state = 'kept'") == 1
    assert counted("select count(*) from ticket") == 2
    db.session.execute(text("alter table message drop constraint no_spoons"))
    db.session.execute(text("update inbound set due_at = received_at where state = 'kept'"))
    ground.commit()
    processed()
    assert states() == ["processed"] * 3


def test_a_connection_lost_in_the_middle_is_held_against_no_mail(app):
    post(a_mail(), a_mail(), a_mail())
    strikes = iter(["now"])

    def strike(connection, cursor, statement, *_):
        if "insert into ticket " in statement and next(strikes, None):
            cursor.connection.close()

    event.listen(db.engine, "before_cursor_execute", strike)
    with pytest.raises(OperationalError):
        inbox.process()
    assert counted("select count(*) from inbound where state = 'kept' and attempts = 0 and error is null") == 3
    processed()
    assert states() == ["processed"] * 3
    assert counted("select count(*) from ticket") == 3


def test_two_workers_at_once_take_each_mail_once(app):
    post(*(a_mail(f"citizen{at % 7}@example.org") for at in range(120)))
    errors: list[BaseException] = []

    def work() -> None:
        try:
            with app.app_context():
                while inbox.process(10):
                    pass
                db.session.remove()
        except BaseException as why:
            errors.append(why)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert errors == []
    assert states() == ["processed"] * 120
    assert counted("select count(*) from ticket") == 120
    assert counted("select count(*) from person") == 7


def test_a_worker_killed_in_sending_leaves_one_mail_in_doubt_which_is_not_doubled_blindly(app):
    post(*(a_mail(f"citizen{at}@example.org") for at in range(5)))
    processed()
    deaths = 0
    while killed_at(deaths + 1, outbox.deliver):
        deaths += 1
        assert counted("select count(*) from outbound where state = 'sending'") <= 1
        outbox.sweep(clock.now() + FORGOTTEN + timedelta(seconds=1))
    names = [mail["Message-ID"] for mail in sent(app)]
    assert len(names) == len(set(names)), "an automatic mail never goes out twice"
    assert counted("select count(*) from outbound where state in ('sent', 'unknown')") == 5


def test_a_humans_mail_in_doubt_goes_out_again_under_the_same_message_id(app):
    post(a_mail())
    processed()
    rows = table(Outbound)
    db.session.execute(update(rows).values(automatic=False))
    ground.commit()
    deaths = [at for at in range(1, 30) if _died_after_sending(app, at)]
    assert len(deaths) == 1, "one death fell between sending and settling"
    db.session.execute(update(rows).values(claimed_at=clock.now() - FORGOTTEN - timedelta(seconds=1)))
    ground.commit()
    outbox.sweep()
    outbox.deliver()
    names = [mail["Message-ID"] for mail in sent(app)]
    assert (len(names), len(set(names))) == (2, 1)
    assert counted("select count(*) from outbound where state = 'sent'") == 1


def _died_after_sending(app: Flask, statement: int) -> bool:
    """Kills delivery at that statement, once: a death before the mail went out is made good."""
    if sent(app):
        return False
    died = killed_at(statement, outbox.deliver)
    if not sent(app):
        rows = table(Outbound)
        db.session.execute(update(rows).values(state="waiting", attempts=0))
        ground.commit()
    return died and bool(sent(app))
