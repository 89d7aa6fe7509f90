"""Tickets that say the same: their likeness kept, those like a ticket and like a text found, floods looked for."""

import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from benchmarks.ground import Place, place
from helpdesk import clock, config, create_app
from helpdesk.db import db
from helpdesk.permissions import Actor
from helpdesk.services import duplicates, surges
from helpdesk.vocabulary import ActorKind, Role
from routing import alike

Row = dict[str, Any]
ASKED, PORTIONS, COMPARED = 40, 400, 15
CHIEF = Actor(ActorKind.STAFF, 1, Role.ADMINISTRATOR)
RARE = "like a text nobody wrote"
MOST_PAGES = 400
"""Of the database, looked at for a text of words of its own: it is found by the index (32 bands of some six pages
each), or the table has no more. In a seeded body few sentences make thousands say the same, which people's words do in
a flood only: floods (looked for among the newest `surges.MOST`) have no budget.
"""

OWN_WORDS = "Κουνουπίδια ζητούν βαλς στη Λαπωνία, ενώ ξιφίες παίζουν μπουζούκι δίπλα σε ομπρέλες."

_KEPT = text(
    "select ticket_id, words, requester_id from ticket_likeness join ticket on ticket.id = ticket_id"
    " where status <> 'merged'"
)
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
    beside = [lambda row=row: duplicates.of_ticket(CHIEF, row.id, row.requester_id) for row in rows]
    yield _row(size, "like a ticket", _timed(beside), pages=_pages(beside[0]), recall=_recall(rows[:COMPARED]))
    told = [lambda row=row: duplicates.of_text(CHIEF, row.subject, row.said) for row in rows]
    yield _row(size, "like a text", _timed(told), pages=_pages(told[0]))
    own = [lambda at=at: duplicates.of_text(CHIEF, f"{at}α", OWN_WORDS) for at in range(ASKED)]
    pages = _pages(own[0])
    yield _row(size, RARE, _timed(own), pages=pages, budget="met" if pages <= MOST_PAGES else "missed")
    yield _row(size, "floods", _timed([lambda: surges.look(now)] * 5))


def _recall(asked: Sequence[Any]) -> float:
    """How alike those are that are shown, of how alike the likeliest of all are: 1 where none is missed."""
    kept = {row.ticket_id: row for row in db.session.execute(_KEPT)}
    shown = best = 0.0
    for one in asked:
        there = [row for row in kept.values() if row.ticket_id != one.id and row.requester_id != one.requester_id]
        shares = sorted((alike(row.words, kept[one.id].words) for row in there), reverse=True)[: duplicates.SHOWN]
        found = [row for row in duplicates.of_ticket(CHIEF, one.id, one.requester_id) if not row.same_person]
        likely = [share for share in shares if share >= duplicates.ALIKE][: len(found) or duplicates.SHOWN]
        shown, best = shown + sum(row.share for row in found), best + sum(likely)
    return shown / best if best else 1.0


def _timed(acts: Sequence[Callable[[], object]]) -> list[float]:
    taken = []
    for act in acts:
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
        db.session.commit()
    return taken


def _pages(act: Callable[[], object]) -> int:
    """Pages of the database that the statements of an act look at, by their plans."""
    heard: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        heard.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    cursor = db.session.connection().connection.cursor()
    looked_at = 0
    for statement, values in heard:
        if "ticket_likeness" in statement:
            cursor.execute("explain (analyze, buffers, format json) " + statement, values)
            for (found,) in cursor.fetchall():
                looked_at += found[0]["Plan"]["Shared Hit Blocks"] + found[0]["Plan"]["Shared Read Blocks"]
    return looked_at


def _row(size: int, task: str, taken: list[float], **more: Any) -> Row:
    median = statistics.median(taken) * 1000
    return {"tickets": size, "task": task, "median_ms": median, "most_ms": max(taken) * 1000} | more
