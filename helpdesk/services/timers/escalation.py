"""What a step does beside being a fact: letters, other hands, another priority, a word to the citizen.

Each effect stands in the transaction of the fact that its step fired. One that fails is undone and set aside alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text, update
from sqlalchemy.exc import OperationalError

import sla
from helpdesk import i18n
from helpdesk.db import db, savepoint, table
from helpdesk.errors import Invalid
from helpdesk.models.clocks import ClockStep
from helpdesk.permissions import SYSTEM
from helpdesk.services import accounts, alerts, catalogue, classification, escalations, outbox, rulebook, tickets
from helpdesk.services.clocks import Promise
from helpdesk.services.correspondence import CARRIER
from helpdesk.services.escalations import Escalated
from helpdesk.services.hands import Hand, moved
from helpdesk.services.informing import customers
from helpdesk.services.outbox import Parcel
from helpdesk.services.timers import lateness
from helpdesk.services.timers.sentences import sentence
from helpdesk.vocabulary import ClockName, Priority, PublicChange
from sla import StepAction

_STEPS = table(ClockStep)

LATE = timedelta(minutes=1)
"""A step that fired later than this says so."""


@dataclass(frozen=True)
class Firing:
    """One step of one cycle of a clock, due at ``due_at``, done at ``at``."""

    ticket_id: int
    promise: Promise
    cycle: int
    step: sla.Step
    due_at: datetime
    at: datetime

    @property
    def key(self) -> tuple[int, str, int, str]:
        """What makes it happen once: ticket, clock, cycle, step."""
        return self.ticket_id, self.promise.clock.value, self.cycle, self.step.key

    @property
    def why(self) -> str:
        """The step as the journal names it as a reason: "resolution 80%:escalate-to-group:it"."""
        return f"{self.promise.clock.value} {self.step.key}"

    @property
    def left(self) -> timedelta:
        """How much of the promise is left when the step is due; nothing or less after it."""
        return self.promise.amount - self.step.threshold(self.promise.amount)

    def told(self, language: str) -> str:
        """What it is about, in a sentence."""
        return sentence(self.promise.clock, self.ticket_id, self.left, language)


AGAIN = timedelta(hours=1)
"""After this an effect that was set aside is tried again: its cause may have been mended."""


def act(firings: Sequence[Firing]) -> None:
    """Does what the steps say, in their order; warnings and breaches are facts and news.

    Of a breach the customer body learns by the rules of informing, also where its promise has no step for it.
    """
    missed = [one for one in firings if one.step.do is StepAction.BREACH and one.promise.clock in OF_CUSTOMERS]
    theirs = customers.with_customer([one.ticket_id for one in missed])
    for firing in firings:
        if effect := EFFECTS.get(firing.step.do):
            perform(effect, firing)
        elif firing in missed and firing.ticket_id in theirs:
            perform(_tell_customer, firing)


OF_CUSTOMERS = frozenset({ClockName.FIRST_RESPONSE, ClockName.RESOLUTION})
"""Clocks whose breach a customer body is told of; the others are ours to mind."""


def perform(effect: Callable[[Firing], None], firing: Firing) -> None:
    """One effect by itself: what fails is undone, kept with its reason on the step's row, and holds up nobody."""
    try:
        with savepoint():
            effect(firing)
    except OperationalError:  # a lost connection or a deadlock says nothing about the step
        raise
    except Exception as error:
        _note(firing, again_at=firing.at + AGAIN, error=f"{type(error).__name__}: {error}"[:500])


def _note(firing: Firing, **values: Any) -> None:
    ticket_id, clock, cycle, step = firing.key
    same = (_STEPS.c.ticket_id == ticket_id, _STEPS.c.clock == clock, _STEPS.c.cycle == cycle, _STEPS.c.step == step)
    db.session.execute(update(_STEPS).where(*same).values(values))


def _notify(who: str) -> Callable[[Firing], None]:
    def notify(firing: Firing) -> None:
        """Mails to those people, each in their language and, unless it is urgent, in their hours."""
        _mail(alerts.readers(who, firing.ticket_id), firing)

    return notify


def _mail(readers: Sequence[Row[Any]], firing: Firing) -> None:
    book = accounts.book()
    if book.default(CARRIER) is not None:
        outbox.put([_parcel(row, firing, book) for row in readers], firing.at)


def _parcel(row: Row[Any], firing: Firing, book: accounts.AddressBook) -> Parcel:
    return alerts.parcel(
        row,
        book,
        "deadline",
        _quiet(row.calendar_key, firing),
        sentence=firing.told(i18n.chosen(row.language)),
        missed=firing.left <= timedelta(),
        late=firing.at - firing.due_at > LATE,
    )


def _quiet(calendar_key: str | None, firing: Firing) -> datetime:
    """Now, or when the reader's calendar opens next."""
    if firing.step.urgent:
        return firing.at
    calendar = rulebook.calendar_for(calendar_key) if calendar_key else firing.promise.calendar
    opens: datetime = calendar.value.next_opening(firing.at)
    return opens


def _escalate(move: Callable[[Hand, Firing], Escalated]) -> Callable[[Firing], None]:
    def escalate(firing: Firing) -> None:
        """Responsibility moves, as a fact; those who have it now and the owner are told."""
        with moved(SYSTEM, firing.ticket_id, "escalate", None, firing.at, reason=firing.why) as hand:
            done = move(hand, firing)
        told = alerts.Escalation(firing.ticket_id, done, firing.told)
        alerts.escalated(told, firing.at, opens=lambda row: _quiet(row.calendar_key, firing))

    return escalate


def _to_group(hand: Hand, firing: Firing) -> Escalated:
    return escalations.to_team(hand, firing.step.to, firing.why)


def _upwards(hand: Hand, firing: Firing) -> Escalated:
    return escalations.upwards(hand, firing.why)


def _raise_priority(firing: Firing) -> None:
    """One priority up; the journal and the ticket say that a step did it."""
    order = [priority.value for priority in Priority]
    known = db.session.execute(text("select priority from ticket where id = :id"), {"id": firing.ticket_id}).scalar()
    place = order.index(known or Priority.NORMAL)
    if place > 0:
        classification.classify(SYSTEM, firing.ticket_id, priority=order[place - 1], reason=firing.why, at=firing.at)


def _reassign(firing: Firing) -> None:
    """To a person by their address or a team by its key; else to nobody, so that anybody of the department can take it.

    Who gets it is told. Raises Invalid where ``to`` is nobody.
    """
    to = firing.step.to
    if not to:
        tickets.assign(SYSTEM, firing.ticket_id, None, at=firing.at)
    elif "@" in to:
        tickets.assign(SYSTEM, firing.ticket_id, _colleague(to), at=firing.at)
        db.session.flush()
        _mail(alerts.readers(alerts.WORKER, firing.ticket_id), firing)
    else:
        with moved(SYSTEM, firing.ticket_id, "escalate", None, firing.at, reason=firing.why) as hand:
            escalations.to_team(hand, to, firing.why, raises=False)
        _mail(alerts.readers(alerts.GROUP, firing.ticket_id, group=to), firing)


def _colleague(address: str) -> int:
    for person in catalogue.colleagues():
        if person.email.lower() == address.lower():
            return person.id
    raise Invalid(f"Nobody with the address {address} works here.", fields={"to": "an active member of staff"})


def _tell_citizen(firing: Firing) -> None:
    """The requester learns once in a cycle why it takes longer, who has it and by when; else the owner should ring."""
    if lateness.told_before(*firing.key):
        return
    missed, opens = firing.left <= timedelta(), _quiet(None, firing)
    if not lateness.tell(firing.ticket_id, firing.key, firing.at, opens, missed=missed):
        _mail(alerts.readers(alerts.OWNER, firing.ticket_id), firing)


def _tell_customer(firing: Firing) -> None:
    """The customer body learns that what was agreed with it is in danger or missed; else the owner should ring it."""
    missed = firing.left <= timedelta()

    def values(language: str) -> Mapping[str, Any]:
        return {"sentence": firing.told(language), "missed": missed}

    change = PublicChange.MISSED if missed else PublicChange.IN_DANGER
    about = f"{firing.promise.clock.value} {firing.cycle}"
    word = customers.Word(change, values, _quiet(None, firing), about)
    if not customers.tell(firing.ticket_id, word, firing.at):
        _mail(alerts.readers(alerts.OWNER, firing.ticket_id), firing)


EFFECTS: Mapping[StepAction, Callable[[Firing], None]] = {
    StepAction.NOTIFY_OWNER: _notify(alerts.OWNER),
    StepAction.NOTIFY_TEAM: _notify(alerts.TEAM),
    StepAction.ESCALATE_TO_SUPERVISOR: _escalate(_upwards),
    StepAction.ESCALATE_TO_GROUP: _escalate(_to_group),
    StepAction.RAISE_PRIORITY: _raise_priority,
    StepAction.REASSIGN: _reassign,
    StepAction.TELL_CITIZEN: _tell_citizen,
    StepAction.NOTIFY_CUSTOMER: _tell_customer,
}
"""What each action does; one that is not here is a fact in the journal and news on the desk."""
