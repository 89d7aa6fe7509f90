"""Files looked at by a virus scanner, where one is configured: each content once, before anybody may open it."""

from collections.abc import Iterable
from datetime import datetime

from flask import current_app
from sqlalchemy import select, text, update

from helpdesk import clamd, clock, storage
from helpdesk.background import wake
from helpdesk.clamd import NotAsked, Verdict
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Stale
from helpdesk.models.screening import FileScan

_ROWS = table(FileScan)
PORTION = 20


def _scanner() -> str:
    where: str = current_app.config["SETTINGS"].clamd
    return where


_EXPECT = text(
    """
    insert into file_scan (sha256, asked_at) select distinct name, cast(:at as timestamptz)
    from unnest(cast(:names as text[])) as new(name) on conflict (sha256) do nothing
    """
)


def expect(names: Iterable[str], at: datetime) -> None:
    """Lets new contents be looked at after the commit; nothing happens where no scanner is configured."""
    wanted = sorted(set(names))
    if wanted and _scanner():
        db.session.execute(_EXPECT, {"names": wanted, "at": at})
        wake("files.scan", on="bulk")


def work_off() -> int:
    """Asks the scanner about what waits; how many it answered. One that is away is asked again by the clock."""
    done = 0
    for name in _waiting():
        try:
            _keep(name, _asked(name))
        except NotAsked:
            return done
        done += 1
    return done


@unit()
def _waiting() -> list[str]:
    waiting = select(_ROWS.c.sha256).where(_ROWS.c.verdict.is_(None)).order_by(_ROWS.c.asked_at).limit(PORTION)
    return list(db.session.execute(waiting).scalars())


@unit()
def nudge() -> bool:
    """Wakes a worker where a file waits to be looked at."""
    if not _scanner():
        return False
    found = db.session.execute(select(_ROWS.c.sha256).where(_ROWS.c.verdict.is_(None)).limit(1)).scalar() is not None
    if found:
        wake("files.scan", on="bulk")
    return found


def _asked(name: str) -> Verdict:
    try:
        return clamd.scan(_scanner(), storage.read(name))
    except FileNotFoundError:
        return Verdict("unchecked", "its bytes are gone")


@unit()
def _keep(name: str, verdict: Verdict) -> None:
    told = {"verdict": verdict.said, "found": verdict.found}
    db.session.execute(update(_ROWS).where(_ROWS.c.sha256 == name).values(**told))


def check(name: str) -> None:
    """Whether a content may be opened. One that nobody looked at yet is looked at now.

    Raises Forbidden for an infected one, and Stale while the scanner cannot be asked.
    """
    if not _scanner():
        return
    row = db.session.execute(select(_ROWS.c.verdict, _ROWS.c.found).where(_ROWS.c.sha256 == name)).one_or_none()
    verdict = Verdict(row.verdict, row.found) if row is not None and row.verdict else _now(name)
    if verdict.said == "infected":
        raise Forbidden("A virus was found in this file. It is kept, but cannot be opened.", code="infected")


def _now(name: str) -> Verdict:
    try:
        verdict = _asked(name)
    except NotAsked:
        raise Stale("This file is still being checked for viruses. Try again in a minute.", code="unchecked") from None
    _note(name, verdict)
    return verdict


@unit()
def _note(name: str, verdict: Verdict) -> None:
    db.session.execute(_EXPECT, {"names": [name], "at": clock.now()})
    told = {"verdict": verdict.said, "found": verdict.found}
    db.session.execute(update(_ROWS).where(_ROWS.c.sha256 == name).values(**told))
