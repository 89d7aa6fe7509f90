"""Who is kept informed beside those who asked: colleagues, customer bodies, any address. A letter an update each."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.dialects.postgresql import insert

from helpdesk import events, i18n
from helpdesk.db import db, table, unit
from helpdesk.errors import Invalid
from helpdesk.models.majors import MajorIncident, MajorStakeholder
from helpdesk.models.people import Person
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import accounts, body, catalogue, letters, outbox, people
from helpdesk.services.correspondence import CARRIER
from helpdesk.services.hands import Hand, held
from helpdesk.services.informing import customers
from helpdesk.services.majors import reading
from helpdesk.services.outbox import Parcel
from helpdesk.vocabulary import PublicChange

_ROWS, _PEOPLE = table(MajorStakeholder), table(Person)


@unit()
def add(
    actor: Actor,
    number: int,
    email: str = "",
    name: str = "",
    language: str = "",
    *,
    person_id: int | None = None,
    customer_id: int | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """A colleague by id, a customer body by id, or anybody by address is kept informed from now on."""
    with held(actor, number, "coordinate-major", version, at) as hand:
        reading.lasting(hand)
        _put(hand, _told(email, name, language, person_id, customer_id))
        return hand.ticket


def _told(email: str, name: str, language: str, person_id: int | None, customer_id: int | None) -> dict[str, Any]:
    if person_id is not None:
        return _colleague(person_id)
    if customer_id is not None:
        return _customer(customer_id)
    address = email.strip().lower()
    if not people.EMAIL.fullmatch(address):
        raise Invalid("Give an address.", fields={"email": "an address like name@example.org"})
    return {"email": address, "name": " ".join(name.split())[:200], "language": i18n.chosen(language)}


def _colleague(person_id: int) -> dict[str, Any]:
    one = catalogue.current().colleagues.get(person_id)
    if one is None or not one.active or not one.email:
        raise Invalid("Nobody of that id works here.", fields={"person_id": "an active member of staff"})
    language = db.session.execute(select(_PEOPLE.c.language).where(_PEOPLE.c.id == person_id)).scalar()
    return {"email": one.email, "name": one.name, "language": i18n.chosen(language), "person_id": person_id}


def _customer(customer_id: int) -> dict[str, Any]:
    one = catalogue.current().customers.get(customer_id)
    if one is None or not one.contact_email:
        raise Invalid("That body has no address.", fields={"customer_id": "a customer body with a contact"})
    name = one.contact_name or i18n.pick(one.names, i18n.DEFAULT)
    return {"email": one.contact_email, "name": name, "language": i18n.DEFAULT, "customer_id": customer_id}


def usual(hand: Hand, service_ids: Sequence[int]) -> None:
    """Those who are told of every one: who commissions the services, and who leads the departments they are with."""
    known = catalogue.current()
    services = [known.services[id_] for id_ in service_ids]
    for customer_id in dict.fromkeys(service.customer_id for service in services if service.customer_id):
        if known.customers[customer_id].contact_email:
            _put(hand, _customer(customer_id))
    places = {service.department_id for service in services} | {hand.ticket.department_id}
    for one in known.colleagues.values():
        if one.active and one.email and places & set(one.leads) and one.id != hand.actor.id:
            _put(hand, _colleague(one.id))


def _put(hand: Hand, told: Mapping[str, Any]) -> None:
    row = {"ticket_id": hand.ticket.id, **told}
    made = insert(_ROWS).values(row).on_conflict_do_nothing().returning(_ROWS.c.id)
    if (found := db.session.execute(made).scalar()) is not None:
        hand.record(events.MajorStakeholderAdded(found))


@unit()
def remove(
    actor: Actor, number: int, stakeholder_id: int, *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """They are kept informed no more."""
    with held(actor, number, "coordinate-major", version, at) as hand:
        same = (_ROWS.c.ticket_id == number, _ROWS.c.id == stakeholder_id)
        db.session.execute(delete(_ROWS).where(*same))
        return hand.ticket


def tell(major: MajorIncident, texts: Mapping[str, str], at: datetime, *, over: bool = False) -> None:
    """One letter to each, in their language; to customer bodies as the rules of informing say."""
    book = accounts.book()
    if book.default(CARRIER) is None:
        return
    rows = db.session.execute(select(_ROWS).where(_ROWS.c.ticket_id == major.ticket_id).order_by(_ROWS.c.id)).all()
    people = [row for row in rows if row.customer_id is None]
    outbox.put(list(_parcels(people, major, texts, book, at, over)), at)
    for row in rows:
        if row.customer_id is not None:
            _tell_customer(row.customer_id, major, texts, at, over)


def _tell_customer(customer_id: int, major: MajorIncident, texts: Mapping[str, str], at: datetime, over: bool) -> None:
    def values(language: str) -> Mapping[str, Any]:
        return _values(major, texts, language, over)

    word = customers.Word(PublicChange.MAJOR, values, at, template="major_notice", customer_id=customer_id)
    customers.tell(major.ticket_id, word, at)


def _values(major: MajorIncident, texts: Mapping[str, str], language: str, over: bool) -> dict[str, Any]:
    """What the letter says in that language."""
    return {
        "title": i18n.pick(major.titles, language),
        "text": i18n.pick(texts, language),
        "next_at": None if over else major.next_update_at,
        "over": over,
    }


def _parcels(
    rows: Sequence[Row[Any]],
    major: MajorIncident,
    texts: Mapping[str, str],
    book: accounts.AddressBook,
    at: datetime,
    over: bool,
) -> Iterator[Parcel]:
    account = book.default(CARRIER)
    assert account is not None
    for row in rows:
        letter = letters.render(
            "major_notice",
            row.language,
            **_values(major, texts, row.language, over),
            body_name=body.name(row.language),
        )
        yield Parcel(
            kind=account.kind, account_id=account.id, external_id=outbox.mint(account.address), to_address=row.email,
            to_name=row.name, subject=letter.subject, text=letter.text, template="major_notice", automatic=True,
            ticket_id=major.ticket_id, due_at=at, language=row.language,
        )  # fmt: skip
