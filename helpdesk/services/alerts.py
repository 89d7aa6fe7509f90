"""Letters to colleagues about a ticket: who is told, in which language, with which words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import Row, TextClause, text

from helpdesk import i18n
from helpdesk.db import db
from helpdesk.services import accounts, body, catalogue, letters, outbox
from helpdesk.services.accounts import AddressBook
from helpdesk.services.correspondence import CARRIER
from helpdesk.services.escalations import Escalated
from helpdesk.services.outbox import Parcel

OWNER = "person.id = coalesce(ticket.owner_id, ticket.assignee_id)"
HANDS = "person.id in (ticket.owner_id, ticket.assignee_id)"
WORKER = "person.id = ticket.assignee_id"
TEAM = "membership.department_id is not null"
LEADS = "membership.lead or (membership.department_id is not null and staff.role = 'supervisor')"
GROUP = """staff.person_id in (select team_member.staff_id from team_member
                              join team on team.id = team_member.team_id where team.key = :to)"""


@cache
def _query(who: str) -> TextClause:
    return text(
        f"""
        select person.id as person_id, person.email, person.name, person.language, staff.calendar_key, ticket.id,
               ticket.subject, ticket.department_id
        from ticket join staff on staff.active
        join person on person.id = staff.person_id and person.email is not null
        left join membership on membership.staff_id = staff.person_id
                            and membership.department_id = ticket.department_id
        where ticket.id = :id and ({who}) and person.id is distinct from :but
          and (person.id = any(ticket.complained_of)) is not true
        order by person.id
        """  # noqa: S608 - our own words
    )


def readers(who: str, ticket_id: int, *, group: str | None = None, but: int | None = None) -> Sequence[Row[Any]]:
    """Those of the staff who are told, ``but`` one: nobody is written to about what they did themselves."""
    return db.session.execute(_query(who), {"id": ticket_id, "to": group, "but": but}).all()


def parcel(row: Row[Any], book: AddressBook, template: str, due_at: datetime, **values: Any) -> Parcel:
    """One reader's letter; ``values`` go to the template beside those every letter to colleagues has."""
    account = book.speaking_for(CARRIER, row.department_id)
    assert account is not None
    language = i18n.chosen(row.language)
    letter = letters.render(template, language, **_values(row, language), **values)
    return Parcel(
        kind=account.kind,
        account_id=account.id,
        external_id=outbox.mint(account.address),
        to_address=row.email,
        to_name=row.name,
        subject=letter.subject,
        text=letter.text,
        template=template,
        automatic=True,
        ticket_id=row.id,
        due_at=due_at,
    )


def _values(row: Row[Any], language: str) -> dict[str, Any]:
    base = current_app.config["SETTINGS"].public_base_url.rstrip("/")
    return {
        "number": row.id,
        "subject": row.subject,
        "link": f"{base}/desk/tickets/{row.id}",
        "body_name": body.name(language),
        "department": "",
    }


@dataclass(frozen=True)
class Escalation:
    """An escalation as its letter tells it: to whom, why (a text, or what says it in a language), and by whom."""

    ticket_id: int
    done: Escalated
    reason: str | Callable[[str], str]
    agent: str = ""

    def to(self, language: str) -> str:
        """Who has it from now on, by name; empty where it stayed."""
        known = catalogue.current()
        if self.done.team_id is not None:
            return i18n.pick(known.teams[self.done.team_id].names, language)
        return known.colleagues[self.done.person_id].name if self.done.person_id is not None else ""

    def why(self, language: str) -> str:
        """The reason in that language."""
        return self.reason if isinstance(self.reason, str) else self.reason(language)


def escalated(
    told: Escalation, at: datetime, *, but: int | None = None, opens: Callable[[Row[Any]], datetime] | None = None
) -> None:
    """Tells those who have it now and its owner; where it stayed, those who lead.

    ``opens`` says when a reader's letter may leave; at once without it.
    """
    book = accounts.book()
    if book.default(CARRIER) is None:
        return
    outbox.put([_escalated(row, told, book, opens(row) if opens else at) for row in _readers(told, but)], at)


def given_back(told: Escalation, at: datetime, *, but: int | None = None) -> None:
    """Tells those who have it again, and its owner, that an escalation was taken back."""
    book = accounts.book()
    if book.default(CARRIER) is not None:
        outbox.put([_given_back(row, told, book, at) for row in readers(HANDS, told.ticket_id, but=but)], at)


def _given_back(row: Row[Any], told: Escalation, book: AddressBook, at: datetime) -> Parcel:
    language = i18n.chosen(row.language)
    values = {"level": told.done.level, "reason": told.why(language), "agent": told.agent}
    return parcel(row, book, "given_back", at, **values)


def _readers(told: Escalation, but: int | None) -> Sequence[Row[Any]]:
    """Each once."""
    if not told.done.kind:
        return readers(LEADS, told.ticket_id, but=but)
    team = catalogue.current().teams.get(told.done.team_id or 0)
    found = [*readers(HANDS, told.ticket_id, but=but)]
    if team is not None:
        found += readers(GROUP, told.ticket_id, group=team.key, but=but)
    return sorted({row.person_id: row for row in found}.values(), key=lambda row: row.person_id)


def _escalated(row: Row[Any], told: Escalation, book: AddressBook, due_at: datetime) -> Parcel:
    language = i18n.chosen(row.language)
    values = {"level": told.done.level, "reason": told.why(language), "agent": told.agent, "to": told.to(language)}
    return parcel(row, book, "escalated", due_at, **values)
