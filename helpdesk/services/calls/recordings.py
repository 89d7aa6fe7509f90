"""Recordings: told of, fetched by a worker, checked, kept here, deleted at the carrier, forgotten in their time."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from channels.carrier import Busy, Carrier, Refused, Unknown
from channels.turns import Step
from helpdesk import events, storage
from helpdesk.db import db, end_reading, unit
from helpdesk.models.calls import Call, PhoneNumber, Recording
from helpdesk.services import scanning
from helpdesk.services.calls import records, scene
from helpdesk.services.calls.transcribing import Transcript, transcribed
from helpdesk.vocabulary import RecordingKind, RecordingState

LARGEST = 30 * 1024 * 1024
TRIES = 8
_HEADS = {b"RIFF": "audio/wav", b"ID3": "audio/mpeg", b"\xff\xfb": "audio/mpeg", b"\xff\xf3": "audio/mpeg"}


def told(step: Step, at: datetime) -> bool:
    """The carrier says what became of a recording; that it is complete is the only proof that there is a file."""
    found = scene.by_sid(step.sid)
    if found is None:
        return False
    call, _ = found
    facts = step.facts
    row = _row(call, facts.get("RecordingSid", ""), at)
    if row.state in {RecordingState.KEPT, RecordingState.DELETED}:
        return True
    row.seconds = int(facts["RecordingDuration"]) if facts.get("RecordingDuration", "").isdigit() else row.seconds
    status = facts.get("RecordingStatus", "")
    if status == "completed":
        row.url, row.state, row.due_at = facts.get("RecordingUrl", ""), RecordingState.READY.value, at
    elif status in {"absent", "failed"}:
        row.state, row.due_at = status, None
        _say(call, row, at)
    return True


def _row(call: Call, sid: str, at: datetime) -> Recording:
    """The one of that name, the one that was expected, or a new one: a talk that is recorded."""
    rows = (
        db.session.execute(select(Recording).where(Recording.call_id == call.id).order_by(Recording.id)).scalars().all()
    )
    known = next((row for row in rows if row.sid == sid), None) or next((row for row in rows if row.sid is None), None)
    if known is None:
        kind = RecordingKind.TALK if call.bridged_at else RecordingKind.VOICEMAIL
        known = Recording(
            call_id=call.id, kind=kind.value, state=RecordingState.EXPECTED.value, consent=True, created_at=at
        )
        db.session.add(known)
    known.sid = known.sid or sid
    db.session.flush()
    return known


def _say(call: Call, row: Recording, at: datetime) -> None:
    """The request says how it stands: a broken player helps nobody."""
    if call.ticket_id is not None:
        records.state(call, events.RecordingSettled(call.id, row.id, row.state), at)


def fetch(row: Any, carrier: Carrier, at: datetime) -> None:
    """Brings one file here; what cannot be had is tried again, later and later, and then given up."""
    if row.state == RecordingState.EXPECTED:
        _settle(row.id, RecordingState.FAILED, at, "it never came")
        return
    try:
        media = carrier.fetch_media(row.url, LARGEST)
    except (Busy, Unknown) as why:
        _again(row.id, at, str(why))
        return
    except Refused as why:
        _settle(row.id, RecordingState.FAILED, at, str(why))
        return
    kind = next((kind for head, kind in _HEADS.items() if media.data.startswith(head)), "")
    if not kind:
        _settle(row.id, RecordingState.FAILED, at, "it is no sound")
        return
    language = _keep(row.id, media.data, kind, at)
    end_reading()
    if language and (words := transcribed(media.data, kind, language)):
        _write_down(row.id, words)
    try:
        carrier.delete_recording(row.sid)
        _deleted_there(row.id, at)
    except (Busy, Unknown, Refused):
        _again_there(row.id, at)


@unit()
def _keep(recording_id: int, data: bytes, kind: str, at: datetime) -> str:
    """The file is ours; the language to write it down in, where its number has that done."""
    row = db.session.get_one(Recording, recording_id, with_for_update=True)
    call = db.session.get_one(Call, row.call_id)
    number = db.session.get(PhoneNumber, call.number_id) if call.number_id else None
    row.sha256, row.content_type, row.size = storage.keep(data), kind, len(data)
    row.state, row.due_at, row.keep_until = (
        RecordingState.KEPT.value,
        None,
        at + timedelta(days=number.keep_days if number else 90),
    )
    scanning.expect([row.sha256], at)
    _say(call, row, at)
    return call.language if number and number.transcribes else ""


@unit()
def _write_down(recording_id: int, words: Transcript) -> None:
    """Where the file was not deleted meanwhile."""
    row = db.session.get_one(Recording, recording_id, with_for_update=True, populate_existing=True)
    if row.state == RecordingState.KEPT:
        row.transcript, row.confidence = words.text, words.confidence


@unit()
def _settle(recording_id: int, state: RecordingState, at: datetime, why: str) -> None:
    row = db.session.get_one(Recording, recording_id, with_for_update=True)
    row.state, row.due_at, row.detail = state.value, None, why[:200]
    _say(db.session.get_one(Call, row.call_id), row, at)


@unit()
def _again(recording_id: int, at: datetime, why: str) -> None:
    row = db.session.get_one(Recording, recording_id, with_for_update=True)
    row.attempts += 1
    row.detail = why[:200]
    row.due_at = at + timedelta(seconds=15 * 2**row.attempts)
    if row.attempts >= TRIES:
        row.state, row.due_at = RecordingState.FAILED.value, None
        _say(db.session.get_one(Call, row.call_id), row, at)


@unit()
def _deleted_there(recording_id: int, at: datetime) -> None:
    db.session.get_one(Recording, recording_id).deleted_there_at = at


@unit()
def _again_there(recording_id: int, at: datetime) -> None:
    """The file is here; that it still lies there, too, is looked after by the daily sweep."""
    db.session.get_one(Recording, recording_id).detail = "it still lies at the carrier"
