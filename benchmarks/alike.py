"""Tickets that say the same: their likeness kept, those like a ticket and like a text found, floods looked for."""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from benchmarks.ground import Place, place
from helpdesk import clock, config, create_app
from helpdesk.db import db
from helpdesk.permissions import Actor
from helpdesk.services import duplicates, surges
from helpdesk.vocabulary import ActorKind, Role

Row = dict[str, Any]
ASKED, PORTIONS = 40, 400
CHIEF = Actor(ActorKind.STAFF, 1, Role.ADMINISTRATOR)
MOST_MS = {"like a ticket": 100.0, "like a text": 100.0, "floods": 1_500.0}
"""Of a median, in a seeded body, whose few sentences make thousands say the same; people's words do that in a flood
only. Floods are looked for among the newest `surges.MOST`, whatever there is besides."""

_SAID = text(
    """
    select ticket.id, ticket.requester_id, ticket.subject, coalesce(message.text, '') as said
    from ticket_likeness join ticket on ticket.id = ticket_likeness.ticket_id
    left join message on message.ticket_id = ticket.id and message.direction = 'inbound'
    order by ticket.id desc limit :most
    """
)


def run(sizes: tuple[int, ...] = (10_000, 100_000)) -> list[Row]:
    """A row for each task and size of a seeded body."""
    return [row for size in sizes for row in _sized(size)]


def _sized(size: int) -> list[Row]:
    with place() as body:
        body.helpdesk("seed", "--tickets", str(size))
        app = create_app(config.load(os.environ | body.environment))
        with app.app_context():
            try:
                return list(_measured(size, body))
            finally:
                db.session.remove()
                db.engine.dispose()


def _measured(size: int, body: Place) -> Iterator[Row]:
    now = clock.now()
    begun, kept = time.perf_counter(), 0
    for _ in range(PORTIONS):
        found = duplicates.index(now)
        kept += found
        if found < duplicates.PORTION:
            break
    yield _row(size, "kept, a ticket", [(time.perf_counter() - begun) / max(kept, 1)], kept=kept)
    with body.engine.begin() as connection:
        connection.execute(text("analyze"))
    rows = db.session.execute(_SAID, {"most": ASKED}).all()
    alike = [lambda row=row: duplicates.of_ticket(CHIEF, row.id, row.requester_id) for row in rows]
    yield _row(size, "like a ticket", _timed(alike), walked=_walked(alike[0]))
    told = [lambda row=row: duplicates.of_text(CHIEF, row.subject, row.said) for row in rows]
    yield _row(size, "like a text", _timed(told), walked=_walked(told[0]))
    yield _row(size, "floods", _timed([lambda: surges.look(now)] * 5))


def _timed(acts: list[Callable[[], object]]) -> list[float]:
    taken = []
    for act in acts:
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
        db.session.commit()
    return taken


def _walked(act: Callable[[], object]) -> str:
    """Tables that the statements of an act read from end to end, by their plans."""
    heard: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        heard.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    cursor = db.session.connection().connection.cursor()
    walked = set()
    for statement, values in heard:
        if "ticket_likeness" in statement:
            cursor.execute("explain " + statement, values)
            walked |= {line.split(" on ")[1].split(" ")[0] for (line,) in cursor if "Seq Scan on ticket" in line}
    return " ".join(sorted(walked))


def _row(size: int, task: str, taken: list[float], **more: Any) -> Row:
    median = statistics.median(taken) * 1000
    row: Row = {"tickets": size, "task": task, "median_ms": median, "most_ms": max(taken) * 1000} | more
    return row | ({"budget": "met" if median <= MOST_MS[task] else "missed"} if task in MOST_MS else {})
