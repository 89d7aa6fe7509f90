"""The recording of a talk: begun once the citizen was told and did not refuse, paused at the word of an agent."""

import logging
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text, update

from channels.carrier import Carrier
from channels.port import ChannelError
from helpdesk.db import db, table, unit
from helpdesk.models.calls import Call, Recording
from helpdesk.services.calls import scene
from helpdesk.vocabulary import RecordingKind, RecordingState

log = logging.getLogger(__name__)
_ROWS = table(Recording)

WANTED = text(
    """
    select call.id, leg.sid, call.account_id from call
    join call_leg leg on leg.call_id = call.id and leg.role = 'citizen' and leg.ended_at is null
    where call.state = 'talking' and call.consent = 'given' and call.bridged_at is not null and call.ended_at is null
      and leg.sid is not null and not exists (select from recording where call_id = call.id and kind = 'talk')
    limit 50
    """
)
"""Talks that may be recorded and are not yet."""


def begin(row: Any, carrier: Carrier, tells: str, at: datetime) -> None:
    """Asks the carrier once; what it does not do is written down with the recording and never tried again."""
    recording_id = _expected(row.id, at)
    if recording_id is None:
        return
    try:
        _begun(recording_id, carrier.record(row.sid, tells))
    except ChannelError as why:
        log.warning("a talk is not recorded", extra={"why": str(why)[:200]})
        _given_up(recording_id, str(why))


@unit()
def _expected(call_id: int, at: datetime) -> int | None:
    call = scene.held(call_id)
    kinds = select(_ROWS.c.id).where(_ROWS.c.call_id == call_id, _ROWS.c.kind == RecordingKind.TALK.value)
    if call.ended_at is not None or db.session.execute(kinds.limit(1)).scalar() is not None:
        return None
    row = {"call_id": call_id, "kind": RecordingKind.TALK.value, "state": RecordingState.EXPECTED.value}
    made = insert(_ROWS).values(**row, consent=True, created_at=at).returning(_ROWS.c.id)
    return int(db.session.execute(made).scalar_one())


@unit()
def _begun(recording_id: int, sid: str) -> None:
    db.session.execute(update(_ROWS).where(_ROWS.c.id == recording_id, _ROWS.c.sid.is_(None)).values(sid=sid))


@unit()
def _given_up(recording_id: int, why: str) -> None:
    failed = {"state": RecordingState.FAILED.value, "detail": why[:200]}
    db.session.execute(update(_ROWS).where(_ROWS.c.id == recording_id).values(failed))


def running(call: Call) -> Recording | None:
    """What is being recorded of a call now, paused or not."""
    query = select(Recording).where(
        Recording.call_id == call.id, Recording.kind == RecordingKind.TALK.value, Recording.sid.is_not(None),
        Recording.state == RecordingState.EXPECTED.value,
    )  # fmt: skip
    return db.session.execute(query.limit(1)).scalar_one_or_none()


@unit()
def note_pause(recording_id: int, paused_at: datetime | None) -> None:
    """The carrier has done it."""
    db.session.execute(update(_ROWS).where(_ROWS.c.id == recording_id).values(paused_at=paused_at))


def end(call: Call, due_at: datetime) -> None:
    """The talk is over: its file comes, or is given up by then."""
    waits = (_ROWS.c.call_id == call.id, _ROWS.c.state == RecordingState.EXPECTED.value, _ROWS.c.due_at.is_(None))
    db.session.execute(update(_ROWS).where(*waits).values(due_at=due_at))
