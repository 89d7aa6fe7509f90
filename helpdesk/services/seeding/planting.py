"""Seeds a database: prepares who answers, thinks courses out, and loads tickets by COPY."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection, sql

from helpdesk.db import db
from helpdesk.errors import Stale
from helpdesk.services.seeding import ground, loading, pool, writing
from helpdesk.services.seeding.courses import Author
from helpdesk.services.seeding.pool import Pool
from helpdesk.services.seeding.sentences import FAMILY, GIVEN
from helpdesk.services.seeding.templates import Template, compiled
from helpdesk.services.seeding.writing import Order

DAYS = 365
"""How far the history reaches back."""

_MOST_COURSES = 1_000
_TICKETS_A_PERSON = 4

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Sown:
    """What was loaded."""

    tickets: int
    messages: int
    characters: int

    @property
    def mean_length(self) -> float:
        """Characters of a message."""
        return self.characters / max(self.messages, 1)


def sow(count: int, seed: int, now: datetime, progress: Progress, *, into_own: bool = False) -> Sown:
    """Loads so many tickets; the same seed at the same hour gives the same ones. All or nothing.

    The requesters have no address, so that nothing can ever be sent to them.
    Raises Stale where people work whom neither a demo nor an earlier seed brought, unless ``into_own``.
    """
    if ground.in_real_use() and not into_own:
        raise Stale("People work in this database; say --into-own-body to seed it all the same.", code="own-body")
    hour = now.replace(minute=0, second=0, microsecond=0)
    author = Author(ground.prepare(hour), random.Random(seed), hour, DAYS)  # noqa: S311 - no secret
    templates = _templates(author, min(_MOST_COURSES, max(60, count // 10)), progress)
    db.session.remove()
    with db.engine.connect() as connection:
        words = pool.load(connection)
        connection.rollback()
        raw: Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
        with raw.transaction():
            sown = _fill(raw, Order(count, seed, *_numbers(raw, templates, count, hour)), templates, words, progress)
        raw.autocommit = True
        progress("planner", 0, 1)
        loading.settle(raw)
        raw.autocommit = False
    return sown


def _templates(author: Author, count: int, progress: Progress) -> list[Template]:
    found = []
    for done in range(count):
        found.append(compiled(author.course()))
        progress("courses", done, count)
    return found


def _fill(raw: Connection[Any], order: Order, templates: list[Template], words: Pool, progress: Progress) -> Sown:
    tickets = messages = characters = 0
    source = writing.beside if order.tickets > writing.PORTION else writing.portions
    for portion in loading.load(raw, source(order, templates, words), order.tickets):
        tickets, messages = tickets + portion.tickets, messages + portion.messages
        characters += portion.characters
        progress("tickets", tickets, order.tickets)
    _move(raw, "ticket", order.ticket_id + tickets)
    _move(raw, "message", order.message_id + messages)
    return Sown(tickets, messages, characters)


def _numbers(raw: Connection[Any], templates: list[Template], count: int, at: datetime) -> tuple[int, int, list[int]]:
    """The first free numbers, held against everybody else until the commit, and the people who ask."""
    raw.execute("lock table ticket, message in share row exclusive mode")
    return _next(raw, "ticket"), _next(raw, "message"), _people(raw, max(20, count // _TICKETS_A_PERSON), at)


def _next(raw: Connection[Any], table: str) -> int:
    row = raw.execute(sql.SQL("select nextval({})").format(sql.Literal(f"{table}_id_seq"))).fetchone()
    assert row is not None
    return int(row[0])


def _move(raw: Connection[Any], table: str, to: int) -> None:
    raw.execute("select setval(%s, %s, false)", [f"{table}_id_seq", to])


def _people(raw: Connection[Any], count: int, at: datetime) -> list[int]:
    begins = at - timedelta(days=DAYS + 1)
    names = [f"{GIVEN[number % len(GIVEN)]} {FAMILY[number // len(GIVEN) % len(FAMILY)]}" for number in range(count)]
    phones = [f"+3069{number % 10_000_000:08d}" for number in range(count)]
    rows = raw.execute(
        "insert into person (name, phone, language, created_at)"
        " select name, phone, 'el', %s from unnest(%s::text[], %s::text[]) as asked(name, phone) returning id",
        [begins, names, phones],
    )
    return [row[0] for row in rows.fetchall()]
