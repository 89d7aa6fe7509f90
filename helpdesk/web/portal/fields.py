"""What citizens type into forms: read, cleaned, checked; every complaint says what to do."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request

from helpdesk import i18n
from helpdesk.web.contact import LONGEST_MAIL, is_mail, phone
from helpdesk.web.filled import LARGEST_FILE, LARGEST_TOGETHER, MOST_FILES, Filled, files, typed
from helpdesk.web.templating import say

__all__ = [
    "LARGEST_FILE", "LARGEST_TOGETHER", "LONGEST", "LONGEST_OWN", "MOST_FILES", "TRAP", "Filled", "files", "reply",
    "request_of", "typed",
]  # fmt: skip

LONGEST = {
    "subject": 200, "description": 20_000, "name": 200, "email": LONGEST_MAIL, "phone": 40, "language": 2,
    "behalf_name": 200, "behalf_email": LONGEST_MAIL,
}  # fmt: skip
"""Characters of the fields that every form has."""
LONGEST_OWN = 2_000
TRAP = "website"
"""A field that people do not see and machines fill in."""


def request_of(service: Any | None) -> Filled:
    """The form of a service (None: of no service in particular), read and checked."""
    own = list(service.fields) if service else []
    filled = Filled(typed([*LONGEST, *(item["name"] for item in own)]))
    filled.values["subject"] = " ".join(filled.values["subject"].split())
    for name in ("name", "behalf_name"):
        filled.values[name] = " ".join(filled.values[name].split())
    filled.require("subject", say("Say in a few words what it is about."))
    filled.require("description", say("Describe what you need or what happened."))
    for item in own:
        _check_own(filled, item)
    filled.require("name", say("Tell us your name."))
    _check_reach(filled)
    _check_lengths(filled)
    filled.files = files(filled.errors)
    if request.form.get(TRAP):
        filled.errors[TRAP] = say("Leave the field “Website” empty; your browser may have filled it in.")
    return filled


def _check_own(filled: Filled, item: Mapping[str, Any]) -> None:
    name, value = item["name"], filled.values[item["name"]]
    label = i18n.pick(item.get("labels") or {}, filled.values["language"]) or name
    if item.get("required"):
        filled.require(name, say("This is needed: %(label)s", label=label))
    if not value:
        return
    if item["kind"] == "choice" and value not in {choice["value"] for choice in item.get("choices", ())}:
        filled.errors[name] = say("Choose one of the answers.")
    if item["kind"] == "date" and not _is_day(value):
        filled.errors[name] = say("Write a day that exists, like 31/12/2026.")
    if len(value) > LONGEST_OWN:
        filled.errors[name] = say("Use at most %(count)s characters.", count=LONGEST_OWN)


def _is_day(told: str) -> bool:
    parts = re.findall(r"\d+", told)
    if len(parts) != 3 or len(told) > 10:
        return False
    year, month, day = parts if len(parts[0]) == 4 else reversed(parts)
    try:
        return date(int(year), int(month), int(day)) > date.min
    except ValueError:
        return False


def _check_reach(filled: Filled) -> None:
    values, errors = filled.values, filled.errors
    if values["language"] not in i18n.LANGUAGES:
        values["language"] = i18n.DEFAULT
    for name in ("email", "behalf_email"):
        if values[name] and not is_mail(values[name]):
            errors[name] = say("Write the e-mail address in Latin letters, like name@example.com.")
    if values["behalf_email"]:
        filled.require("behalf_name", say("Tell us the name of the person for whom you ask."))
    if values["phone"] and not phone(values["phone"]):
        errors["phone"] = say("Write a telephone number, like 2101234567 or +44 20 7946 0000.")


def _check_lengths(filled: Filled) -> None:
    for name, most in LONGEST.items():
        if len(filled.values[name]) > most:
            filled.errors[name] = say("Use at most %(count)s characters.", count=most)


def reply() -> Filled:
    """What somebody adds to their request: words and files."""
    filled = Filled(typed(["text"]))
    filled.files = files(filled.errors)
    if filled.files and not filled.values["text"]:
        filled.values["text"] = say("See the file.") if len(filled.files) == 1 else say("See the files.")
    filled.require("text", say("Write your message, or choose a file."))
    if len(filled.values["text"]) > LONGEST["description"]:
        filled.errors["text"] = say("Use at most %(count)s characters.", count=LONGEST["description"])
    return filled
