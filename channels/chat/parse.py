"""The JSON of a line to InboundMessage; pure."""

import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from channels.message import InboundMessage, Party
from channels.port import Unreadable

_TEXTS = ("text", "client_msg_id", "choice", "name", "email", "phone", "language", "topic", "identity", "widget")
_UNSEEN = {"Cc", "Cs", "Co"}


def parse(raw: bytes) -> InboundMessage:
    """The message of a line; raises Unreadable where it is no JSON object of the known texts, or says nothing.

    ``client_msg_id`` is what its sender calls it, ``choice`` the key of a button that was pressed instead of writing.
    """
    line = _object(raw)
    told = {name: _text(line, name) for name in _TEXTS}
    if not told["text"]:
        raise Unreadable("the line says nothing")
    return InboundMessage(
        sender=Party(told["email"].lower(), " ".join(told["name"].split())),
        text=told["text"],
        reply=told["text"],
        language=told["language"],
        message_id=told["client_msg_id"] or None,
        may_answer=True,
        fields={name: told[name] for name in ("choice", "phone", "topic", "identity", "widget") if told[name]}
        | ({"people": True} if line.get("people") is True else {}),
    )


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError):
        raise Unreadable("this is no JSON") from None
    if not isinstance(line, Mapping):
        raise Unreadable("this is no JSON object")
    return line


def _text(line: Mapping[str, Any], name: str) -> str:
    """Without control characters and lone surrogates, which no keyboard makes."""
    value = line.get(name, "")
    if not isinstance(value, str):
        raise Unreadable(f"{name} is no text")
    whole = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    seen = (letter for letter in whole if letter in "\n\t" or unicodedata.category(letter) not in _UNSEEN)
    return "".join(seen).strip()
