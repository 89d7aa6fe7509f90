"""Pieces of work over many tickets as they are kept: asked for, claimed by one worker at a time, stopped, looked at."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, delete, insert, or_, select, update

from helpdesk import clock
from helpdesk.background import later
from helpdesk.db import db, insert_many, table, unit
from helpdesk.errors import Invalid, NotFound, Stale
from helpdesk.models.replay import Application, ReplayFlip, ReplayRun
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import rulebook, scope
from helpdesk.services.replay.asking import Choice
from helpdesk.services.replay.rules import require_appliable, require_tried
from helpdesk.services.rulebook.drafting import require
from helpdesk.vocabulary import RunKind, RunState

RUNS, FLIPS, APPLICATIONS = table(ReplayRun), table(ReplayFlip), table(Application)
UNDER_WAY = (RunState.WAITING, RunState.RUNNING)
FORGOTTEN = timedelta(seconds=90)
"""A piece of work nobody told anything of for so long is taken up by somebody else."""

_KEPT = 5
"""Runs of one kind and version that are kept."""


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


@unit()
def ask(actor: Actor, kind: RunKind, version_ids: Sequence[int], choice: Choice, *, at: datetime | None = None) -> int:
    """Lets a worker try these versions (the first is the one that asks), or verify all clocks; the run's id.

    Raises Forbidden, NotFound, Invalid, and Stale while the same is under way.
    """
    require(actor)
    for id_ in version_ids:
        rulebook.record(id_)
    versions = [rulebook.version(id_) for id_ in version_ids]
    if kind is RunKind.PAST:
        require_tried(versions)
    elif kind is RunKind.OPEN:
        require_appliable(versions)
    if choice.first and choice.last and choice.last < choice.first:
        raise Invalid(_("The period ends before it begins."), fields={"to": _("This day lies before the first.")})
    first = version_ids[0] if version_ids else None
    _refuse_second(kind, first)
    _forget(kind, first)
    row = {
        "kind": kind,
        "version_id": first,
        "version_ids": list(version_ids),
        "first_on": choice.first,
        "last_on": choice.last,
        "department_id": choice.department_id,
        "state": RunState.WAITING,
        "asked_at": at or clock.now(),
        "asked_by_id": actor.id,
    }
    id_ = int(db.session.execute(insert(RUNS).values(row).returning(RUNS.c.id)).scalar_one())
    later("replay.work", id_, on="bulk")
    return id_


def _refuse_second(kind: RunKind, version_id: int | None) -> None:
    """The index that forbids a second one would say so less kindly."""
    same = (RUNS.c.kind == kind, RUNS.c.version_id.is_not_distinct_from(version_id), RUNS.c.state.in_(UNDER_WAY))
    if db.session.execute(select(RUNS.c.id).where(*same)).first():
        raise Stale(_("This is under way already."), code="under-way")


def _forget(kind: RunKind, version_id: int | None) -> None:
    """The oldest ones go, with all they found."""
    same = (RUNS.c.kind == kind, RUNS.c.version_id.is_not_distinct_from(version_id))
    kept = select(RUNS.c.id).where(*same).order_by(RUNS.c.id.desc()).limit(_KEPT - 1)
    db.session.execute(delete(RUNS).where(*same, RUNS.c.id.not_in(kept)))


@unit()
def stop(actor: Actor, run_id: int, *, at: datetime | None = None) -> None:
    """Ends a run before it is done; what it found so far stays. Raises Forbidden and NotFound."""
    require(actor)
    record(run_id)
    halt(RUNS, run_id, at or clock.now())


def halt(kept: Table, id_: int, at: datetime) -> None:
    """Lets nobody go on with it."""
    ended = {"state": RunState.STOPPED, "ended_at": at}
    db.session.execute(update(kept).where(kept.c.id == id_, kept.c.state.in_(UNDER_WAY)).values(ended))


def record(run_id: int) -> Row[Any]:
    """A run. Raises NotFound."""
    return _record(RUNS, run_id)


def application(id_: int) -> Row[Any]:
    """An application. Raises NotFound."""
    return _record(APPLICATIONS, id_)


def _record(kept: Table, id_: int) -> Row[Any]:
    row = db.session.execute(select(kept).where(kept.c.id == id_)).one_or_none()
    if row is None:
        raise NotFound("There is no such piece of work.")
    return row


def runs(kind: RunKind, version_id: int | None = None) -> Sequence[Row[Any]]:
    """The runs of a kind for a version, the newest first."""
    same = (RUNS.c.kind == kind, RUNS.c.version_id.is_not_distinct_from(version_id))
    return db.session.execute(select(RUNS).where(*same).order_by(RUNS.c.id.desc())).all()


@unit()
def claim(kept: Table, id_: int, now: datetime) -> Row[Any] | None:
    """Takes a piece of work up, or up again where it was left lying; None when there is nothing to do."""
    left = (kept.c.beat_at.is_(None), kept.c.beat_at < now - FORGOTTEN)
    free = or_(kept.c.state == RunState.WAITING, (kept.c.state == RunState.RUNNING) & or_(*left))
    taken = update(kept).where(kept.c.id == id_, free).values(state=RunState.RUNNING, beat_at=now)
    return db.session.execute(taken.returning(kept)).one_or_none()


def advance(kept: Table, id_: int, last_id: int, values: dict[str, Any]) -> bool:
    """Notes how far it is; False where somebody stopped it, or went on in our place."""
    mine = (kept.c.id == id_, kept.c.state == RunState.RUNNING, kept.c.last_id == last_id)
    return db.session.execute(update(kept).where(*mine).values(values).returning(kept.c.id)).first() is not None


@unit()
def end(kept: Table, id_: int, state: RunState, now: datetime, error: str | None = None) -> None:
    """Says that it is done, or why it failed."""
    values = {"state": state, "ended_at": now, "error": error}
    db.session.execute(update(kept).where(kept.c.id == id_, kept.c.state == RunState.RUNNING).values(values))


@unit()
def pass_on(kept: Table, job: str, id_: int) -> None:
    """Lets others have a turn; the rest is done by another job."""
    waiting = update(kept).where(kept.c.id == id_, kept.c.state == RunState.RUNNING).values(state=RunState.WAITING)
    if db.session.execute(waiting.returning(kept.c.id)).first():
        later(job, id_, on="bulk")


@unit()
def nudge(now: datetime) -> int:
    """Finds work that was left lying, by a worker that died or a carrier that forgot, and hands it on; how many."""
    found = 0
    for kept, job in ((RUNS, "replay.work"), (APPLICATIONS, "replay.apply")):
        heard = or_(kept.c.beat_at < now - FORGOTTEN, kept.c.beat_at.is_(None) & (kept.c.asked_at < now - FORGOTTEN))
        for id_ in db.session.execute(select(kept.c.id).where(kept.c.state.in_(UNDER_WAY), heard)).scalars():
            later(job, id_, on="bulk")
            found += 1
    return found


def keep_flips(run_id: int, flips: Sequence[Any]) -> None:
    """Writes what a portion found."""
    insert_many(FLIPS, [{"run_id": run_id, **vars(flip)} for flip in flips])


def flips(
    actor: Actor, run_id: int, asked: dict[str, str | int | None], after: int = 0, limit: int = 50
) -> Sequence[Row[Any]]:
    """The flips of a run on tickets that the actor may see, in the order of their numbers; ``asked`` by column."""
    tickets = table(Ticket).c
    wanted: list[ColumnElement[bool]] = [FLIPS.c[name].is_not_distinct_from(value) for name, value in asked.items()]
    query = select(FLIPS, tickets.subject, tickets.language, tickets.status)
    query = query.join(Ticket, tickets.id == FLIPS.c.ticket_id)
    query = query.where(FLIPS.c.run_id == run_id, FLIPS.c.id > after, scope.visible(actor), *wanted)
    return db.session.execute(query.order_by(FLIPS.c.id).limit(limit)).all()
