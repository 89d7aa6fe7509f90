"""What may help with a ticket: problems behind it, known errors and articles that fit; linked, used, put into words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpdesk.errors import Invalid
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import problems
from helpdesk.services.conversation import Conversation, Said
from helpdesk.vocabulary import ProblemState
from helpdesk.web.desk import given
from helpdesk.web.desk.deeds import Act, Before
from helpdesk.web.desk.given import Given
from helpdesk.web.desk.words import Words


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


@dataclass(frozen=True)
class Panel:
    """What the template shows; ``may_link``: whether the reader works on this ticket."""

    found: problems.Found
    may_link: bool
    may_reply: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing fits."""
        return not (self.found.linked or self.found.errors or self.found.articles)

    def tells(self, row: Any) -> bool:
        """Whether there is a way round it to be told."""
        return not row.no_workaround and any(row.workarounds.values()) and row.state == ProblemState.KNOWN_ERROR


def panel(actor: Actor, found: Conversation, known: Words) -> Panel:
    """By the ticket's service and category, and the words it began with."""
    told = problems.for_ticket(actor, found.ticket, _words(found))
    return Panel(told, "link-problem" in found.allowed, "reply" in found.allowed)


def _words(found: Conversation) -> str:
    first = next((entry.message for entry in found.timeline if isinstance(entry, Said)), None)
    return f"{found.ticket.subject} {(first.reply_text or first.text) if first is not None else ''}"


def quoted(wish: str, found: Conversation) -> Mapping[str, str]:
    """The workaround of a known error, as the composer begins with it, in the citizen's language."""
    if not wish.isdecimal() or len(wish) > 15 or "reply" not in found.allowed:
        return {}
    told = problems.workaround(int(wish), found.ticket.language)
    return {"text": told} if told else {}


def _problem(form: Given) -> int:
    id_ = given.number(form, "problem")
    if id_ is None:
        raise Invalid("Give the number of the problem.", fields={"problem": "is needed"})
    return id_


def _link(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return problems.link(actor, number, _problem(form), version=given.version(form))


def _unlink(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return problems.unlink(actor, number, _problem(form), version=given.version(form))


def _use(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return problems.use(actor, number, _problem(form), version=given.version(form))


ACTS: Mapping[str, Act] = {
    "link-problem": Act(_link, _("It stands with that problem now."), focus="may-help"),
    "unlink-problem": Act(_unlink, _("It does not stand with that problem any more."), focus="may-help"),
    "use-workaround": Act(_use, _("Noted that the workaround helped."), focus="may-help"),
}
