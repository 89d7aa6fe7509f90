"""helpdesk work: tiny jobs in long-lived workers, heavy ones in forks of their own, one import for all."""

import logging
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

import click
from flask import current_app
from rq import SimpleWorker, Worker
from rq.serializers import JSONSerializer

from helpdesk.background import connection
from helpdesk.cli.ground import with_app
from helpdesk.db import db
from helpdesk.embedded.process import die_with_parent

log = logging.getLogger(__name__)
LIGHT, HEAVY = ("urgent", "default"), ("bulk",)


@click.command()
@click.option("--count", default=1, show_default=True, help="How many workers take tiny jobs.")
@with_app
def work(count: int) -> None:
    """Run the jobs of the queues urgent, default and bulk until told to stop."""
    _free_of_parents()
    children = {_fork(_work_light) for _ in range(count)} | {_fork(_work_heavy)}
    told = _forward_signals(children)
    if _wait(children) and not told.is_set():
        raise SystemExit(1)


def _free_of_parents() -> None:
    """Each fork opens its own connections and ends with the process that made it."""
    engine = db.engine
    parents = {"pid": os.getpid()}

    def after_fork() -> None:
        die_with_parent(parents["pid"], signal.SIGKILL)()
        parents["pid"] = os.getpid()
        engine.dispose(close=False)

    os.register_at_fork(after_in_child=after_fork)


def _fork(run: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        run()
        status = 0
    except Exception:
        log.exception("a worker fell")  # nobody above us would tell: we leave without unwinding
    finally:
        os._exit(status)


def _work_light() -> None:
    current_app.extensions.pop("valkey", None)
    worker = SimpleWorker(LIGHT, connection=connection(), serializer=JSONSerializer)
    worker.work(logging_level="WARNING", with_scheduler=True)


def _work_heavy() -> None:
    current_app.extensions.pop("valkey", None)
    worker = Worker(HEAVY, connection=connection(), serializer=JSONSerializer)
    worker.work(logging_level="WARNING", with_scheduler=True)


def _forward_signals(children: set[int]) -> threading.Event:
    """Whoever tells us to end tells our children; set once told, for then no way to end is a bad one."""
    told = threading.Event()

    def forward(number: int, _: FrameType | None) -> None:
        told.set()
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, forward)
    return told


def _wait(children: set[int]) -> bool:
    """One child's end is everybody's: whoever started us starts all again. Whether any ended badly."""
    failed = False
    while children:
        ended, status = os.wait()
        children.discard(ended)
        failed = failed or status != 0
        for child in children:
            os.kill(child, signal.SIGTERM)
    return failed
