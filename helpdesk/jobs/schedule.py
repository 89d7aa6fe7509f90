"""What runs by the clock, as one table, and the loop of ``helpdesk clock`` that runs it under one lock."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, OperationalError

from helpdesk import clock
from helpdesk.db import db
from helpdesk.services import (
    assignment,
    bot,
    calls,
    chats,
    dialling,
    duplicates,
    handovers,
    inbox,
    inquiry,
    learning,
    majors,
    outbox,
    replay,
    retention,
    retrieval,
    reviewing,
    rulebook,
    scanning,
    scheduling,
    silence,
    slots,
    surges,
    texts,
    timers,
    trials,
    upkeep,
    waiting,
)
from helpdesk.services.callbacks import crowding
from helpdesk.services.timers import again

log = logging.getLogger(__name__)
_LOCK = 715_003_412
_LONGEST_PAUSE = 30.0


@dataclass(frozen=True)
class Periodic:
    """Something done every so many seconds, straight on PostgreSQL, so that it holds while Valkey is down."""

    name: str
    seconds: float
    act: Callable[[], object]


SCHEDULE: tuple[Periodic, ...] = (
    Periodic("sla", 1, lambda: timers.tick()),
    Periodic("sla-again", 60, lambda: again.retry()),
    Periodic("inbox", 2, lambda: inbox.nudge()),
    Periodic("outbox", 2, lambda: outbox.nudge()),
    Periodic("replies-for-later", 5, lambda: scheduling.say_due(clock.now())),
    Periodic("virus-scan", 30, lambda: scanning.nudge()),
    Periodic("outbox-sweep", 60, lambda: outbox.sweep()),
    Periodic("calls", 1, lambda: calls.tick(clock.now())),
    Periodic("calls-unseen", 300, lambda: calls.look_for_unseen(clock.now())),
    Periodic("call-recordings", 3600, lambda: calls.forget(clock.now())),
    Periodic("assignment", 2, lambda: assignment.tick()),
    Periodic("chats", 2, lambda: chats.tick()),
    Periodic("untouched-work", 60, lambda: assignment.look_after()),
    Periodic("surges", 300, lambda: surges.look(clock.now())),
    Periodic("likeness", 5, lambda: duplicates.nudge(clock.now())),
    Periodic("waiting", 30, lambda: waiting.tick()),
    Periodic("major-incidents", 10, lambda: majors.tick(clock.now())),
    Periodic("codes", 2, lambda: inquiry.send_codes(clock.now())),
    Periodic("call-backs", 2, lambda: dialling.tick(clock.now())),
    Periodic("callback-crowds", 60, lambda: crowding.watch(clock.now())),
    Periodic("callback-holds", 15, lambda: slots.forget_holds(clock.now())),
    Periodic("silence", 60, lambda: upkeep.close_silent(clock.now())),
    Periodic("texts", 5, lambda: texts.tick()),
    Periodic("absences", 5, lambda: handovers.tick()),
    Periodic("leavers", 60, lambda: handovers.sweep()),
    Periodic("ownerless", 10, lambda: handovers.adopt()),
    Periodic("silent-cases", 10, lambda: silence.tick()),
    Periodic("rulebook", 10, lambda: rulebook.start_due(clock.now())),
    Periodic("reviews", 600, lambda: reviewing.remind(clock.now())),
    Periodic("learning", 300, lambda: learning.nudge(clock.now())),
    Periodic("replay", 30, lambda: replay.nudge(clock.now())),
    Periodic("routing-trials", 60, lambda: trials.nudge(clock.now())),
    Periodic("defaults", 3600, lambda: rulebook.complete(clock.now())),
    Periodic("help-index", 60, lambda: retrieval.complete()),
    Periodic("bot-questions", 600, lambda: bot.forget(clock.now())),
    Periodic("retention", 600, lambda: retention.forget_raw(clock.now())),
    Periodic("tidy", 3600, lambda: upkeep.forget(clock.now())),
)


def run(stop: threading.Event) -> None:
    """Runs the table until told to stop. Another clock waits for the lock; a lost database is waited for."""
    pause = 0.5
    while not stop.is_set():
        try:
            with db.engine.connect() as connection:
                _lead(connection, stop)
            pause = 0.5
        except DBAPIError as error:
            log.warning("the clock lost the database", extra={"why": type(error).__name__, "again_in": pause})
            db.session.remove()
            stop.wait(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


def _lead(connection: Connection, stop: threading.Event) -> None:
    """Leads as long as the lock is ours: it goes with the connection, so a dead clock frees it."""
    held = connection.execution_options(isolation_level="AUTOCOMMIT")
    while not held.execute(text("select pg_try_advisory_lock(:key)"), {"key": _LOCK}).scalar():
        if stop.wait(1):
            return
    log.info("this clock leads")
    due = dict.fromkeys((item.name for item in SCHEDULE), 0.0)
    elapsed = 0.0
    try:
        while not stop.is_set():
            held.execute(text("select 1"))
            step(due, elapsed)
            stop.wait(1)
            elapsed += 1
    finally:
        if not held.closed and not held.invalidated:
            held.execute(text("select pg_advisory_unlock(:key)"), {"key": _LOCK})


def step(due: dict[str, float], elapsed: float) -> None:
    """Does what is due of the table; one that fails is logged and holds up nobody."""
    for item in SCHEDULE:
        if elapsed < due[item.name]:
            continue
        due[item.name] = elapsed + item.seconds
        try:
            item.act()
        except OperationalError:
            raise
        except Exception:
            log.exception("a periodic act failed", extra={"act": item.name})
        finally:
            db.session.remove()
