"""Trials on many tickets: asked for, worked off by workers in portions, gone on with where one was killed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Row, insert, select, update

from helpdesk import clock, i18n
from helpdesk.background import later
from helpdesk.db import db, table, unit
from helpdesk.errors import Invalid, NotFound
from helpdesk.models.tickets import Ticket
from helpdesk.models.trial import RoutingTrial
from helpdesk.permissions import Actor
from helpdesk.services import rulebook, sharing
from helpdesk.services.trials.past import Tally, tally
from helpdesk.vocabulary import RulebookKind, RunState

JOB, QUEUE = "trial.work", "bulk"
PORTIONS = 20
"""Portions a job does before it queues up again, so that other heavy work has its turns."""

FORSAKEN = timedelta(minutes=2)
"""After so long without a beat somebody else goes on."""

_ROWS, _TICKETS = table(RoutingTrial), table(Ticket).c
_UNDER_WAY = _ROWS.c.state.in_((RunState.WAITING, RunState.RUNNING))


@unit()
def start(actor: Actor, version_id: int, first: date, last: date, *, at: datetime | None = None) -> int:
    """Tries a version of the rules on the tickets received on these days; the trial's id.

    Raises Forbidden, NotFound, and Invalid that names the field.
    """
    rulebook.require(actor)
    if rulebook.record(version_id).kind != RulebookKind.RULESET:
        raise NotFound("There are no such rules.")
    if last < first:
        raise Invalid("The period ends before it begins.", fields={"to": "Choose a later day."})
    held = rulebook.all_in_force(RulebookKind.RULESET).get(rulebook.DEFAULT)
    row: dict[str, Any] = {"version_id": version_id, "against_id": held.id if held else None}
    row |= {
        "first_on": first,
        "last_on": last,
        "state": RunState.WAITING.value,
        "asked_at": at or clock.now(),
        "asked_by_id": actor.id,
    }
    id_ = int(db.session.execute(insert(_ROWS).values(row).returning(_ROWS.c.id)).scalar_one())
    later(JOB, id_, on=QUEUE)
    return id_


def trial(actor: Actor, id_: int) -> Row[Any]:
    """One of them. Raises Forbidden, NotFound."""
    rulebook.require(actor)
    row = db.session.execute(select(_ROWS).where(_ROWS.c.id == id_)).one_or_none()
    if row is None:
        raise NotFound("There is no such trial.")
    return row


def trials(version_id: int, limit: int = 10) -> Sequence[Row[Any]]:
    """Those of a version, the newest first."""
    query = select(_ROWS).where(_ROWS.c.version_id == version_id).order_by(_ROWS.c.id.desc())
    return db.session.execute(query.limit(limit)).all()


def work(id_: int) -> None:
    """Goes on with one; what fails is noted with its reason."""
    row = _claimed(id_, clock.now())
    if row is None:
        return
    try:
        done = _portions(row)
    except Exception as error:
        db.session.rollback()
        _end(id_, RunState.FAILED, f"{type(error).__name__}: {error}"[:500])
        raise
    if done:
        _end(id_, RunState.DONE)
    else:
        _pass_on(id_)


@unit()
def _claimed(id_: int, at: datetime) -> Row[Any] | None:
    """Takes it where nobody works on it."""
    free = (_ROWS.c.state == RunState.WAITING) | (_ROWS.c.beat_at < at - FORSAKEN)
    taken = update(_ROWS).where(_ROWS.c.id == id_, _UNDER_WAY, free)
    return db.session.execute(taken.values(state=RunState.RUNNING.value, beat_at=at).returning(_ROWS)).one_or_none()


def _portions(row: Row[Any]) -> bool:
    """Its next portions; whether it is done with all."""
    ids = _left(row)
    parts = sharing.portions(ids)
    _note(row.id, {"total": row.done + len(ids), "beat_at": clock.now()})
    found, done = Tally(**row.found), row.done
    answers = sharing.shared_out(partial(tally, version_id=row.version_id, against_id=row.against_id), parts[:PORTIONS])
    for part, answer in zip(parts[:PORTIONS], answers, strict=True):
        found.add(answer)
        done += len(part)
        _note(row.id, {"found": found.to_dict(), "done": done, "last_id": part[-1], "beat_at": clock.now()})
    return len(parts) <= PORTIONS


def _left(row: Row[Any]) -> Sequence[int]:
    begin = datetime.combine(row.first_on, datetime.min.time(), i18n.ZONE)
    end = datetime.combine(row.last_on + timedelta(days=1), datetime.min.time(), i18n.ZONE)
    within = (_TICKETS.received_at >= begin, _TICKETS.received_at < end, _TICKETS.id > row.last_id)
    return db.session.execute(select(_TICKETS.id).where(*within).order_by(_TICKETS.id)).scalars().all()


@unit()
def _note(id_: int, values: dict[str, Any]) -> None:
    db.session.execute(update(_ROWS).where(_ROWS.c.id == id_).values(**values))


@unit()
def _end(id_: int, state: RunState, error: str | None = None) -> None:
    values = {"state": state.value, "ended_at": clock.now(), "error": error}
    db.session.execute(update(_ROWS).where(_ROWS.c.id == id_).values(**values))


@unit()
def _pass_on(id_: int) -> None:
    db.session.execute(update(_ROWS).where(_ROWS.c.id == id_).values(state=RunState.WAITING.value))
    later(JOB, id_, on=QUEUE)


@unit()
def nudge(at: datetime) -> None:
    """Finds those that a dead worker left, or that Valkey forgot, and lets somebody go on."""
    idle = (_ROWS.c.beat_at < at - FORSAKEN) | (_ROWS.c.beat_at.is_(None) & (_ROWS.c.asked_at < at - FORSAKEN))
    for id_ in db.session.execute(select(_ROWS.c.id).where(_UNDER_WAY, idle)).scalars():
        later(JOB, id_, on=QUEUE)
