"""A call is over: whoever still rings is let go, and what it was is written down; nothing ends without a record."""

from datetime import datetime, timedelta

from sqlalchemy import select

from helpdesk import events
from helpdesk.db import db
from helpdesk.models.calls import Call, CallLeg, PhoneNumber, Recording
from helpdesk.services import assignment
from helpdesk.services.calls import records, ringing, taping
from helpdesk.services.calls.scene import WAITING, Scene, legs_of
from helpdesk.vocabulary import (
    CallResult,
    CallState,
    Direction,
    LegRole,
    RecordingKind,
    RecordingState,
    WorkKind,
)

WRITES_UP = timedelta(seconds=120)
"""So long an agent is left alone after a talk, to write down what was said."""
FILE_COMES = timedelta(minutes=10)
"""A file that is not there by then will not come."""

_OF_STATE = {
    CallState.CLOSED: CallResult.CLOSED,
    CallState.RECORDING: CallResult.VOICEMAIL,
    CallState.NUMBER: CallResult.ABANDONED,
}


def line_over(call: Call, leg: CallLeg, at: datetime) -> None:
    """One line has ended: what that means for the others depends on whose it was."""
    if call.ended_at is not None:
        return
    if leg.role == LegRole.CITIZEN:
        end(call, at, leg.cause or "completed")
    elif call.state == CallState.OFFERED and leg.offer_id is not None:
        if leg.id != max(one.id for one in legs_of(call) if one.role == LegRole.AGENT):
            return  # an earlier one, whose lease lapsed: somebody else is rung by now
        ringing.nobody_answered(call, leg, at)
    elif call.state in {CallState.RINGING_AGENT, CallState.RINGING_CITIZEN} and leg.role == LegRole.AGENT:
        end(call, at, leg.cause or "completed")
    elif call.state == CallState.TALKING and not _somebody_is_left(call, leg):
        call.state = CallState.PARTING.value


def _somebody_is_left(call: Call, gone: CallLeg) -> bool:
    return any(
        leg.role != LegRole.CITIZEN and leg.ended_at is None and leg.answered_at is not None and leg.id != gone.id
        for leg in legs_of(call)
    )


def end(call: Call, at: datetime, cause: str) -> None:
    """The citizen has gone, or was never reached."""
    if call.state in WAITING:
        ringing.call_off(call, at)
    ringing.never_dial(call, at)
    call.ended_at, call.cause, call.check_at = at, cause, None
    call.result = call.result or _result(call, cause).value
    if call.bridged_at is not None:
        call.result = CallResult.ANSWERED.value
    assignment.end(WorkKind.CALL, call.id, at, wrap_up=WRITES_UP if call.bridged_at else None)
    taping.end(call, at + FILE_COMES)
    if call.bridged_at is not None:
        call.state, call.wrap_until = CallState.WRAP_UP.value, at + WRITES_UP
        return
    call.state = CallState.DONE.value
    settle(call, at)


def _result(call: Call, cause: str) -> CallResult:
    if call.state == CallState.RINGING_AGENT:
        return CallResult.ABANDONED
    if call.direction == Direction.OUTBOUND:
        told = {"busy": CallResult.BUSY, "failed": CallResult.FAILED}
        return told.get(cause, CallResult.NO_ANSWER)
    if cause == "failed":
        return CallResult.FAILED
    return _OF_STATE.get(CallState(call.state), CallResult.ABANDONED)


def settle(call: Call, at: datetime) -> None:
    """The record of a call without a talk. Who hung up at once and told nothing wanted nothing of us."""
    call.settled_at = at
    if call.result == CallResult.VOICEMAIL:
        _voicemail(call, at)
    elif call.direction == Direction.OUTBOUND:
        if call.ticket_id is not None and call.result != CallResult.ABANDONED:
            records.state(call, events.CallTried(call.id, call.result or "", call.agent_id), at)
    elif call.result in {CallResult.ABANDONED, CallResult.CLOSED, CallResult.FAILED} and _counts(call, at):
        records.missed(call, at)


def _counts(call: Call, at: datetime) -> bool:
    number = db.session.get(PhoneNumber, call.number_id) if call.number_id else None
    patience = timedelta(seconds=number.missed_after if number else 0)
    pressed = bool(call.place or call.entered) or call.queued_at is not None
    return (pressed and call.queued_at is None) or at - call.started_at >= patience


def expect_voicemail(scene: Scene) -> None:
    """A message was left: its file is told of later, by name where this step knows it already."""
    known = scene.step.facts.get("RecordingSid")
    query = select(Recording).where(Recording.call_id == scene.call.id, Recording.kind == RecordingKind.VOICEMAIL.value)
    row = db.session.execute(query).scalars().first()
    if row is None:
        row = Recording(
            call_id=scene.call.id, kind=RecordingKind.VOICEMAIL.value, state=RecordingState.EXPECTED.value,
            consent=True, created_at=scene.at, due_at=scene.at + FILE_COMES,
        )  # fmt: skip
        db.session.add(row)
    row.sid = row.sid or known
    db.session.flush()


def _voicemail(call: Call, at: datetime) -> None:
    """The request is made when the call ends, even if the file never comes."""
    records.open_one(call, records.MESSAGE, records.MESSAGE_TEXT, at)
    query = select(Recording.id).where(Recording.call_id == call.id).order_by(Recording.id).limit(1)
    recording_id = db.session.execute(query).scalar()
    records.state(call, events.VoicemailLeft(call.id, recording_id), at)
