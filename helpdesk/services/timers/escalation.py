"""What a step does beside being a fact: mails to those who can still help, another priority, a higher level."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Row, text

import sla
from helpdesk import i18n
from helpdesk.db import db
from helpdesk.permissions import SYSTEM
from helpdesk.services import accounts, body, classification, correspondence, letters, outbox, rulebook, tickets
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


_OWNER = "person.id = coalesce(ticket.owner_id, ticket.assignee_id)"
_TEAM = "membership.department_id is not null"
_LEADS = "membership.lead or (membership.department_id is not null and staff.role = 'supervisor')"


_GROUP = """staff.person_id in (select team_member.staff_id from team_member
                               join team on team.id = team_member.team_id where team.key = :to)"""


def _told(who: str) -> str:
    return f"""
    select person.email, person.name, person.language, staff.calendar_key, ticket.id, ticket.subject,
           ticket.department_id
    from ticket join staff on staff.active join person on person.id = staff.person_id and person.email is not null
    left join membership on membership.staff_id = staff.person_id and membership.department_id = ticket.department_id
    where ticket.id = :id and ({who}) order by person.id
    """  # noqa: S608 - our own words


def _notify(who: str) -> Callable[[Firing], None]:
    query = text(_told(who))

    def notify(firing: Firing) -> None:
        """Mails to those people, each in their language and, unless it is urgent, in their hours."""
        book = accounts.book()
        if book.default(CARRIER) is None:
            return
        rows = db.session.execute(query, {"id": firing.ticket_id, "to": firing.step.to}).all()
        outbox.put([_parcel(row, firing, book) for row in rows], firing.at)

    return notify


def _parcel(row: Row[Any], firing: Firing, book: accounts.AddressBook) -> Parcel:
    account = book.speaking_for(CARRIER, row.department_id)
    assert account is not None
    letter = letters.render("deadline", i18n.chosen(row.language), **_values(row, firing))
    return Parcel(
        kind=account.kind,
        account_id=account.id,
        external_id=outbox.mint(account.address),
        to_address=row.email,
        to_name=row.name,
        subject=letter.subject,
        text=letter.text,
        template="deadline",
        automatic=True,
        ticket_id=firing.ticket_id,
        due_at=_quiet(row.calendar_key, firing),
    )


def _values(row: Row[Any], firing: Firing) -> dict[str, object]:
    settings = current_app.config["SETTINGS"]
    amount = firing.promise.target.amount
    left = amount - firing.step.threshold(amount)
    return {
        "number": row.id,
        "subject": row.subject,
        "clock": firing.promise.clock.value,
        "missed": left <= timedelta(),
        "left": i18n.duration(left, i18n.chosen(row.language)),
        "link": f"{settings.public_base_url.rstrip('/')}/desk/tickets/{row.id}",
        "body_name": body.name(i18n.chosen(row.language)),
        "department": "",
    }


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
    StepAction.NOTIFY_OWNER: _notify(_OWNER),
    StepAction.NOTIFY_TEAM: _notify(_TEAM),
    StepAction.ESCALATE_TO_SUPERVISOR: _escalate(_LEADS),
    StepAction.ESCALATE_TO_GROUP: _escalate(_GROUP),
    StepAction.RAISE_PRIORITY: _raise_priority,
    StepAction.REASSIGN: _release,
    StepAction.TELL_CITIZEN: _tell_citizen,
}
"""What each action does; one that is not here is a fact in the journal and news on the desk."""
