"""The folder where outgoing mail lands as files instead of leaving: listed and read, nothing else of the disk."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app

from helpdesk.errors import NotFound

NAME = re.compile(r"[0-9]{10,20}-[0-9a-f]{8}\.eml")
"""What the channel calls its files; no other name is ever opened."""
EACH_PAGE = 50
LARGEST = 30 * 1024 * 1024
_HEAD = 16_384


@dataclass(frozen=True)
class Fallen:
    """One letter in the list."""

    name: str
    at: datetime
    to: str
    subject: str


@dataclass(frozen=True)
class Letter:
    """One letter whole: all its headers in order, both of its bodies, the names of its files."""

    name: str
    at: datetime
    subject: str
    headers: Sequence[tuple[str, str]]
    text: str
    html: str
    files: Sequence[str]


def folder() -> Path | None:
    """Where outgoing mail lands; None where it really leaves."""
    parts = urlsplit(current_app.config["SETTINGS"].smtp_url)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def fallen(before: str = "") -> tuple[list[Fallen], str | None]:
    """Letters older than that name, the newest first; and before which name the following page begins."""
    place = folder()
    if place is None:
        return [], None
    names = sorted((name for name in _names(place) if not before or name < before), reverse=True)
    shown = names[:EACH_PAGE]
    return [_listed(place / name) for name in shown], shown[-1] if len(names) > EACH_PAGE else None


def _names(place: Path) -> Iterator[str]:
    if place.is_dir():
        yield from (item.name for item in place.iterdir() if NAME.fullmatch(item.name) and _is_plain(item))


def _is_plain(file: Path) -> bool:
    return file.is_file() and not file.is_symlink()


def _listed(file: Path) -> Fallen:
    """Only the head is read: a letter may carry large files."""
    with file.open("rb") as stream:
        head = message_from_bytes(stream.read(_HEAD), policy=policy.default)
    return Fallen(file.name, _moment(file.name), str(head["to"] or ""), str(head["subject"] or ""))


def _moment(name: str) -> datetime:
    return datetime.fromtimestamp(int(name.partition("-")[0]) / 1e9, UTC)


def letter(name: str) -> Letter:
    """One letter; raises NotFound for every name that is none of the sink's own."""
    place = folder()
    if place is None or not NAME.fullmatch(name) or not _is_plain(place / name):
        raise NotFound("There is no such letter.")
    file = place / name
    if file.stat().st_size > LARGEST:
        raise NotFound("This letter is too large to be shown.")
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    return Letter(
        name=name,
        at=_moment(name),
        subject=str(mail["subject"] or ""),
        headers=[(key, str(value)) for key, value in mail.items()],
        text=_body(mail, "plain"),
        html=_body(mail, "html"),
        files=[part.get_filename() or part.get_content_type() for part in mail.iter_attachments()],
    )


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, ValueError):
        return str(part.get_payload())
