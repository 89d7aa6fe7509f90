"""Sentences for the timeline about short messages, and what carriers' codes mean in plain words."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from helpdesk.web.desk.telling import Telling
from helpdesk.web.templating import say

Data = Mapping[str, Any]


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


CODES: Mapping[str, str] = {
    "21211": _("There is no such number."),
    "21408": _("The carrier does not send to that country."),
    "21606": _("Our number cannot send messages: tell an administrator."),
    "21610": _("They have asked for no messages by this channel."),
    "21614": _("This number takes no messages."),
    "21617": _("It is too long for a short message."),
    "30001": _("The carrier has too many messages waiting."),
    "30002": _("Our account at the carrier is closed: tell an administrator."),
    "30003": _("Their telephone is switched off or cannot be reached."),
    "30004": _("Their telephone or network blocks the message."),
    "30005": _("There is no such number any more."),
    "30006": _("A land line, or a network that takes no messages."),
    "30007": _("The network took it for spam."),
    "30008": _("The network did not say why."),
    "63003": _("This number has no WhatsApp."),
    "63016": _("They have not written by WhatsApp for a day: only approved words may be sent."),
    "63024": _("This number has no WhatsApp."),
    "63032": _("WhatsApp does not let us write to this person."),
    "not-sent": _("It was not sent."),
}
"""By the code with which a detail begins."""

OWN: Mapping[str, str] = {
    "too-many": _("Too many messages to this number today."),
    "land-line": _("A land line takes no messages."),
    "abroad": _("The body does not write to numbers of that country."),
    "premium-rate": _("A premium number is never written to."),
    "the carrier never took it": _("The carrier does not have it: it was never sent."),
}
"""Why we did not send it ourselves, after ``not-sent``."""

_CODE = re.compile(r"(\d{5}|not-sent)\b\s*(.*)", re.DOTALL)


def detail(told: str) -> str:
    """What went wrong in plain words with the carrier's code; other details as they are."""
    found = _CODE.match(told)
    if found is None:
        return told
    code, rest = found.groups()
    if code == "not-sent":
        return say(OWN.get(rest.strip(), CODES[code]))
    words = say(CODES.get(code, _("The carrier could not deliver it.")))
    return f"{words} ({code})"


def _channel(data: Data, telling: Telling, name: str = "kind") -> str:
    return str(telling.words["channel"].get(data[name], data[name]))


def _changed(data: Data, telling: Telling) -> str:
    told = {"first": _channel(data, telling), "second": _channel(data, telling, "to")}
    return say(_("sent a message by %(second)s, since it did not arrive by %(first)s"), **told)


def _declined(data: Data, telling: Telling) -> str:
    return say(_("noted that they want no messages by %(channel)s"), channel=_channel(data, telling))


def _accepted(data: Data, telling: Telling) -> str:
    return say(_("noted that they want messages by %(channel)s again"), channel=_channel(data, telling))


FILES = {
    "kept": _("fetched a file that came with a message"),
    "failed": _("could not fetch a file that came with a message"),
}


def _media(data: Data, telling: Telling) -> str:
    return say(FILES.get(data["state"], FILES["failed"]))


SENTENCES: Mapping[str, Callable[[Data, Telling], str]] = {
    "way_changed": _changed,
    "texts_declined": _declined,
    "texts_accepted": _accepted,
    "media_settled": _media,
}
