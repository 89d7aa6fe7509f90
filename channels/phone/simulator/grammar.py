"""What a document may hold: verbs, their attributes, and what stands in them; anything else is an error (pure)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, ParseError

LARGEST = 64 * 1024


class BadDocument(ValueError):
    """A document that the carrier would not take; the text says what is wrong."""


@dataclass(frozen=True)
class Verb:
    """One verb with its attributes, its text and what stands in it."""

    name: str
    told: Mapping[str, str]
    text: str = ""
    inside: tuple["Verb", ...] = field(default=())

    def seconds(self, name: str, usual: int) -> int:
        """An attribute that counts seconds."""
        return int(self.told.get(name, usual))


_METHOD = {"method": r"GET|POST"}
_URL = r"URL"
_NUMBER = r"\d{1,5}"
_FLAG = r"true|false"
_CALLBACK = {
    "recordingStatusCallback": _URL,
    "recordingStatusCallbackMethod": r"GET|POST",
    "recordingStatusCallbackEvent": r"(in-progress|completed|absent)( (in-progress|completed|absent))*",
}
_ATTRIBUTES: Mapping[str, Mapping[str, str]] = {
    "Say": {"voice": r"[\w.\-]+", "language": r"[a-z]{2,3}-[A-Z]{2}", "loop": _NUMBER},
    "Play": {"loop": _NUMBER},
    "Gather": _METHOD
    | {"input": r"dtmf", "action": _URL, "timeout": _NUMBER, "numDigits": r"[1-9]\d?", "finishOnKey": r"[0-9*#]?"},
    "Redirect": _METHOD,
    "Record": _METHOD
    | _CALLBACK
    | {"action": _URL, "timeout": _NUMBER, "finishOnKey": r"[0-9*#]*", "maxLength": _NUMBER, "playBeep": _FLAG},
    "Dial": _METHOD | {"action": _URL, "timeout": _NUMBER, "callerId": r"\+\d{6,15}", "timeLimit": _NUMBER},
    "Conference": {
        "startConferenceOnEnter": _FLAG, "endConferenceOnExit": _FLAG, "beep": r"true|false|onEnter|onExit",
        "waitUrl": _URL, "waitMethod": r"GET|POST", "muted": _FLAG,
        "statusCallback": _URL, "statusCallbackMethod": r"GET|POST",
        "statusCallbackEvent": r"(start|end|join|leave|mute|hold)( (start|end|join|leave|mute|hold))*",
    },
    "Hangup": {},
    "Reject": {"reason": r"rejected|busy"},
}  # fmt: skip
_INSIDE: Mapping[str, frozenset[str]] = {
    "Response": frozenset({"Say", "Play", "Gather", "Redirect", "Record", "Dial", "Hangup", "Reject"}),
    "Gather": frozenset({"Say", "Play"}),
    "Dial": frozenset({"Conference"}),
}
_NEEDS_TEXT = frozenset({"Say", "Play", "Redirect", "Conference"})
_LEADS_ON = frozenset({"Play", "Redirect"})
LONGEST_SAY = 4096


def read(body: bytes) -> tuple[Verb, ...]:
    """The verbs of a document, in their order. Raises BadDocument."""
    if len(body) > LARGEST:
        raise BadDocument("the document is larger than 64 kB")
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - our own application's answer
    except ParseError as why:
        raise BadDocument(f"this is no XML: {why}") from None
    if root.tag != "Response":
        raise BadDocument(f"the document begins with {root.tag}")
    if root.attrib or (root.text or "").strip():
        raise BadDocument("Response holds verbs and nothing else")
    return tuple(_children(root))


def _children(parent: Element) -> Iterator[Verb]:
    allowed = _INSIDE.get(parent.tag, frozenset())
    for child in parent:
        if child.tag not in _ATTRIBUTES:
            raise BadDocument(f"there is no verb {child.tag}")
        if child.tag not in allowed:
            raise BadDocument(f"{child.tag} may not stand in {parent.tag}")
        if (child.tail or "").strip():
            raise BadDocument(f"words stand loose after {child.tag}")
        yield _verb(child)


def _verb(node: Element) -> Verb:
    for name, value in node.attrib.items():
        _check(node.tag, name, value)
    words = (node.text or "").strip()
    if node.tag in _NEEDS_TEXT and not words:
        raise BadDocument(f"{node.tag} is empty")
    if node.tag not in _NEEDS_TEXT and words:
        raise BadDocument(f"{node.tag} holds words")
    if node.tag in _LEADS_ON:
        _check_url(node.tag, words)
    if node.tag == "Say" and len(words) > LONGEST_SAY:
        raise BadDocument("Say is longer than 4096 characters")
    inside = tuple(_children(node))
    _check_whole(node, inside)
    return Verb(node.tag, dict(node.attrib), words, inside)


def _check_whole(node: Element, inside: tuple[Verb, ...]) -> None:
    if node.tag == "Dial" and len(inside) != 1:
        raise BadDocument("Dial joins one conference")
    if node.tag in {"Gather", "Record"} and "action" not in node.attrib:
        raise BadDocument(f"{node.tag} has no action: the document would be asked for again, for ever")


def _check(verb: str, name: str, value: str) -> None:
    form = _ATTRIBUTES[verb].get(name)
    if form is None:
        raise BadDocument(f"{verb} has no attribute {name}")
    if form == _URL:
        _check_url(f"{verb} {name}", value)
    elif not re.fullmatch(form, value):
        raise BadDocument(f"{verb} {name}={value!r}")


def _check_url(place: str, value: str) -> None:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise BadDocument(f"{place}: {value!r} is no whole address")
