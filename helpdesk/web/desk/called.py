"""Sentences for the timeline about telephone calls."""

from collections.abc import Callable, Mapping
from typing import Any

from helpdesk.vocabulary import CallResult, RecordingState, WrapUp
from helpdesk.web.desk.telling import Telling
from helpdesk.web.templating import say

Data = Mapping[str, Any]


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


PLAIN = {
    "call_recovered": _("noted that we have spoken by telephone since"),
    "recording_heard": _("listened to a recording"),
    "voicemail_left": _("kept a message that was left by telephone"),
}

OUTCOMES: Mapping[str, str] = {
    WrapUp.SETTLED: _("Settled on the telephone"),
    WrapUp.TAKEN_DOWN: _("Taken down as a request"),
    WrapUp.PASSED_ON: _("Passed on to colleagues"),
    WrapUp.RINGS_AGAIN: _("They will call again"),
    WrapUp.WRONG_NUMBER: _("Wrong number"),
    WrapUp.SILENT: _("Nobody spoke"),
}
"""What came of a talk, as the agent chooses it."""

RESULTS: Mapping[str, str] = {
    CallResult.ANSWERED: _("Answered"),
    CallResult.ABANDONED: _("Hung up while waiting"),
    CallResult.CLOSED: _("Called outside our hours"),
    CallResult.VOICEMAIL: _("Left a message"),
    CallResult.CALL_BACK: _("Asked for a call back"),
    CallResult.INFORMED: _("Heard an announcement"),
    CallResult.BUSY: _("The line was busy"),
    CallResult.NO_ANSWER: _("Nobody answered"),
    CallResult.FAILED: _("The call did not come through"),
}

FILES: Mapping[str, str] = {
    RecordingState.EXPECTED: _("The recording is on its way."),
    RecordingState.READY: _("The recording is being fetched."),
    RecordingState.KEPT: _("The recording is here."),
    RecordingState.ABSENT: _("Nothing was said, so there is no recording."),
    RecordingState.FAILED: _("The recording could not be had from the carrier."),
    RecordingState.DELETED: _("The recording was deleted in its time."),
}


def _missed(data: Data, telling: Telling) -> str:
    if data["count"] > 1:
        return say(_("noted a missed call (%(count)s by now)"), count=data["count"])
    return say(_("noted a missed call"))


def _tried(data: Data, telling: Telling) -> str:
    return say(_("called without reaching them: %(result)s"), result=say(RESULTS.get(data["result"], data["result"])))


def _ended(data: Data, telling: Telling) -> str:
    minutes = max(1, round(data["seconds"] / 60))
    if not data.get("outcome"):
        return say(_("spoke by telephone, about %(minutes)s min"), minutes=minutes)
    outcome = say(OUTCOMES.get(data["outcome"], data["outcome"]))
    return say(_("spoke by telephone, about %(minutes)s min: %(outcome)s"), minutes=minutes, outcome=outcome)


def _identified(data: Data, telling: Telling) -> str:
    return say(_("made sure on the telephone that it is %(person)s"), person=telling.person(data["person_id"]))


def _settled(data: Data, telling: Telling) -> str:
    return say(FILES.get(data["state"], data["state"]))


SENTENCES: Mapping[str, Callable[[Data, Telling], str]] = {
    "call_missed": _missed,
    "call_tried": _tried,
    "call_ended": _ended,
    "caller_identified": _identified,
    "recording_settled": _settled,
}
