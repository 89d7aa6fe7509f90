"""What a step does beside being a fact: mails to those who can still help, another priority, a higher level."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text

import sla
from helpdesk import i18n
from helpdesk.db import db
from helpdesk.permissions import SYSTEM
from helpdesk.services import accounts, alerts, classification, correspondence, outbox, rulebook, tickets
from helpdesk.services.clocks import Promise
from helpdesk.services.correspondence import CARRIER, Notice
from helpdesk.services.outbox import Parcel
from helpdesk.vocabulary import Priority
from sla import StepAction

_MOMENT = timedelta(seconds=1)


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


def act(firings: Sequence[Firing]) -> None:
    """Does what the steps say, in the transaction of the facts that they fired.

    Warnings and breaches are facts and news and need nothing more.
    """
    for firing in firings:
        if effect := EFFECTS.get(firing.step.do):
            effect(firing)


def _notify(who: str) -> Callable[[Firing], None]:
    def notify(firing: Firing) -> None:
        """Mails to those people, each in their language and, unless it is urgent, in their hours."""
        book = accounts.book()
        if book.default(CARRIER) is None:
            return
        rows = alerts.readers(who, firing.ticket_id, group=firing.step.to)
        outbox.put([_parcel(row, firing, book) for row in rows], firing.at)

    return notify


def _parcel(row: Row[Any], firing: Firing, book: accounts.AddressBook) -> Parcel:
    amount = firing.promise.amount
    left = amount - firing.step.threshold(amount)
    return alerts.parcel(
        row,
        book,
        "deadline",
        _quiet(row.calendar_key, firing),
        clock=firing.promise.clock.value,
        missed=left <= timedelta(),
        left=i18n.duration(left, i18n.chosen(row.language)),
    )


def _quiet(calendar_key: str | None, firing: Firing) -> datetime:
    """Now, or when the reader's calendar opens next."""
    if firing.step.urgent:
        return firing.at
    calendar = rulebook.calendar_for(calendar_key) if calendar_key else firing.promise.calendar
    opens: datetime = calendar.value.after(firing.at, _MOMENT) - _MOMENT
    return opens


_RAISE_LEVEL = text("update ticket set escalation_level = escalation_level + 1 where id = :id")


def _escalate(who: str) -> Callable[[Firing], None]:
    notify = _notify(who)

    def escalate(firing: Firing) -> None:
        """They are told, and the ticket stands one level higher."""
        db.session.execute(_RAISE_LEVEL, {"id": firing.ticket_id})
        notify(firing)

    return escalate


def _raise_priority(firing: Firing) -> None:
    """One priority up; the journal and the ticket say that a step did it."""
    order = [priority.value for priority in Priority]
    known = db.session.execute(text("select priority from ticket where id = :id"), {"id": firing.ticket_id}).scalar()
    place = order.index(known or Priority.NORMAL)
    if place > 0:
        why = f"{firing.promise.clock.value} {firing.step.key}"
        classification.classify(SYSTEM, firing.ticket_id, priority=order[place - 1], reason=why, at=firing.at)


def _release(firing: Firing) -> None:
    """Nobody works on it any more, so that anybody of the department can take it."""
    assignee = text("select assignee_id from ticket where id = :id and is_open")
    if db.session.execute(assignee, {"id": firing.ticket_id}).scalar() is not None:
        tickets.assign(SYSTEM, firing.ticket_id, None, at=firing.at)


def _tell_citizen(firing: Firing) -> None:
    """The requester learns that it takes longer, and with whom it is."""
    correspondence.send([Notice(firing.ticket_id, "delayed", automatic=True)], firing.at)


EFFECTS: Mapping[StepAction, Callable[[Firing], None]] = {
    StepAction.NOTIFY_OWNER: _notify(alerts.OWNER),
    StepAction.NOTIFY_TEAM: _notify(alerts.TEAM),
    StepAction.ESCALATE_TO_SUPERVISOR: _escalate(alerts.LEADS),
    StepAction.ESCALATE_TO_GROUP: _escalate(alerts.GROUP),
    StepAction.RAISE_PRIORITY: _raise_priority,
    StepAction.REASSIGN: _release,
    StepAction.TELL_CITIZEN: _tell_citizen,
}
"""What each action does; one that is not here is a fact in the journal and news on the desk."""
