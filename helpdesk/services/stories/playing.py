"""Lets a story happen again: every step by the service that live work uses, at its moment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from helpdesk import i18n
from helpdesk.db import db, flush_pending, table, unit
from helpdesk.errors import HelpdeskError
from helpdesk.models.tickets import Message, Ticket
from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services import catalogue, intake, replies, tickets
from helpdesk.services.hands import told_as_it_was
from helpdesk.services.hindsight import Hindsight
from helpdesk.services.intake.requests import SPOKEN
from helpdesk.services.people import Contact
from helpdesk.services.stories import cast, terms
from helpdesk.services.stories.reading import Step, Told, wrong
from helpdesk.vocabulary import Level, TicketType

_MESSAGES, _TICKETS = table(Message), table(Ticket)
_CODES: Mapping[str, type[StrEnum]] = {"type": TicketType, "impact": Level, "urgency": Level}


@dataclass(frozen=True)
class Played:
    """The ticket of a story, and whether it is new."""

    number: int
    new: bool


@unit()
def play(told: Told, now: datetime) -> Played:
    """The whole story or nothing of it; one that is here already stays as it is. Raises Invalid."""
    known = _ticket_of(told.key)
    if known is not None:
        return Played(known, new=False)
    if told.steps[-1].at > now:
        raise wrong(f"story[{len(told.steps) - 1}].at", "lies in the future")
    opening = told.steps[0]
    with terms.in_force(told, opening.at) as policy:
        number = _open(told, opening, f"story.{told.key}")
        _require_policy(number, policy)
    clock, last = Hindsight(number), opening.at
    for place, step in enumerate(told.steps[1:], start=1):
        clock.run(last, step.at)
        _do(number, step, f"story[{place}]")
        last = step.at
    clock.run(last, now)
    return Played(number, new=True)


def _open(told: Told, step: Step, name: str) -> int:
    ticket, asks = told.ticket, told.ticket.get("requester", {})
    actor = cast.actor(step.by, "story[0].by") if step.by else SYSTEM
    language = i18n.chosen(ticket.get("language"))
    channel = ticket.get("channel", "api")
    contact = Contact(asks.get("email", "").strip().lower(), asks.get("name", ""), asks.get("phone", ""), language)
    arrival = intake.Arrival(
        channel=channel,
        received_at=step.at,
        contact=contact,
        subject=ticket["subject"],
        text=ticket["text"],
        language=language,
        external_id=name,
        wish=_wish(ticket),
        actor=actor,
        by_staff=channel in SPOKEN,
    )
    [taken] = intake.take_in([arrival], step.at)
    flush_pending()
    assert taken.ticket_id is not None
    return taken.ticket_id


def _wish(ticket: Mapping[str, Any]) -> intake.Wish:
    for name, codes in _CODES.items():
        if ticket.get(name) is not None and ticket[name] not in set(codes):
            raise wrong(f"ticket.{name}", f"must be one of {', '.join(codes)}")
    return intake.Wish(
        department_id=_id("department", ticket.get("department"), "ticket.department"),
        service_id=_id("service", ticket.get("service"), "ticket.service"),
        type=ticket.get("type"),
        impact=ticket.get("impact"),
        urgency=ticket.get("urgency"),
        tags=tuple(ticket.get("tags", ())),
    )


def _id(kind: str, key: str | None, path: str) -> int | None:
    if key is None:
        return None
    try:
        return catalogue.id_of(kind, key)
    except HelpdeskError:
        raise wrong(path, f"there is no {kind} {key}") from None


def _require_policy(number: int, policy: int | None) -> None:
    """Another policy that goes first would make a promise that the story does not tell of."""
    kept = db.session.execute(select(_TICKETS.c.policy_id).where(_TICKETS.c.id == number)).scalar()
    if policy is not None and kept != policy:
        raise wrong("policy", "does not hold for this ticket: nothing in it fits, or another policy goes first")


def _do(number: int, step: Step, path: str) -> None:
    actor = cast.actor(step.by, f"{path}.by") if step.by else cast.citizen(number)
    try:
        with told_as_it_was():
            _ACTS.get(step.do, _plainly)(actor, number, step, path)
    except HelpdeskError as refused:
        if refused.code == "bad-story":
            raise
        raise wrong(f"{path}.do", f"{step.do} is refused: {refused.detail}") from None
    flush_pending()


def _plainly(actor: Actor, number: int, step: Step, path: str) -> None:
    tickets.VERBS[step.do](actor, number, at=step.at, **step.more)


def _say(speak: Callable[..., object]) -> Callable[[Actor, int, Step, str], object]:
    return lambda actor, number, step, path: speak(actor, number, step.more["text"], at=step.at)


def _assign(actor: Actor, number: int, step: Step, path: str) -> None:
    to = step.more.get("to")
    tickets.assign(actor, number, cast.actor(to, f"{path}.to").id if to else None, at=step.at)


def _transfer(actor: Actor, number: int, step: Step, path: str) -> None:
    given = dict(step.more)
    there = _id("department", given.pop("department"), f"{path}.department")
    tickets.transfer(actor, number, there, at=step.at, **given)


def _merge(actor: Actor, number: int, step: Step, path: str) -> None:
    given = dict(step.more)
    key = given.pop("into")
    into = _ticket_of(key)
    if into is None:
        raise wrong(f"{path}.into", f"there is no story {key} here")
    tickets.merge(actor, number, into, at=step.at, **given)


def _ticket_of(key: str) -> int | None:
    """The ticket of the story with that key."""
    return db.session.execute(select(_MESSAGES.c.ticket_id).where(_MESSAGES.c.external_id == f"story.{key}")).scalar()


def _classify(actor: Actor, number: int, step: Step, path: str) -> None:
    given = dict(step.more)
    if "service" in given:
        given["service_id"] = _id("service", given.pop("service"), f"{path}.service")
    tickets.classify(actor, number, at=step.at, **given)


def _escalate(actor: Actor, number: int, step: Step, path: str) -> None:
    given = dict(step.more)
    if to := given.pop("to", None):
        given["person"] = cast.actor(to, f"{path}.to").id
    tickets.escalate(actor, number, at=step.at, **given)


def _of_the_past(actor: Actor, number: int, step: Step, path: str) -> None:
    """It waited as long as it did: the rules of waiting are ours and begin with what lives here."""
    tickets.VERBS[step.do](actor, number, at=step.at, past=True, **step.more)


_ACTS: Mapping[str, Callable[[Actor, int, Step, str], object]] = {
    "write": _say(replies.citizen_writes),
    "reply": _say(replies.reply),
    "note": _say(replies.note),
    "assign": _assign,
    "transfer": _transfer,
    "classify": _classify,
    "escalate": _escalate,
    "merge": _merge,
    "wait": _of_the_past,
    "engage-supplier": _of_the_past,
    "mark-incomplete": _of_the_past,
}
"""What each verb of a story does; the others are moves that take their members as they stand."""
