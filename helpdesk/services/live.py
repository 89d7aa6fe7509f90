"""What happens on tickets, told at once to whoever looks: one reader a process, a bounded queue a listener."""

import json
import logging
import queue
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from flask import Flask, current_app
from redis.exceptions import RedisError
from sqlalchemy import Row, select

from helpdesk.background import connection
from helpdesk.db import db, table
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor, may
from helpdesk.services import journal, scope

log = logging.getLogger(__name__)

_KEY = "live:desk"

BACKLOG = 256
"""News a listener may be behind before it is told to read everything again."""

REPLAYED = 1000
"""News replayed to a listener that comes back; with more it reads everything again."""

OVERLAP = 200
"""Journal numbers read again by who polls: a fact that committed late has a smaller number than one already seen."""

_ticket = table(Ticket)


@dataclass(frozen=True)
class News:
    """Something happened on a ticket. ``id`` resumes a stream; kind ``resync``: read everything again.

    ``person``: to whom it was given or offered by the rules.
    """

    id: str
    ticket: int = 0
    department: int = 0
    kind: str = "resync"
    person: int = 0

    def data(self) -> str:
        """As JSON, for the browser."""
        told = {"id": self.id, "ticket": self.ticket, "department": self.department, "kind": self.kind}
        return json.dumps(told | ({"person": self.person} if self.person else {}))


RESYNC = News("")


@dataclass(eq=False)
class Listener:
    """One open stream: who listens, when that was kept last, and what waits to be sent."""

    actor: Actor
    beat_at: datetime | None = None
    waiting: "queue.Queue[News]" = field(default_factory=lambda: queue.Queue(BACKLOG))
    overrun: bool = False

    def offer(self, news: News) -> None:
        """Never blocks: who is too slow reads everything again."""
        try:
            self.waiting.put_nowait(news)
        except queue.Full:
            self.overrun = True

    def next(self, timeout: float) -> News | None:
        """The next news, or None after ``timeout`` seconds without."""
        if self.overrun:
            self._start_over()
            return RESYNC
        try:
            return self.waiting.get(timeout=timeout)
        except queue.Empty:
            return None

    def _start_over(self) -> None:
        self.overrun = False
        while not self.waiting.empty():
            self.waiting.get_nowait()


class Hub:
    """Reads the stream once for this process and hands each line to whom it concerns."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._listeners: set[Listener] = set()
        self._lock = threading.Lock()
        self._reader: threading.Thread | None = None
        self.closing = False

    def join(self, listener: Listener) -> None:
        """Lets the listener hear from now on; starts the reader with the first."""
        with self._lock:
            self._listeners.add(listener)
            if self._reader is None or not self._reader.is_alive():
                self._reader = threading.Thread(target=self._read, args=("",), name="live", daemon=True)
                self._reader.start()

    def leave(self, listener: Listener) -> None:
        """Forgets the listener."""
        with self._lock:
            self._listeners.discard(listener)

    def _read(self, last: str) -> None:
        while not self.closing:
            try:
                last = self._carry(last) if last else self._begin_again()
            except RedisError as why:
                log.warning("live stream interrupted", extra={"why": type(why).__name__})
                last = ""
                time.sleep(2)

    def _begin_again(self) -> str:
        """After an interruption nobody knows what was missed: all read everything again."""
        with self._app.app_context():
            last = _last_id()
        self._tell_all([RESYNC], {})
        return last

    def _carry(self, last: str) -> str:
        """Waits for lines after ``last`` and hands them out; gives the id of the newest."""
        with self._app.app_context():
            found = cast("list[Any]", connection().xread({_KEY: last}, count=200, block=5_000))
            if not found:
                return last
            lines = [_news(id_, values) for id_, values in found[0][1]]
            self._tell_all(lines, _tickets(lines))
        return lines[-1].id

    def _tell_all(self, lines: Sequence[News], tickets: Mapping[int, Row[Any]]) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            for line in lines:
                if _concerns(listener.actor, line, tickets):
                    listener.offer(line)


def hub() -> Hub:
    """This process's reader; one an application."""
    return cast(Hub, current_app.extensions.setdefault("live", Hub(cast(Any, current_app)._get_current_object())))


def missed(actor: Actor, since: str) -> Iterator[News]:
    """What came after the line ``since``; ``resync`` when that is too long ago or Valkey forgot it."""
    try:
        lines = cast("list[Any]", connection().xrange(_KEY, min=since, count=REPLAYED + 1))
    except RedisError:
        lines = []
    if not lines or _text(lines[0][0]) != since or len(lines) > REPLAYED:
        yield RESYNC
        return
    news = [_news(id_, values) for id_, values in lines[1:]]
    tickets = _tickets(news)
    yield from (line for line in news if _concerns(actor, line, tickets))


def newest_fact() -> int:
    """The number of the last fact in any journal: where a reader that polls begins."""
    return journal.newest()


def polled(actor: Actor, since: int, limit: int = 500) -> tuple[list[News], int]:
    """What happened after the journal's number ``since`` (some of it perhaps twice), and where to go on."""
    rows = journal.after(max(since - OVERLAP, 0), limit + 1, scope.visible(actor))
    if len(rows) > limit:
        return [RESYNC], journal.newest()
    news = [News(str(row.id), row.ticket_id, row.department_id or 0, row.type) for row in rows]
    return news, max([since, *(row.id for row in rows)])


def _last_id() -> str:
    newest = cast("list[Any]", connection().xrevrange(_KEY, count=1))
    return _text(newest[0][0]) if newest else "0"


def _news(id_: Any, values: Mapping[Any, Any]) -> News:
    line = {_text(key): _text(value) for key, value in values.items()}
    ticket, department, person = (int(line.get(name, 0)) for name in ("ticket", "department", "person"))
    return News(_text(id_), ticket, department, line.get("kind", ""), person)


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


_GUARDED = ("id", "department_id", "restricted", "assignee_id", "owner_id", "requester_id", "complained_of")


def _tickets(lines: Sequence[News]) -> dict[int, Row[Any]]:
    query = select(*(_ticket.c[name] for name in _GUARDED)).where(_ticket.c.id.in_({line.ticket for line in lines}))
    return {row.id: row for row in db.session.execute(query)}


def _concerns(actor: Actor, line: News, tickets: Mapping[int, Row[Any]]) -> bool:
    """Nobody hears of a ticket that they may not read; of one that is gone nobody does."""
    if line.kind == "resync":
        return True
    ticket = tickets.get(line.ticket)
    return ticket is not None and may(actor, "read", cast(Any, ticket))
