"""Letters to a colleague about several tickets at once: each with its number, subject, address and next deadline."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Row, Select, select

from helpdesk import i18n
from helpdesk.clock import NEVER
from helpdesk.db import db, table
from helpdesk.models.people import Person, Staff
from helpdesk.services import accounts, body, letters, outbox, rulebook
from helpdesk.services.correspondence import CARRIER

MOST = 50
"""Tickets that a letter names; how many more there are, it says."""

_PEOPLE, _STAFF = table(Person), table(Staff)


def send(person_id: int, template: str, rows: Sequence[Any], at: datetime, **values: Any) -> bool:
    """Writes in the reader's language, to leave in their hours; whether there was an address on both sides.

    ``rows`` have ``ticket_id``, ``subject`` and ``next_due_at``; a ticket that stands twice among them is one.
    """
    account, reader = accounts.book().default(CARRIER), _reader(person_id)
    if account is None or reader is None:
        return False
    language, once = i18n.chosen(reader.language), list({row.ticket_id: row for row in rows}.values())
    letter = letters.render(
        template, language, items=[_item(row, language) for row in once[:MOST]], count=len(once),
        more=max(0, len(once) - MOST), body_name=body.name(language), department="",
        moment=lambda when: i18n.moment(when, language), **values,
    )  # fmt: skip
    parcel = outbox.Parcel(
        kind=account.kind, account_id=account.id, external_id=outbox.mint(account.address), template=template,
        to_address=reader.email, to_name=reader.name, subject=letter.subject, text=letter.text, automatic=True,
        due_at=rulebook.calendar_for(reader.calendar_key).value.next_opening(at),
    )  # fmt: skip
    outbox.put([parcel], at)
    return True


def _reader(person_id: int) -> Row[Any] | None:
    query: Select[Any] = select(_PEOPLE.c.email, _PEOPLE.c.name, _PEOPLE.c.language, _STAFF.c.calendar_key)
    mailed = query.join(_STAFF, _STAFF.c.person_id == _PEOPLE.c.id).where(_STAFF.c.active, _PEOPLE.c.email.is_not(None))
    return db.session.execute(mailed.where(_PEOPLE.c.id == person_id)).one_or_none()


def _item(row: Any, language: str) -> dict[str, Any]:
    base = current_app.config["SETTINGS"].public_base_url.rstrip("/")
    return {
        "number": row.ticket_id,
        "subject": row.subject,
        "link": f"{base}/desk/tickets/{row.ticket_id}",
        "due": i18n.moment(row.next_due_at, language) if row.next_due_at < NEVER else "",
    }
