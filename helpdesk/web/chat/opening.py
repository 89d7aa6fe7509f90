"""What a citizen can do before a conversation begins: who answers now, which topics there are, what else there is."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app, url_for

from helpdesk import i18n
from helpdesk.services import catalogue, dialogue
from helpdesk.services.chats import staffing
from helpdesk.web.contact import is_mail

CALLBACK = "portal.callback"
"""The page that promises a call, where this installation has one."""


def as_json(values: Mapping[str, str], with_files: bool) -> bytes:
    """A form as the chat's own JSON; who sends only files says that they do."""
    told = dict(values)
    if with_files and not told.get("text"):
        told["text"] = i18n.gettext(i18n.chosen(told.get("language")), "See the file.")
    return json.dumps(told).encode()


def mail(told: str) -> str:
    """An address that can be one; anything else is as good as none."""
    return told if is_mail(told) else ""


def topic(key: str) -> int | None:
    """The department of that key; None where none was chosen."""
    return next((one.id for one in catalogue.departments() if one.key == key), None) if key else None


def availability(at: datetime, language: str = "") -> dict[str, Any]:
    """As JSON: ``now`` somebody could begin at once, ``answered`` who waits will be, ``bot`` one answers always."""
    tongue, staffed = i18n.chosen(language or None), staffing.of_all(at)
    return {
        "now": any(one.at_once for one in staffed.values()),
        "answered": any(one.answers for one in staffed.values()),
        "bot": dialogue.partner(None) is not None,
        "topics": [
            {
                "key": one.key,
                "name": i18n.pick(one.names, tongue),
                "answered": staffed[one.id].answers,
                "now": staffed[one.id].at_once,
            }
            for one in catalogue.departments()
        ],
        "instead": instead(tongue),
    }


def instead(language: str) -> dict[str, str]:
    """What there is besides a chat: a request always, a promised call where the body has it."""
    found = {"request": url_for("portal.ask", language=language)}
    if CALLBACK in current_app.view_functions:
        found["callback"] = url_for(CALLBACK, language=language)
    return found
