"""Work for later and news for now, carried by Valkey after the commit; never the truth."""

import logging
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import Any, cast

from flask import Flask, current_app
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Retry
from rq.serializers import JSONSerializer

from helpdesk.db import after_commit

QUEUES = ("urgent", "default", "bulk")
LONGEST = {"urgent": 180, "default": 180, "bulk": 3_600}
"""Seconds after which a job is ended: what is bulk may train or count for long, and holds up nothing but its like."""
log = logging.getLogger(__name__)


def connection() -> Redis:
    """The application's client of Valkey; one a process."""
    known = current_app.extensions.get("valkey")
    if known is None:
        url = current_app.config["REDIS_URL"]
        known = current_app.extensions["valkey"] = Redis.from_url(
            url, socket_timeout=10, socket_connect_timeout=2, health_check_interval=30
        )
    return cast(Redis, known)


def queue(name: str) -> Queue:
    """An RQ queue that speaks JSON, never pickle."""
    if name not in QUEUES:
        raise ValueError(f"there is no queue {name}")
    return Queue(name, connection=connection(), serializer=JSONSerializer)


def later(name: str, *args: Any, on: str = "default", retries: int = 3) -> None:
    """Runs ``helpdesk.jobs.<name>`` with ``args`` in a worker once the rows are durable.

    A job lost with Valkey is found again by the sweep: every job's work stands in a table.
    """
    after_commit(lambda: _enqueue(name, args, on, retries))


def wake(name: str, *, on: str = "default") -> None:
    """Tells workers that there is something for ``helpdesk.jobs.<name>``: once, however often it is said."""
    after_commit(lambda: wake_now(name, on=on))


def wake_now(name: str, *, on: str = "default") -> None:
    """The same outside a transaction. Valkey's absence costs only delay: the clock's sweep looks too."""

    def call() -> None:
        if connection().set(f"wake:{name}", 1, nx=True, ex=60):
            _enqueue(name, (), on, 0)

    _carry("wake not carried", call, job=name)


PAUSE = 1.0
"""Seconds in which a Valkey that did not answer is not asked again: a thousand news must not wait a thousand times."""

_AWAY = "valkey_away_until"
_MISSED = "valkey_missed_at"
LATELY = 60.0
"""Seconds after which that Valkey did not answer says nothing of now; while it is used it is found out sooner."""


def missed(app: Flask) -> None:
    """Valkey did not answer this process."""
    app.extensions[_MISSED] = monotonic()


def met(app: Flask) -> None:
    """It answers, or answers again."""
    app.extensions.pop(_MISSED, None)


def is_delayed() -> bool:
    """Whether what Valkey carries comes late now, as far as this process has met it; asks nobody."""
    at = current_app.extensions.get(_MISSED)
    return at is not None and monotonic() - at < LATELY


def _carry(failed: str, act: Callable[[], object], **about: str) -> None:
    if monotonic() < current_app.extensions.get(_AWAY, 0.0):
        return
    try:
        act()
        met(current_app)
    except RedisError as why:
        missed(current_app)
        current_app.extensions[_AWAY] = monotonic() + PAUSE
        log.warning(failed, extra={**about, "why": type(why).__name__})


def awake(name: str) -> None:
    """Said by the job first of all, so that news during its work wakes another."""
    connection().delete(f"wake:{name}")


def announce(stream: str, *news: Mapping[str, str | int]) -> None:
    """Puts lines on a live stream after the commit, all of them at once; readers resume by their ids."""
    lines: list[dict[Any, Any]] = [dict(line) for line in news]
    after_commit(lambda: _carry("news not carried", lambda: _add(stream, lines), stream=stream))


def _add(stream: str, lines: Sequence[dict[Any, Any]]) -> None:
    with connection().pipeline(transaction=False) as together:
        for line in lines:
            together.xadd(f"live:{stream}", line, maxlen=10_000, approximate=True)
        together.execute()


def _enqueue(name: str, args: tuple[Any, ...], on: str, retries: int) -> None:
    again = Retry(max=retries, interval=[10, 60, 300]) if retries else None
    job, kept = (
        f"helpdesk.jobs.{name}",
        {"result_ttl": 0, "failure_ttl": 7 * 86_400, "retry": again, "job_timeout": LONGEST[on]},
    )
    _carry("job not carried", lambda: queue(on).enqueue(job, *args, **kept), job=name)
