"""Where the classifier thinks a ticket belongs: its choices as buttons with a key each, and the words that counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpdesk.vocabulary import Status
from helpdesk.web.desk.choices import Choices
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


UNTRIED = _("The classifier has not met such a request before: look closely.")
TRIAGE = _("Where does it belong?")
SENT = _("Does it belong here?")


@dataclass(frozen=True)
class Offer:
    """One department to send it to: the key that does it, and how likely it is."""

    key: int
    department: str
    name: str
    share: str
    here: bool


@dataclass(frozen=True)
class Asked:
    """A question to the agent with its answers, until somebody has begun with the ticket."""

    question: str
    offers: Sequence[Offer]
    words: Sequence[str]
    warning: str


def asked(ticket: Any, offered: Choices) -> Asked | None:
    """What to ask about a ticket; None where nothing was proposed, or where its department works on it already."""
    proposal: Mapping[str, Any] = ticket.routing.get("proposal") or {}
    if not proposal or (ticket.department_id is not None and not _fresh(ticket)):
        return None
    names, here = dict(offered.departments), offered.department_key(ticket.department_id)
    choices = [one for one in proposal["choices"] if one["department"] in names]
    offers = [
        Offer(at, one["department"], names[one["department"]], share(one["confidence"]), one["department"] == here)
        for at, one in enumerate(choices, 1)
    ]
    if not offers:
        return None
    question = say(TRIAGE if ticket.department_id is None else SENT)
    return Asked(question, offers, counted(proposal), "" if proposal["known"] else say(UNTRIED))


def _fresh(ticket: Any) -> bool:
    """The classifier sent it and nobody has begun."""
    return bool(ticket.routing.get("by") == "classifier" and ticket.status == Status.NEW)


def counted(proposal: Mapping[str, Any]) -> list[str]:
    """The words that spoke for the first choice, as they stand in the text."""
    return [str(reason["word"]) for reason in proposal.get("reasons", ())]


def share(confidence: float) -> str:
    """A confidence as people say it; never nothing and never all, for nobody is that sure."""
    return f"{min(max(confidence, 0.01), 0.99):.0%}"
