"""Why a clock did what it did, in words: the fact that began a row of its ledger, a policy's claim, a step's deed."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from helpdesk import i18n
from helpdesk.services.clocks import Promise
from helpdesk.services.journal import Recorded
from helpdesk.web.desk import story
from helpdesk.web.desk.telling import Telling
from helpdesk.web.templating import say
from sla import When


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


SAID = {
    "message_received": _("wrote"),
    "reply_sent": _("answered the citizen"),
    "reply_withdrawn": _("took an answer back"),
    "ticket_acknowledged": _("looked at it first"),
    "clock_started": _("set this deadline"),
    "clock_retargeted": _("set another target"),
}
"""Facts that the timeline leaves to others of its lines."""

WHY = {
    "only": _("No other policy fits this ticket."),
    "order": _("It goes before the other policies that fit."),
    "specific": _("Of the policies that fit it asks the most of a ticket."),
    "policy": _("The policy of the ticket decides, no other agreement does."),
    "": _("It held already when this round began."),
}

DOES = {
    "warn": _("Warn on the desk"),
    "breach": _("Note that it is missed"),
    "notify-owner": _("Write to who works on it"),
    "notify-team": _("Write to the department"),
    "raise-priority": _("Raise the priority"),
    "reassign": _("Take it off who works on it"),
    "escalate-to-group": _("Escalate to a team"),
    "escalate-to-supervisor": _("Escalate to who leads"),
    "notify-customer": _("Write to the customer body"),
    "tell-citizen": _("Tell the citizen why it is late"),
}


def cause(fact: Recorded | None, code: str, telling: Telling) -> str:
    """Who did what, that a row of a ledger began with; ``code`` where nobody knows the fact any more."""
    if fact is None:
        return code
    told = say(SAID[fact.type]) if fact.type in SAID else story.sentence(fact, telling)
    return f"{story.who(fact, telling)} {told}"


def place(fact: Recorded | None) -> str:
    """The anchor of the fact on the ticket's page; empty where it has none."""
    if fact is None or fact.type in {"clock_started", "clock_retargeted", "ticket_acknowledged"}:
        return ""
    message = getattr(fact.event, "message_id", None)
    return f"m{message}" if message and fact.type in _BY_MESSAGE else f"f{fact.id}"


_BY_MESSAGE = frozenset({"message_received", "reply_sent", "reply_withdrawn"})


def when(asked: When, telling: Telling) -> str:
    """What a target asks of a ticket: ``Priority: High; Type: Incident``; empty where it asks nothing."""
    return "; ".join(f"{_heading(name, telling)}: {_values(name, asked, telling)}" for name in asked.asked)


def _heading(name: str, telling: Telling) -> str:
    return telling.words["field"].get(name, say(HEADINGS.get(name, name)))


_CODES = ("priority", "type")
HEADINGS = {"customer": _("Customer body"), "supplier": _("Supplier")}


def _values(name: str, asked: When, telling: Telling) -> str:
    menus = {"department": telling.choices.departments, "service": telling.choices.services}
    known = telling.words[name] if name in _CODES else dict(menus.get(name, ()))
    values: Sequence[str] = getattr(asked, name)
    return ", ".join(known.get(value, value) for value in values)


def calendar(promise: Promise) -> str:
    """Why it is measured in the hours of that calendar."""
    if promise.target.days:
        return say(_("The law counts days, whatever is open."))
    if promise.target.calendar:
        return say(_("The target names it."))
    return say(_("They are the hours of the department."))


def step(key: str, language: str) -> str:
    """When a step is to be done: ``at 80% of the target``, ``1h before it is due``, ``when it is due``."""
    at = key.split(":")[0]
    if at.endswith("%"):
        return say(_("at %(share)s of the target"), share=at)
    amount = i18n.duration(timedelta(seconds=int(at)), language)
    if int(at) == 0:
        return say(_("when it is due"))
    told = _("%(time)s before it is due") if int(at) < 0 else _("%(time)s after it was due")
    return say(told, time=amount)


def mentioned(facts: Sequence[Recorded]) -> set[int]:
    """Whose names these facts need."""
    found = {fact.actor_id for fact in facts if fact.actor_id is not None}
    for fact in facts:
        data: Mapping[str, Any] = fact.event.data()
        found |= {data[name] for name in ("assignee_id", "owner_id", "person_id") if data.get(name)}
    return found
