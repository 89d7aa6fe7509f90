"""The closure checklist beside a resolved ticket: what is known of its end, what is missing, when it closes itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk.permissions import Actor
from helpdesk.services import articles, checklist, patience
from helpdesk.services.conversation import Conversation
from helpdesk.vocabulary import Status
from helpdesk.web.desk import choices
from helpdesk.web.desk.words import Words
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


STAYS = {
    "major": _("It is a major incident: only people close it, after its review."),
    "restricted": _("It is sensitive: it never closes by itself."),
    "type": _("Tickets of this type never close by themselves."),
    "care": _("Who asked is to be handled with care: it never closes by itself."),
}
"""Why silence does not close a ticket, by the codes of `patience.stays`."""


@dataclass(frozen=True)
class Point:
    """One point of the list: what is asked, and the answer; empty where it is open."""

    code: str
    label: str
    answer: str


@dataclass(frozen=True)
class Closing:
    """What the panel shows. ``article``: who reads this may make a help article of it, or propose one."""

    points: list[Point]
    open: int
    workaround: str
    closes_at: datetime | None
    stays: str
    reopens_until: datetime | None
    article: bool


def panel(actor: Actor, found: Conversation, words: Words) -> Closing | None:
    """The checklist of a ticket that was resolved; None of any other. One statement while it may still close itself."""
    row = found.ticket
    if row.status not in (Status.RESOLVED, Status.CLOSED) or row.resolution_code is None:
        return None
    settings = patience.current() if row.status == Status.RESOLVED else None
    asked = [one.value for one in checklist.points(row)]
    points = [Point(code, words["field"][code], _answer(code, row, words)) for code in asked]
    return Closing(
        points=points,
        open=sum(not point.answer for point in points),
        workaround=_workaround(row.workaround_used),
        closes_at=settings.closes_at(row) if settings else None,
        stays=say(STAYS[why]) if settings and (why := patience.stays(row)) else "",
        reopens_until=settings.reopens_until(row) if settings else None,
        article=articles.offered(actor, row),
    )


def _workaround(used: bool | None) -> str:
    if used is None:
        return ""
    return say(_("A workaround was used")) if used else say(_("No workaround was used"))


def _answer(code: str, row: Any, words: Words) -> str:
    offered = choices.of(words.language)
    if code == "root_cause":
        return words["root_cause"].get(row.root_cause, row.root_cause or "")
    if code == "verified_by":
        return _tester(row, offered)
    return dict(offered.categories_by_id).get(str(row.category_id), "–" if row.category_id else "")


def _tester(row: Any, offered: choices.Choices) -> str:
    if row.verified_by_id is None:
        return ""
    if row.verified_by_id == row.requester_id:
        return say(_("the citizen"))
    colleague = offered.known.colleagues.get(row.verified_by_id)
    return colleague.name if colleague is not None else "–"


def asked_of(actor: Actor, row: Any, offered: choices.Choices) -> dict[str, Any]:
    """What the checklist's forms need: the types of which more is asked, and who may have tested it."""
    return {"faults": checklist.SOLVES_FAULTS, "testers": _testers(actor, row, offered)}


def _testers(actor: Actor, row: Any, offered: choices.Choices) -> list[tuple[str, str]]:
    """Oneself first, then the citizen, then the colleagues."""
    found = [(str(actor.id), say(_("I did")))]
    if row.requester_id is not None:
        found.append((str(row.requester_id), say(_("The citizen did"))))
    return found + [one for one in offered.colleagues(row.department_id) if one[0] != str(actor.id)]
