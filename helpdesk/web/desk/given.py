"""What a form of the desk gave, read as the services want it; what cannot be read is named by its field."""

from collections.abc import Mapping
from datetime import datetime

from flask import request

from helpdesk import i18n
from helpdesk.errors import Invalid
from helpdesk.services.notices import NewFile

LARGEST_FILE = 10 * 1024 * 1024
LARGEST_TOGETHER = 25 * 1024 * 1024
MOST_FILES = 20
MOST_TAGS, LONGEST_TAG = 20, 40

Given = Mapping[str, str]


def number(given: Given, name: str) -> int | None:
    """A whole number; None for an empty field."""
    text = given.get(name, "").strip().lstrip("#")
    if not text:
        return None
    if not text.isdecimal() or len(text) > 15:
        raise Invalid("That is no number.", fields={name: "a number"})
    return int(text)


def numbers(name: str) -> list[int]:
    """The whole numbers of a field that was sent several times."""
    found = request.form.getlist(name)
    if any(not text.isdecimal() or len(text) > 15 for text in found):
        raise Invalid("That is no number.", fields={name: "a number"})
    return [int(text) for text in found]


def version(given: Given) -> int | None:
    """The version of the ticket that the page showed."""
    return number(given, "version")


def moment(given: Given, name: str) -> datetime | None:
    """A date with or without a time of day, in the body's own zone; a day alone means its morning."""
    text = given.get(name, "").strip()
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid("That is no date.", fields={name: "a date"}) from None
    if at is None:
        return None
    return (at.replace(hour=8) if len(text) <= 10 else at).replace(tzinfo=i18n.ZONE)


def instant(given: Given, name: str) -> datetime | None:
    """A moment as pages of ours write it, with its zone; None for an empty field."""
    text = given.get(name, "").strip()
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        at = None
    if text and (at is None or at.tzinfo is None):
        raise Invalid("That is no date.", fields={name: "a date"})
    return at


def tags(given: Given, name: str = "tags") -> list[str]:
    """Labels, separated by commas: lower case, without the sign that people put before them."""
    found = (" ".join(part.split()).strip("#").lower() for part in given.get(name, "").split(","))
    labels = list(dict.fromkeys(filter(None, found)))
    if len(labels) > MOST_TAGS or any(len(label) > LONGEST_TAG for label in labels):
        raise Invalid("At most 20 tags of at most 40 characters.", fields={name: "fewer or shorter tags"})
    return labels


def files(name: str = "files") -> list[NewFile]:
    """The files that came with the form."""
    sent = [file for file in request.files.getlist(name) if file.filename]
    found = [NewFile(str(file.filename), file.mimetype or "application/octet-stream", file.read()) for file in sent]
    for file in sent:
        file.close()
    sizes = [len(file.data) for file in found]
    if len(found) > MOST_FILES or max(sizes, default=0) > LARGEST_FILE or sum(sizes) > LARGEST_TOGETHER:
        told = "The files are too large: each one may have 10 MB, all together 25 MB."
        raise Invalid(told, fields={name: "smaller or fewer files"})
    return found
