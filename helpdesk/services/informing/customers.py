"""Tells the customer body how what was agreed with it is kept, and about major incidents; nothing about a citizen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from helpdesk import i18n
from helpdesk.db import db
from helpdesk.services import accounts, body, catalogue, letters, outbox
from helpdesk.services.correspondence import CARRIER
from helpdesk.services.informing import noting
from helpdesk.services.informing.noting import Note, Rules
from helpdesk.services.outbox import Parcel
from helpdesk.services.rulebook.informing import TellingRule
from helpdesk.vocabulary import PublicChange, Reader, Telling

_OF_TICKET = text("select id, customer_id, service_id, department_id from ticket where id = :id")
_TOLD = text(
    """
    select exists (select from informed where ticket_id = :id and change = :change and reader = 'customer'
                   and about = :about)
    """
)
_WITH_CUSTOMER = text("select id from ticket where id = any(:ids) and customer_id is not null order by id")


@dataclass(frozen=True)
class Word:
    """What is said, under which template, with values in the reader's language; when the letter may leave.

    ``about`` names what it is told once of, such as a cycle of a clock. ``customer_id``: another body than that of the
    ticket.
    """

    change: PublicChange
    values: Callable[[str], Mapping[str, Any]]
    opens: datetime
    about: str = ""
    template: str = "agreement"
    customer_id: int | None = None


def with_customer(ticket_ids: list[int]) -> set[int]:
    """Those of the tickets that a customer body commissioned."""
    return set(db.session.execute(_WITH_CUSTOMER, {"ids": ticket_ids}).scalars()) if ticket_ids else set()


def tell(ticket_id: int, word: Word, at: datetime) -> bool:
    """Writes to its contact where the rules say so, once; False where a customer body has none to write to.

    A ticket of no customer body has nobody to tell, which is no failure.
    """
    rules, ticket = noting.rules(), db.session.execute(_OF_TICKET, {"id": ticket_id}).one()
    rule = rules.table.of(word.change, Reader.CUSTOMER)
    customer = catalogue.current().customers.get(word.customer_id or ticket.customer_id or 0)
    asked = {"id": ticket_id, "change": word.change.value, "about": word.about}
    if customer is None or rule is None or (word.about and db.session.execute(_TOLD, asked).scalar()):
        return True
    book = accounts.book()
    if not customer.contact_email or book.default(CARRIER) is None:
        noting.keep([_note(ticket_id, word, rules, at, Telling.NO_ADDRESS)])
        return False
    parcel = _parcel(ticket, customer, word, book, rule, rules)
    outbox.put([parcel], at)
    noting.keep([_note(ticket_id, word, rules, at, Telling.LETTER, parcel)])
    return True


def _note(
    ticket_id: int, word: Word, rules: Rules, at: datetime, telling: Telling, parcel: Parcel | None = None
) -> Note:
    return Note(
        ticket_id, word.change, Reader.CUSTOMER, at, telling, rules_id=rules.id, about=word.about,
        external_id=parcel.external_id if parcel else None, leaves_at=parcel.due_at if parcel else None,
    )  # fmt: skip


def _parcel(
    ticket: Row[Any], customer: Any, word: Word, book: accounts.AddressBook, rule: TellingRule, rules: Rules
) -> Parcel:
    """In the language of the body's contact, unless the rule names one."""
    language, account = i18n.chosen(rule.language, customer.language), book.speaking_for(CARRIER, ticket.department_id)
    assert account is not None
    service = catalogue.current().services.get(ticket.service_id or 0)
    department = catalogue.current().departments.get(ticket.department_id or 0)
    letter = letters.render(
        word.template,
        language,
        number=ticket.id,
        service=i18n.pick(service.names, language) if service else "",
        department=i18n.pick(department.names, language) if department else "",
        body_name=body.name(language),
        **word.values(language),
    )
    return Parcel(
        kind=account.kind,
        account_id=account.id,
        external_id=outbox.mint(account.address),
        to_address=customer.contact_email,
        to_name=customer.contact_name or i18n.pick(customer.names, language),
        subject=letter.subject,
        text=letter.text,
        template=word.template,
        automatic=True,
        ticket_id=ticket.id,
        due_at=rules.leaves(word.opens, keeps_quiet=rule.keeps_quiet),
        language=language,
    )
