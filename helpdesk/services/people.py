"""Finds or makes the people who ask, many at once, without two workers making one twice."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text

from helpdesk.db import db, table
from helpdesk.models.people import Person

EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{2,}")
PHONE = re.compile(r"\+?[0-9 ()./-]{5,39}")
"""How an address and a number look that somebody types."""

_ROWS = table(Person)
LONGEST_NAME = 200


@dataclass(frozen=True)
class Contact:
    """How somebody who asks can be reached. ``email`` in lower case, ``phone`` in E.164; either may be missing."""

    email: str = ""
    name: str = ""
    phone: str = ""
    language: str = "el"


def known(contacts: Iterable[Contact], at: datetime) -> dict[Contact, int]:
    """The person behind each contact, made where there is none; an empty contact has none and is left out."""
    asked = list(dict.fromkeys(contacts))
    mailed = {contact.email: contact for contact in reversed(asked) if contact.email}
    ids = _found(list(mailed)) if len(mailed) > 1 else {}
    missing = [mailed[email] for email in sorted(mailed.keys() - ids.keys())]
    if missing:
        ids |= _made(missing, at)
    found = {contact: ids[contact.email] for contact in asked if contact.email}
    for contact in asked:
        if not contact.email and (contact.phone or contact.name):
            found[contact] = _without_mail(contact, at)
    return found


def _found(emails: Sequence[str]) -> dict[str, int]:
    if not emails:
        return {}
    query = select(_ROWS.c.email, _ROWS.c.id).where(_ROWS.c.email == text("any(:emails)").bindparams(emails=emails))
    return {row.email: row.id for row in db.session.execute(query)}


_MAKE = text(
    """
    insert into person (name, email, phone, language, created_at)
    select name, email, nullif(phone, ''), language, :at
    from unnest(cast(:names as text[]), cast(:emails as text[]), cast(:phones as text[]), cast(:languages as text[]))
         as contact(name, email, phone, language)
    on conflict (email) where email is not null do update set email = excluded.email
    returning email, id
    """
)
"""Rows come sorted by address, so that two workers wait for each other instead of deadlocking."""


def _made(contacts: Sequence[Contact], at: datetime) -> dict[str, int]:
    told = {
        "names": [contact.name[:LONGEST_NAME] for contact in contacts],
        "emails": [contact.email for contact in contacts],
        "phones": [contact.phone for contact in contacts],
        "languages": [contact.language for contact in contacts],
        "at": at,
    }
    return {row.email: row.id for row in db.session.execute(_MAKE, told)}


def _without_mail(contact: Contact, at: datetime) -> int:
    """By phone where there is one; somebody with a name only is somebody new."""
    if contact.phone:
        query = (
            select(_ROWS.c.id).where(_ROWS.c.phone == contact.phone).order_by(_ROWS.c.email.nulls_first(), _ROWS.c.id)
        )
        found = db.session.execute(query.limit(1)).scalar()
        if found is not None:
            return int(found)
    return alone(contact, at)


def alone(contact: Contact, at: datetime) -> int:
    """Somebody new who is known by name and number only."""
    row: dict[str, Any] = {"name": contact.name[:LONGEST_NAME], "phone": contact.phone or None}
    made = insert(_ROWS).values(**row, language=contact.language, created_at=at).returning(_ROWS.c.id)
    return int(db.session.execute(made).scalar_one())


_PARTAKING = text(
    """
    select id as ticket_id, requester_id as person_id from ticket
    where id = any(:tickets) and requester_id = any(:people)
    union
    select ticket_id, person_id from participant where ticket_id = any(:tickets) and person_id = any(:people)
    """
)


def taking_part(ticket_ids: Sequence[int], person_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Which of these people ask or take part in which of these tickets, as pairs (ticket, person)."""
    if not ticket_ids or not person_ids:
        return set()
    rows = db.session.execute(_PARTAKING, {"tickets": list(ticket_ids), "people": list(person_ids)})
    return {(row.ticket_id, row.person_id) for row in rows}


def names(ids: Iterable[int]) -> dict[int, str]:
    """How these people are called, those that there are."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    rows = db.session.execute(select(_ROWS.c.id, _ROWS.c.name, _ROWS.c.email).where(_ROWS.c.id.in_(wanted)))
    return {row.id: row.name or row.email or "" for row in rows}
