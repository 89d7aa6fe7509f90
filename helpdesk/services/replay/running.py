"""Workers' part: goes on where a piece of work stands, notes each portion, and lets others have their turns."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Row, Table

from helpdesk import clock
from helpdesk.db import db, unit
from helpdesk.services import rulebook, sharing, timers
from helpdesk.services.replay import applying, asking, kept
from helpdesk.services.replay.asking import Choice
from helpdesk.services.replay.comparing import Found, Tally
from helpdesk.services.replay.kept import APPLICATIONS, RUNS
from helpdesk.services.replay.previewing import Preview, previewed
from helpdesk.services.replay.rebinding import Versions
from helpdesk.services.sharing import Portion
from helpdesk.services.timers import Difference
from helpdesk.vocabulary import RunKind, RunState

PORTIONS = 40
"""Portions a job does before it queues up again, so that other heavy work has its turns."""

APPLIED_AT_ONCE = 100
"""Open tickets that are changed in one transaction: few enough to hold them briefly."""

SHOWN = 200
"""Differences that are kept of a verification; beyond them only their number is."""


def work(run_id: int) -> None:
    """Goes on with a run."""
    _go_on(RUNS, run_id, "replay.work", _run)


def apply(application_id: int) -> None:
    """Goes on with an application."""
    _go_on(APPLICATIONS, application_id, "replay.apply", _apply)


def _go_on(kept_in: Table, id_: int, job: str, do: Callable[[Row[Any]], bool]) -> None:
    row = kept.claim(kept_in, id_, clock.now())
    if row is None:
        return
    try:
        done = do(row)
    except Exception as error:
        db.session.rollback()
        kept.end(kept_in, id_, RunState.FAILED, clock.now(), f"{type(error).__name__}: {error}"[:500])
        raise
    if done:
        kept.end(kept_in, id_, RunState.DONE, clock.now())
    else:
        kept.pass_on(kept_in, job, id_)


def _run(row: Row[Any]) -> bool:
    """Its next portions; whether it is done with all."""
    as_of = row.as_of or clock.now()
    ids = _tickets(row)
    _begin(row, as_of, len(ids))
    parts, last = sharing.portions(ids), row.last_id
    for part, found in zip(parts[:PORTIONS], _answers(row, parts[:PORTIONS], as_of), strict=False):
        if not _note(row.id, part, last, found):
            return False
        last = part[-1]
    return len(parts) <= PORTIONS


def _tickets(row: Row[Any]) -> Sequence[int]:
    choice = Choice(row.first_on, row.last_on, row.department_id)
    return asking.tickets(choice, row.last_id, open_only=row.kind == RunKind.OPEN)


@unit()
def _begin(row: Row[Any], as_of: datetime, left: int) -> None:
    """Everybody who goes on reads as of the moment at which the first one began."""
    if row.total is None:
        kept.advance(RUNS, row.id, row.last_id, {"as_of": as_of, "total": left})


def _answers(row: Row[Any], parts: Sequence[Portion], as_of: datetime) -> Iterator[Any]:
    versions = [*map(rulebook.version, row.version_ids)]
    if row.kind == RunKind.PAST:
        return asking.answers(versions, parts, as_of)
    if row.kind == RunKind.OPEN:
        return sharing.shared_out(partial(previewed, versions=Versions(versions), now=as_of), parts)
    return sharing.shared_out(partial(timers.differences, now=as_of), parts)


@unit()
def _note(run_id: int, part: Portion, last_id: int, found: Any) -> bool:
    """What a portion came to and how far it is, in one transaction; False where it was stopped."""
    row = kept.record(run_id)
    told = _added(row.found, found)
    done = {"last_id": part[-1], "done": row.done + len(part), "found": told, "beat_at": clock.now()}
    noted = kept.advance(RUNS, run_id, last_id, done)
    if noted and isinstance(found, Found | Preview):
        kept.keep_flips(run_id, found.flips)
    return noted


def _added(known: dict[str, Any], found: Found | Preview | Sequence[Difference]) -> dict[str, Any]:
    if isinstance(found, Found):
        tally = Tally.from_dict(known)
        tally.add(found.tally)
        return tally.to_dict()
    if isinstance(found, Preview):
        return {name: known.get(name, 0) + count for name, count in found.counts().items()}
    shown = [*known.get("differences", []), *([str(item) for item in vars(one).values()] for one in found)]
    return {"count": known.get("count", 0) + len(found), "differences": shown[:SHOWN]}


def _apply(row: Row[Any]) -> bool:
    ids = applying.concerned(row, row.last_id)
    parts, last = sharing.portions(ids, APPLIED_AT_ONCE), row.last_id
    _total(row, len(ids))
    for part in parts[:PORTIONS]:
        if not applying.portion(row, part, last, clock.now()):
            return False
        last = part[-1]
    return len(parts) <= PORTIONS


@unit()
def _total(row: Row[Any], left: int) -> None:
    if row.total is None:
        kept.advance(APPLICATIONS, row.id, row.last_id, {"total": left})
