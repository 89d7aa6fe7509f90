"""What the form of an agreement offers to choose from, in the page's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from helpdesk.services import catalogue
from helpdesk.services.rulebook import OWN_CLOCK
from helpdesk.vocabulary import WAITING, TicketType
from helpdesk.web.admin import words
from helpdesk.web.admin.agreements.telling import DOES, named
from helpdesk.web.admin.fields import Option
from helpdesk.web.desk.words import CLOCK, PRIORITY, STATUS, TYPE
from helpdesk.web.templating import say
from sla import YES, AgreementKind


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


UNITS = {"hours": _("open hours (h:mm)"), "days": _("calendar days, as the law counts")}
AT = {
    "percent": _("% of the time"),
    "before": _("h:mm before it is due"),
    "due": _("when it is due"),
    "after": _("h:mm after it was due"),
}
REOPEN = {"continue": _("The time to resolve goes on where it stopped"), "new-cycle": _("It begins anew")}
CELLS = {**PRIORITY, "every": _("All others")}


def offered(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that stands in its lists; what is chosen already stays, though it be out of use."""
    own = OWN_CLOCK.get(AgreementKind(typed["kind"]))
    clocks = {str(own): CLOCK[own]} if own else CLOCK
    return {
        "clocks": words.options(clocks),
        "stopping": {code: say(word) for code, word in CLOCK.items()},
        "units": words.options(UNITS),
        "calendars": words.calendars(),
        "cells": words.options(CELLS),
        "at": words.options(AT),
        "does": [(action.value, say(word)) for action, word in DOES.items()],
        "teams": [(row.key, words.name(row.names)) for row in catalogue.current().teams.values()],
        "people": people(),
        "parties": {name: keyed(name) for name in ("customer", "department", "supplier")},
        "asked": asked(),
        "reopen": words.options(REOPEN),
        "waiting": [(code, say(word)) for code, word in STATUS.items() if code in WAITING],
    }


def people() -> list[Option]:
    """Who works here, by address."""
    return [(one.email, one.name) for one in catalogue.colleagues() if one.email]


def keyed(name: str) -> list[Option]:
    """What the body has of it, by key and name."""
    rows: Mapping[int, Any] = getattr(catalogue.current(), f"{name}s", {})
    return _named(row for row in rows.values() if getattr(row, "active", True))


def _named(rows: Iterable[Any]) -> list[Option]:
    return sorted(((row.key, words.name(row.names)) for row in rows), key=lambda pair: pair[1].casefold())


def asked() -> dict[str, list[Option]]:
    """What an agreement, or one of its promises, may be narrowed to."""
    types = [(one.value, say(TYPE[one.value])) for one in TicketType]
    lists = {name: keyed(name) for name in ("service", "department", "customer", "supplier")}
    return {"priority": words.options(PRIORITY), "type": types, **lists, "major": [(YES, named("major", YES))]}
