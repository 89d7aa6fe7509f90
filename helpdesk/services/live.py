"""What happens, told at once to whoever looks: one reader a process, a bounded queue a listener.

Staff hear of tickets, chats and presence as far as they may; a citizen hears that something was said in their chat.
"""

import json
import logging
import queue
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from flask import Flask, current_app
from redis.exceptions import RedisError
from sqlalchemy import Row, select
from sqlalchemy.exc import SQLAlchemyError

from helpdesk import background
from helpdesk.background import connection
from helpdesk.db import db, table
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor, may
from helpdesk.services import journal, scope
from helpdesk.services.news import TYPING

log = logging.getLogger(__name__)

_KEY, _TYPING = "live:desk", f"live:{TYPING}"

BACKLOG = 256
"""News a listener may be behind before it is told to read everything again."""

REPLAYED = 1000
"""News replayed to a listener that comes back; with more it reads everything again."""

_NOTICES_END = 0.3

OVERLAP = 200
"""Journal numbers read again by who polls: a fact that committed late has a smaller number than one already seen."""

_ticket = table(Ticket)


@dataclass(frozen=True)
class News:
    """Something happened on a ticket. ``id`` resumes a stream; kind ``resync``: read everything again.

    ``person``: to whom it was given or offered by the rules; in a ``chat`` who has it, of a presence whose it is.
    ``side``: who types.
    """

    id: str
    ticket: int = 0
    department: int = 0
    kind: str = "resync"
    person: int = 0
    chat: int = 0
    side: str = ""

    @property
    def topic(self) -> str:
        """What it is about: ``chat``, ``presence``, or ``news`` of tickets."""
        return "chat" if self.chat else "presence" if self.kind == "presence" else "news"

    def data(self) -> str:
        """As JSON, for the browser."""
        told = {"id": self.id, "ticket": self.ticket, "department": self.department, "kind": self.kind}
        more = {"person": self.person, "chat": self.chat, "side": self.side}
        return json.dumps(told | {name: value for name, value in more.items() if value})


RESYNC = News("")
BYE = News("", kind="bye")
"""This process ends: come back, to another."""


@dataclass(eq=False)
class Listener:
    """One open stream: who listens, when that was kept last, and what waits to be sent.

    With ``chat`` it is a citizen's, and hears of that conversation alone.
    """

    actor: Actor
    beat_at: datetime | None = None
    waiting: "queue.Queue[News]" = field(default_factory=lambda: queue.Queue(BACKLOG))
    overrun: bool = False
    chat: int = 0
    parting: bool = False

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
        self._citizens: dict[int, set[Listener]] = defaultdict(set)
        self._lock = threading.Lock()
        self._reader: threading.Thread | None = None
        self._typed = ""
        self.closing = False

    def join(self, listener: Listener) -> None:
        """Lets the listener hear from now on; starts the reader with the first."""
        with self._lock:
            (self._citizens[listener.chat] if listener.chat else self._listeners).add(listener)
            if self._reader is None or not self._reader.is_alive():
                self._reader = threading.Thread(target=self._read, args=("",), name="live", daemon=True)
                self._reader.start()
                threading.Thread(target=self._part, name="live-end", daemon=True).start()

    def _part(self) -> None:
        """When this process is told to end, everybody who listens is told at once."""
        while not self.closing:
            time.sleep(_NOTICES_END)
        with self._lock:
            everybody = [*self._listeners, *(one for many in self._citizens.values() for one in many)]
        for listener in everybody:
            listener.offer(BYE)

    def leave(self, listener: Listener) -> None:
        """Forgets the listener."""
        with self._lock:
            if listener.chat:
                self._citizens[listener.chat].discard(listener)
                if not self._citizens[listener.chat]:
                    del self._citizens[listener.chat]
            self._listeners.discard(listener)

    def _read(self, last: str) -> None:
        while not self.closing:
            try:
                last = self._carry(last) if last else self._begin_again()
                background.met(self._app)
            except (RedisError, SQLAlchemyError) as why:  # either server may be away for a while
                background.missed(self._app)
                log.warning("live stream interrupted", extra={"why": type(why).__name__})
                last = ""
                time.sleep(2)

    def _begin_again(self) -> str:
        """After an interruption nobody knows what was missed: all read everything again."""
        with self._app.app_context():
            last, self._typed = _last_id(_KEY), _last_id(_TYPING)
        self._tell_all([RESYNC], {})
        return last

    def _carry(self, last: str) -> str:
        """Waits for lines after ``last`` and hands them out; gives the id of the newest."""
        with self._app.app_context():
            wanted: dict[Any, Any] = {_KEY: last, _TYPING: self._typed}
            for stream, told in cast("list[Any]", connection().xread(wanted, count=200, block=5_000)):
                lines = [_news(id_, values) for id_, values in told]
                self._tell_all(lines, _tickets(lines))
                if _text(stream) == _KEY:
                    last = lines[-1].id
                else:
                    self._typed = lines[-1].id
        return last

    def _tell_all(self, lines: Sequence[News], tickets: Mapping[int, Row[Any]]) -> None:
        with self._lock:
            listeners = list(self._listeners)
            citizens = [(line, one) for line in lines for one in self._whom(line)]
        for line, listener in citizens:
            listener.offer(line)
        for listener in listeners:
            for line in lines:
                if _concerns(listener.actor, line, tickets):
                    listener.offer(line)

    def _whom(self, line: News) -> Sequence[Listener]:
        """The citizens whom a line concerns: by their conversation, of an interruption all."""
        if line.kind == RESYNC.kind:
            return [one for many in self._citizens.values() for one in many]
        return list(self._citizens.get(line.chat, ())) if line.chat and line.side != "citizen" else ()


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


def _last_id(stream: str) -> str:
    newest = cast("list[Any]", connection().xrevrange(stream, count=1))
    return _text(newest[0][0]) if newest else "0"


def _news(id_: Any, values: Mapping[Any, Any]) -> News:
    line = {_text(key): _text(value) for key, value in values.items()}
    ticket, department, person, chat = (int(line.get(name, 0)) for name in ("ticket", "department", "person", "chat"))
    return News(_text(id_), ticket, department, line.get("kind", ""), person, chat, line.get("side", ""))


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


_GUARDED = ("id", "department_id", "restricted", "assignee_id", "owner_id", "requester_id", "complained_of")


def _tickets(lines: Sequence[News]) -> dict[int, Row[Any]]:
    wanted = {line.ticket for line in lines} - {0}
    query = select(*(_ticket.c[name] for name in _GUARDED)).where(_ticket.c.id.in_(wanted))
    return {row.id: row for row in db.session.execute(query)} if wanted else {}


def _concerns(actor: Actor, line: News, tickets: Mapping[int, Row[Any]]) -> bool:
    """Nobody hears of a ticket that they may not read; of one that is gone nobody does."""
    if line.kind == "resync":
        return True
    if line.side:
        return line.side == "citizen" and line.person == actor.id
    if line.topic == "presence":
        return may(actor, "supervise")
    ticket = tickets.get(line.ticket)
    return ticket is not None and may(actor, "read", cast(Any, ticket))
