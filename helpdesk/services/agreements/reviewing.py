"""A letter to the owner when an agreement is to be looked at again, or runs out: once for each such day."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import Row, select

from helpdesk import i18n
from helpdesk.db import db, table, unit
from helpdesk.models.house import HouseEvent
from helpdesk.models.people import Person, Staff
from helpdesk.permissions import SYSTEM
from helpdesk.services import accounts, body, house, letters, outbox, rulebook
from helpdesk.services.agreements.reading import today
from helpdesk.services.correspondence import CARRIER
from helpdesk.services.rulebook import Version
from helpdesk.services.rulebook.reading import ROWS
from helpdesk.vocabulary import Role, RulebookKind

REMINDED = "reminded"
"""What the house's log calls it."""
_EVENTS = table(HouseEvent)


@unit()
def remind(now: datetime) -> int:
    """Tells the owners of agreements whose day has come; how many days were told of."""
    book = accounts.book()
    if book.default(CARRIER) is None:
        return 0
    told = 0
    for version in list(rulebook.all_in_force(RulebookKind.POLICY).values()):
        known = _known(version.key) if _days(version, today(now)) else set()
        for name, day in _days(version, today(now)):
            if day.isoformat() in known:
                continue
            _tell(version, name, day, book, now)
            told += 1
    return told


def _days(version: Version, day: date) -> list[tuple[str, date]]:
    """The days of an agreement that have come: to look at it, and its last one."""
    agreed = version.value.agreement
    days = (("review_on", agreed.review_on), ("valid_until", agreed.valid_until))
    return [(name, at) for name, at in days if at is not None and at <= day]


def _known(key: str) -> set[str]:
    """The days that somebody was told of already, by whichever version of the agreement."""
    query = (
        select(_EVENTS.c.data)
        .join(ROWS, ROWS.c.id == _EVENTS.c.thing_id)
        .where(_EVENTS.c.kind == "rulebook", _EVENTS.c.act == REMINDED)
        .where(ROWS.c.kind == RulebookKind.POLICY, ROWS.c.key == key)
    )
    return {day for data in db.session.execute(query).scalars() for day in data.values()}


def _tell(version: Version, name: str, day: date, book: accounts.AddressBook, now: datetime) -> None:
    row = rulebook.record(version.id)
    readers = _readers(version.value.agreement.owner)
    outbox.put([_letter(reader, row, name, day, book, now) for reader in readers], now)
    house.record(SYSTEM, REMINDED, "rulebook", version.id, now, {name: day.isoformat()})


def _readers(owner: str) -> Sequence[Any]:
    """The owner; where nobody with that address works here any more, the administrators."""
    people, staff = table(Person), table(Staff)
    query = (
        select(people.c.email, people.c.name, people.c.language, staff.c.calendar_key)
        .join(staff, staff.c.person_id == people.c.id)
        .where(staff.c.active, people.c.email.is_not(None))
        .order_by(people.c.id)
    )
    found: Sequence[Any] = db.session.execute(query.where(people.c.email == owner)).all()
    if found:
        return found
    return db.session.execute(query.where(staff.c.role == Role.ADMINISTRATOR)).all()


def _letter(
    reader: Row[Any], row: Row[Any], name: str, day: date, book: accounts.AddressBook, now: datetime
) -> outbox.Parcel:
    account = book.default(CARRIER)
    assert account is not None
    language = i18n.chosen(reader.language)
    base = current_app.config["SETTINGS"].public_base_url.rstrip("/")
    title = row.title if row.title not in ("", rulebook.DEFAULT) else i18n.gettext(language, "The usual one")
    letter = letters.render(
        "review", language, title=title, ends=name == "valid_until", on=i18n.plain_day(day, language), department="",
        body_name=body.name(language), link=f"{base}/admin/agreements/{row.key}",
    )  # fmt: skip
    opens = rulebook.calendar_for(reader.calendar_key).value.next_opening(now)
    return outbox.Parcel(
        kind=account.kind, account_id=account.id, external_id=outbox.mint(account.address), template="review",
        to_address=reader.email, to_name=reader.name, subject=letter.subject, text=letter.text, automatic=True,
        due_at=opens,
    )  # fmt: skip
