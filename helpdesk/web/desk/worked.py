"""Sentences for the timeline about models of work, their steps and approvals, and about problems."""

from collections.abc import Callable, Mapping
from typing import Any

from helpdesk.web.desk.telling import Telling
from helpdesk.web.templating import say

Data = Mapping[str, Any]


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


def _linked(data: Data, telling: Telling) -> str:
    return say(_("linked it with problem %(number)s"), number=data["problem_id"])


def _unlinked(data: Data, telling: Telling) -> str:
    return say(_("parted it from problem %(number)s"), number=data["problem_id"])


def _used(data: Data, telling: Telling) -> str:
    return say(_("noted that the workaround of problem %(number)s helped"), number=data["problem_id"])


SENTENCES: Mapping[str, Callable[[Data, Telling], str]] = {
    "problem_linked": _linked,
    "problem_unlinked": _unlinked,
    "workaround_used": _used,
}
