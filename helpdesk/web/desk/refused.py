"""Moves that were refused, as sentences for the timeline."""

from collections.abc import Mapping
from typing import Any

from helpdesk.web.desk.refusals import REFUSED
from helpdesk.web.desk.telling import Telling
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


SHORT = {
    **REFUSED,
    "stale-version": _("Somebody had changed it meanwhile."),
    "illegal-move": _("Its state did not allow it."),
    "invalid-form": _("Something was missing or wrong."),
    "invalid": _("Something was missing or wrong."),
    "forbidden": _("It is for others to do."),
}
"""Why, as one reads it afterwards."""


def sentence(data: Mapping[str, Any], telling: Telling) -> str:
    """What was tried, why it was refused, and which fields it was about."""
    words = telling.words
    verb, why = words["verb"].get(data["verb"], data["verb"]), say(SHORT.get(data["code"], SHORT["illegal-move"]))
    told = say(_("tried “%(verb)s” and was refused: %(why)s"), verb=verb, why=why)
    fields = [words["field"].get(name, name) for name in data.get("fields") or () if name not in _SAID]
    return f"{told} ({', '.join(fields)})" if fields else told


_SAID = frozenset({"version", "status"})
"""Fields that the reason itself tells of."""
