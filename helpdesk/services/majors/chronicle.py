"""The course of a major incident from the journal, in sentences: what its review begins with."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk import events, i18n
from helpdesk.services import catalogue, journal
from helpdesk.services.journal import Recorded


def _(message: str) -> str:
    """Marks a message for translation; it is translated when the course is told."""
    return message


@dataclass(frozen=True)
class Moment:
    """Something that happened, as the review tells it."""

    at: datetime
    text: str

    def to_dict(self) -> dict[str, str]:
        """As it is kept."""
        return {"at": self.at.isoformat(), "text": self.text}


CRITERIA: Mapping[str, str] = {
    "similar": _("Many similar incidents in a short time"),
    "critical_service": _("A critical service is struck"),
    "priority": _("Critical priority and high impact"),
    "by_hand": _("A colleague saw it"),
    "none": _("No criterion is met"),
}
"""Each criterion in words."""


def _person(id_: int | None) -> str:
    one = catalogue.current().colleagues.get(id_ or 0)
    return one.name if one else "–"


_Told = tuple[str, Mapping[str, Any]]


def _criterion(event: Any) -> Mapping[str, Any]:
    return {"why": CRITERIA.get(event.criterion, event.criterion)}


_SENTENCES: Mapping[type[events.Event], Callable[[Any], _Told | None]] = {
    events.TicketOpened: lambda event: (_("The first report arrived."), {}),
    events.TicketAcknowledged: lambda event: (_("Somebody began to work on it."), {}),
    events.MajorProposed: lambda event: (_("It was proposed as a major incident: %(why)s."), _criterion(event)),
    events.MajorDeclared: lambda event: (
        _("It was declared a major incident (%(why)s). Coordinator: %(person)s."),
        {**_criterion(event), "person": _person(event.coordinator_id)},
    ),
    events.CoordinatorChanged: lambda event: (
        _("%(person)s took over the coordination."), {"person": _person(event.coordinator_id)}
    ),
    events.MajorUpdatePublished: lambda event: (_("Everybody concerned was told how things stand."), {}),
    events.MajorUpdateMissed: lambda event: (_("The promised update was late."), {}) if event.alarm == 1 else None,
    events.SupplierEngaged: lambda event: (_("A supplier was engaged."), {}),
    events.SupplierAnswered: lambda event: (_("The supplier answered."), {}),
    events.TicketEscalated: lambda event: (_("It was escalated."), {}),
    events.SignalReported: lambda event: (_("Monitoring reported it."), {}),
    events.SignalRecovered: lambda event: (_("Monitoring reported that it is over."), {}),
    events.TicketResolved: lambda event: (_("It was resolved."), {}),
    events.TicketReopened: lambda event: (_("It was not over: work went on."), {}),
}  # fmt: skip
_MANY = _("%(count)s more reports were linked to it.")
_ONE = _("One more report was linked to it.")


def course(number: int, language: str) -> list[Moment]:
    """What happened, in the order of time; children that were linked together are one line."""
    return list(_told(journal.of(number), language))


def _told(facts: list[Recorded], language: str) -> Iterator[Moment]:
    linked: list[Recorded] = []
    for fact in facts:
        if isinstance(fact.event, events.MajorChildLinked):
            linked.append(fact)
            continue
        if linked and fact.at != linked[-1].at:
            yield _joined(linked, language)
            linked = []
        tell = _SENTENCES.get(type(fact.event))
        if tell and (told := tell(fact.event)):
            message, values = told
            said = {name: i18n.gettext(language, str(value)) for name, value in values.items()}
            yield Moment(fact.at, i18n.gettext(language, message) % said)
    if linked:
        yield _joined(linked, language)


def _joined(linked: list[Recorded], language: str) -> Moment:
    message = _ONE if len(linked) == 1 else _MANY
    return Moment(linked[0].at, i18n.gettext(language, message) % {"count": len(linked)})
