"""The JSON of a checked form to InboundMessage; pure."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from channels.message import Attachment, InboundMessage, Party
from channels.port import Unreadable

_TEXTS = ("subject", "description", "name", "email", "phone", "language", "service")
_BEHALF = ("name", "email", "phone")


def parse(raw: bytes) -> InboundMessage:
    """The message of a form; raises Unreadable where it is no JSON object of the known fields with their types."""
    form = _object(raw)
    told = {name: _text(form, name) for name in _TEXTS}
    own = form.get("fields", {})
    if not isinstance(own, Mapping):
        raise Unreadable("fields is no object")
    if not told["subject"] and not told["description"]:
        raise Unreadable("neither subject nor description says anything")
    return InboundMessage(
        sender=Party(told["email"].lower(), told["name"]),
        subject=" ".join(told["subject"].split()),
        text=told["description"],
        reply=told["description"],
        language=told["language"],
        attachments=_files(form.get("files", [])),
        may_answer=bool(told["email"]),
        fields=dict(own) | {name: told[name] for name in ("phone", "service") if told[name]} | _behalf(form),
    )


def _behalf(form: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """For whom it is asked, under ``on_behalf_of``; nothing where it is for who asks."""
    given = form.get("on_behalf_of", {})
    if not isinstance(given, Mapping):
        raise Unreadable("on_behalf_of is no object")
    told = {name: _text(given, name) for name in _BEHALF}
    return {"on_behalf_of": told} if any(told.values()) else {}


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        form = json.loads(raw)
    except (ValueError, RecursionError):
        raise Unreadable("this is no JSON") from None
    if not isinstance(form, Mapping):
        raise Unreadable("this is no JSON object")
    return form


def _text(form: Mapping[str, Any], name: str) -> str:
    value = form.get(name, "")
    if not isinstance(value, str):
        raise Unreadable(f"{name} is no text")
    return value.replace("\x00", "").strip()


def _files(given: Any) -> tuple[Attachment, ...]:
    if not isinstance(given, list):
        raise Unreadable("files is no list")
    return tuple(map(_file, given))


def _file(given: Any) -> Attachment:
    try:
        data = base64.b64decode(given["data"], validate=True)
        return Attachment(str(given["name"]), str(given["content_type"]), data)
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise Unreadable("a file is not written as name, content_type and data") from None
