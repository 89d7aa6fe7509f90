"""Turns as TwiML, in the subset that every carrier of the dialect understands (pure)."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from channels.turns import (
    Act,
    Bridge,
    Decline,
    Gather,
    HangUp,
    Play,
    Record,
    Redirect,
    Reply,
    Say,
    Turn,
    Voice,
)

LARGEST = 64_000
"""Bytes a document may have at the carrier."""


def speak(turn: Turn, say: Voice, base: str) -> Reply:
    """The answer; ``base`` ends with a slash and stands before every path."""
    if turn.silent:
        return Reply(204)
    root = Element("Response")
    for act in turn.acts:
        _add(root, act, say, base)
    body = b'<?xml version="1.0" encoding="UTF-8"?>' + ElementTree.tostring(root, encoding="utf-8")
    return Reply(200, body)


def _add(parent: Element, act: Act, say: Voice, base: str) -> None:
    match act:
        case Say() | Play():
            _speak(parent, act, say)
        case Gather():
            _gather(parent, act, say, base)
        case Redirect():
            SubElement(parent, "Redirect", {"method": "POST"}).text = base + act.then
        case Record():
            _record(parent, act, base)
        case Bridge():
            _bridge(parent, act, base)
        case HangUp():
            SubElement(parent, "Hangup")
        case Decline():
            SubElement(parent, "Reject", {"reason": "busy" if act.busy else "rejected"})


def _speak(parent: Element, act: Say | Play, say: Voice) -> None:
    if isinstance(act, Play):
        SubElement(parent, "Play").text = act.url
        return
    spoken = say(act)
    if spoken.url:
        SubElement(parent, "Play").text = spoken.url
    elif spoken.text:
        SubElement(parent, "Say", {"voice": spoken.voice, "language": spoken.language}).text = spoken.text


def _gather(parent: Element, act: Gather, say: Voice, base: str) -> None:
    told = {"input": "dtmf", "action": base + act.then, "method": "POST", "timeout": str(act.seconds)}
    if act.digits:
        told["numDigits"] = str(act.digits)
    told["finishOnKey"] = act.ends_with
    inside = SubElement(parent, "Gather", told)
    for part in act.spoken:
        _speak(inside, part, say)


def _record(parent: Element, act: Record, base: str) -> None:
    told = {
        "action": base + act.then, "method": "POST", "maxLength": str(act.seconds), "timeout": "5",
        "finishOnKey": "#", "playBeep": "true", "recordingStatusCallback": base + act.tells,
        "recordingStatusCallbackEvent": "completed absent",
    }  # fmt: skip
    SubElement(parent, "Record", told)


def _bridge(parent: Element, act: Bridge, base: str) -> None:
    told = {
        "startConferenceOnEnter": "true",
        "endConferenceOnExit": "true" if act.ends else "false",
        "beep": "false",
    }
    if act.waits:
        told |= {"waitUrl": base + act.waits, "waitMethod": "POST"}
    if act.tells:
        told |= {"statusCallback": base + act.tells, "statusCallbackEvent": "start end join leave"}
    SubElement(SubElement(parent, "Dial"), "Conference", told).text = act.room


_APOLOGY = {
    "el-GR": "Λυπούμαστε, υπάρχει τεχνικό πρόβλημα. Παρακαλούμε καλέστε ξανά σε λίγα λεπτά, "
    "ή αφήστε το μήνυμά σας μετά τον ήχο.",
    "en-GB": "We are sorry, something is broken on our side. Please call again in a few minutes, "
    "or leave a message after the tone.",
}


def apology(base: str) -> Reply:
    """What is said where nothing can be looked up: it needs no database, no settings and no sound of ours."""
    root = Element("Response")
    for language, words in _APOLOGY.items():
        SubElement(root, "Say", {"language": language}).text = words
    told = {"action": base + "voice/recorded", "method": "POST", "maxLength": "120", "playBeep": "true"}
    SubElement(root, "Record", told | {"recordingStatusCallback": base + "recording/status"})
    SubElement(root, "Hangup")
    return Reply(200, b'<?xml version="1.0" encoding="UTF-8"?>' + ElementTree.tostring(root, encoding="utf-8"))
