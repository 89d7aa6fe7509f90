"""The letters themselves: to who asked with link and code, to others concerned without, to the owner as a colleague."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from helpdesk import i18n
from helpdesk.services import accounts, alerts, body, correspondence, letters, outbox
from helpdesk.services.correspondence import CARRIER, Notice
from helpdesk.services.informing.changes import Changed
from helpdesk.services.informing.wording import HEADLINES, TEMPLATES, Words
from helpdesk.services.outbox import Parcel
from helpdesk.vocabulary import Reader


@dataclass(frozen=True)
class Wanted:
    """A letter that shall be written: about which change, to whom, in which language, when it leaves."""

    changed: Changed
    row: Row[Any]
    language: str
    leaves_at: datetime


def write(wanted: Sequence[Wanted], words: Words, at: datetime) -> list[Parcel | None]:
    """A finished parcel for each, in their order; None where we have no address to write from."""
    asked = [item for item in wanted if item.row.kind == Reader.REQUESTER]
    composed = correspondence.compose([_notice(item, words, at) for item in asked], at)
    mine = {parcel.ticket_id: parcel for parcel in composed}
    book = accounts.book()
    return [
        mine.get(item.row.id) if item.row.kind == Reader.REQUESTER else _aside(item, words, book) for item in wanted
    ]


def _notice(item: Wanted, words: Words, at: datetime) -> Notice:
    change, ticket_id = item.changed.change, item.row.id
    return Notice(
        ticket_id,
        TEMPLATES.get(change, "progress"),
        values=words.values(item.changed, ticket_id, item.language),
        automatic=True,
        delay=item.leaves_at - at,
        language=item.language,
    )


def _aside(item: Wanted, words: Words, book: accounts.AddressBook) -> Parcel | None:
    """To somebody who may not act for who asked: neither link nor code, and not a word of what was said."""
    account = book.speaking_for(CARRIER, item.row.department_id)
    if account is None:
        return None
    values = words.values(item.changed, item.row.id, item.language)
    letter = letters.render(
        "concerned", item.language, **values, number=item.row.id, body_name=body.name(item.language), department=""
    )
    return Parcel(
        kind=account.kind,
        account_id=account.id,
        external_id=outbox.mint(account.address),
        to_address=item.row.email,
        to_name=item.row.name,
        subject=letter.subject,
        text=letter.text,
        template="concerned",
        automatic=True,
        ticket_id=item.row.id,
        due_at=item.leaves_at,
        language=item.language,
    )


def to_owner(changed: Changed, leaves_at: datetime) -> list[tuple[int, Parcel]]:
    """A line to the colleague who answers for the case, by person."""
    book = accounts.book()
    if book.default(CARRIER) is None:
        return []
    return [(row.person_id, _to_colleague(row, changed, book, leaves_at)) for row in _owners(changed)]


def _owners(changed: Changed) -> Sequence[Row[Any]]:
    return alerts.readers(alerts.OWNER, changed.ticket_id)


def _to_colleague(row: Row[Any], changed: Changed, book: accounts.AddressBook, leaves_at: datetime) -> Parcel:
    told = i18n.gettext(i18n.chosen(row.language), HEADLINES[changed.change])
    return alerts.parcel(row, book, "colleague", leaves_at, told=told)
