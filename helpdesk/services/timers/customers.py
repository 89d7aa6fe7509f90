"""Tells the customer body with whom a time was agreed that it is in danger or missed, and nothing about the citizen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from helpdesk import i18n
from helpdesk.db import db
from helpdesk.services import accounts, body, catalogue, letters, outbox
from helpdesk.services.correspondence import CARRIER
from helpdesk.services.outbox import Parcel

_OF_TICKET = text("select id, customer_id, service_id, department_id from ticket where id = :id")


@dataclass(frozen=True)
class Word:
    """What is said: a sentence in the reader's language, whether it is over, and when the letter may leave."""

    sentence: Callable[[str], str]
    missed: bool
    opens: datetime


def tell(ticket_id: int, word: Word, at: datetime) -> bool:
    """Writes to its contact; False where a customer body has none to write to.

    A ticket of no customer body has nobody to tell, which is no failure.
    """
    row = db.session.execute(_OF_TICKET, {"id": ticket_id}).one()
    customer = catalogue.current().customers.get(row.customer_id or 0)
    if customer is None:
        return True
    book = accounts.book()
    if not customer.contact_email or book.default(CARRIER) is None:
        return False
    outbox.put([_parcel(row, customer, word, book)], at)
    return True


def _parcel(row: Row[Any], customer: Any, word: Word, book: accounts.AddressBook) -> Parcel:
    """In the body's own language: a register knows none of a body's."""
    language, account = i18n.DEFAULT, book.speaking_for(CARRIER, row.department_id)
    assert account is not None
    service = catalogue.current().services.get(row.service_id or 0)
    department = catalogue.current().departments.get(row.department_id or 0)
    letter = letters.render(
        "agreement",
        language,
        number=row.id,
        sentence=word.sentence(language),
        missed=word.missed,
        service=i18n.pick(service.names, language) if service else "",
        department=i18n.pick(department.names, language) if department else "",
        body_name=body.name(language),
    )
    return Parcel(
        kind=account.kind,
        account_id=account.id,
        external_id=outbox.mint(account.address),
        to_address=customer.contact_email,
        to_name=customer.contact_name or i18n.pick(customer.names, language),
        subject=letter.subject,
        text=letter.text,
        template="agreement",
        automatic=True,
        ticket_id=row.id,
        due_at=word.opens,
    )
