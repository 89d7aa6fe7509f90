"""The words of a letter about a change: what happened, in a line, and how the request stands now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk import events, i18n
from helpdesk.services import patience, publicly
from helpdesk.services.informing.changes import Changed
from helpdesk.vocabulary import PromiseWay, PublicChange


def _(message: str) -> str:
    """Marks a message for translation; it is translated in the reader's language."""
    return message


HEADLINES: Mapping[PublicChange, str] = {
    PublicChange.TAKEN_UP: _("Somebody works on your request"),
    PublicChange.TRANSFERRED: _("Another department answers your request"),
    PublicChange.NEEDS_CITIZEN: _("Your request waits for you"),
    PublicChange.WAITS_SUPPLIER: _("Your request waits for others"),
    PublicChange.WAITS_INTERNAL: _("Your request waits for others"),
    PublicChange.SCHEDULED: _("There is a date for your request"),
    PublicChange.RESUMED: _("We go on with your request"),
    PublicChange.ESCALATED: _("Your request went to colleagues who can do more"),
    PublicChange.EXTENDED: _("Your request takes longer"),
    PublicChange.RESOLVED: _("Your request is done"),
    PublicChange.FORWARDED: _("Your request went to another body"),
    PublicChange.CLOSED: _("Your request is closed"),
    PublicChange.REOPENED: _("We are working on your request again"),
    PublicChange.CANCELLED: _("Your request has ended"),
    PublicChange.MERGED: _("Your request goes on together with another"),
    PublicChange.UNMERGED: _("We look at your request by itself again"),
    PublicChange.CALL_PROMISED: _("We will ring you"),
    PublicChange.CALL_OFF: _("The call we had promised is off"),
}
"""What happened, in a line; a change without one has a letter of its own."""

WRITTEN = _("We will write to you")
WRITTEN_BETWEEN = _("We will write to you between %(begins)s and %(ends)s.")

TEMPLATES = {
    PublicChange.CLOSED: "closed",
    PublicChange.REOPENED: "reopened",
    PublicChange.MERGED: "merged",
    PublicChange.UNMERGED: "unmerged",
}
"""Letters with words of their own; all others are ``progress``."""


@dataclass
class Words:
    """What letters of these tickets say; everything is read once."""

    at: datetime
    facts: Mapping[int, Any]

    def __post_init__(self) -> None:
        self._patience = patience.current()

    def values(self, changed: Changed, ticket_id: int, language: str) -> dict[str, Any]:
        """For the template of that change, to a reader of that language."""
        row, survivor = self.facts[ticket_id], self.facts[changed.ticket_id]
        if row is survivor:
            found = publicly.standing(row, self.at, self._patience.silence(row), language)
        else:
            found = publicly.joined(survivor, self.at, self._patience.silence(survivor), language)
        return {
            "headline": i18n.gettext(language, _headline(changed)),
            "sentence": _own_sentence(changed, language) or found.sentence,
            "then": found.then,
            "phone": survivor.department_phone or "",
            "other": self._other(row),
        }

    def _other(self, row: Any) -> int | str:
        """The request with which this one goes on, named only to who asked there too."""
        ahead = self.facts.get(row.survivor_id)
        return ahead.id if ahead is not None and ahead.requester_id == row.requester_id else ""


def words(ticket_ids: set[int], at: datetime) -> Words:
    """Of these tickets, and of those in which they go on, at that moment."""
    facts = publicly.facts(ticket_ids)
    ahead = {row.survivor_id for row in facts.values()} - facts.keys() - {None}
    return Words(at, facts | (publicly.facts(ahead) if ahead else {}))


def _headline(changed: Changed) -> str:
    """What happened, in a line; who wants to be written to is not told of a call."""
    if isinstance(changed.event, events.CallBackPromised) and changed.event.way != PromiseWay.PHONE:
        return WRITTEN
    return HEADLINES[changed.change]


def _own_sentence(changed: Changed, language: str) -> str:
    """Where the change itself says more than how the request stands."""
    event = changed.event
    if isinstance(event, events.CallBackPromised):
        moments = {"begins": event.begins_at, "ends": event.ends_at}
        told = {name: i18n.moment(datetime.fromisoformat(at), language) for name, at in moments.items()}
        written = event.way != PromiseWay.PHONE
        words = WRITTEN_BETWEEN if written else _("We will ring you between %(begins)s and %(ends)s.")
        return i18n.gettext(language, words) % told
    if isinstance(event, events.CallBackCancelled):
        return i18n.gettext(language, _("We will not ring you as we had agreed. Your request goes on as before."))
    return ""
