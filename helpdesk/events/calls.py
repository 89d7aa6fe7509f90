"""Telephone calls as facts of a request: ids, codes and seconds; who called from where stands with the call."""

from dataclasses import dataclass

from helpdesk.events.base import Event


@dataclass(frozen=True)
class CallMissed(Event):
    """Somebody called and reached nobody; ``count`` times by now."""

    call_id: int
    count: int


@dataclass(frozen=True)
class CallRecovered(Event):
    """We speak with whoever could not reach us."""

    call_id: int


@dataclass(frozen=True)
class CallTried(Event):
    """We called and did not reach them: busy, no_answer, failed."""

    call_id: int
    result: str
    agent_id: int | None = None


@dataclass(frozen=True)
class CallEnded(Event):
    """A talk by telephone, how long it took and what came of it; the note is an internal message."""

    call_id: int
    direction: str
    seconds: int
    agent_id: int | None = None
    outcome: str | None = None
    message_id: int | None = None


@dataclass(frozen=True)
class CallerIdentified(Event):
    """An agent asked the questions and believes that it is this person."""

    call_id: int
    person_id: int


@dataclass(frozen=True)
class VoicemailLeft(Event):
    """Somebody left a message; its file may still be on its way."""

    call_id: int
    recording_id: int | None = None


@dataclass(frozen=True)
class RecordingHeard(Event):
    """Somebody who works here listened to a recording."""

    call_id: int
    recording_id: int


@dataclass(frozen=True)
class RecordingSettled(Event):
    """What became of a recording's file: kept, absent, failed."""

    call_id: int
    recording_id: int
    state: str
