"""Reading work over many tickets, shared out between processes; results come in the order of the portions."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext, ForkProcess
from typing import Any, TypeVar

from sqlalchemy import text

from helpdesk.db import db

Result = TypeVar("Result")
Portion = Sequence[int]
Work = Callable[[Portion], Result]

PORTION = 500
"""Tickets looked at together: few enough that their journals fit in memory, enough that statements cost nothing."""

FEW = 4
"""Portions for which it is not worth while to fork."""

MOST = 4
"""Processes: beyond them it is the database that works."""

_READING = text("set transaction isolation level repeatable read, read only")


def portions(ids: Sequence[int], size: int = PORTION) -> list[Portion]:
    """The tickets in portions."""
    return [ids[at : at + size] for at in range(0, len(ids), size)]


def shared_out(work: Work[Result], parts: Sequence[Portion], processes: int | None = None) -> Iterator[Result]:
    """What ``work`` finds of each portion. Where there are many, a process for each core does its share.

    Each has a connection of its own, sees one moment of the database for each portion, and can write nothing.
    """
    count = processes or min(len(os.sched_getaffinity(0)), MOST)
    if count < 2 or len(parts) <= FEW:
        yield from map(work, parts)
        return
    db.session.remove()  # no child may hold the connection of ours that is in use
    context = multiprocessing.get_context("fork")
    hands = [_hand(context, work, parts[at::count]) for at in range(count)]
    try:
        for at in range(len(parts)):
            yield _received(*hands[at % count])
    finally:
        for _, ours in hands:  # all before any is waited for: the later ones hold the ends of the earlier
            ours.close()
        for process, _ in hands:
            process.join()


def _received(process: ForkProcess, ours: Connection) -> Any:
    try:
        return ours.recv()
    except EOFError:
        process.join()
        raise RuntimeError(f"a process that shared the work ended early ({process.exitcode})") from None


def _hand(context: ForkContext, work: Work[Result], parts: Sequence[Portion]) -> tuple[ForkProcess, Connection]:
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_share, args=(ours, theirs, work, parts), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def _share(unused: Connection, out: Connection, work: Work[Result], parts: Sequence[Portion]) -> None:
    """A child: it ends when nobody reads any more what it finds."""
    unused.close()
    db.engine.dispose(close=False)
    try:
        for part in parts:
            db.session.execute(_READING)
            found = work(part)
            db.session.commit()  # of nothing, but with a rollback the driver forgets what it prepared
            out.send(found)
    except BrokenPipeError:
        return
    finally:
        out.close()
        db.session.remove()
