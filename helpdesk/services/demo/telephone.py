"""The demo's telephone: an account at a carrier, one number with a menu, telephones for its people."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from helpdesk.db import db, table, unit
from helpdesk.models.calls import PhoneLine, PhoneMenu, PhoneNumber
from helpdesk.models.catalogue import Department
from helpdesk.models.people import Membership, Staff
from helpdesk.models.post import ChannelAccount
from helpdesk.models.texts import TextTemplate
from helpdesk.services import accounts, texts
from helpdesk.vocabulary import TEXTS, ChannelKind, Role

NUMBER = "+302100000100"
"""Of a range that nobody has."""
_FIRST_DESK = 302_100_000_201
SID = f"AC{'0' * 28}demo"


def connect(now: datetime) -> None:
    """Account, number, menu and lines, where the body has departments to lead to."""
    departments = db.session.execute(select(Department.id, Department.names).order_by(Department.id)).all()
    if not departments:
        return
    sealed = accounts.seal({"auth_token": secrets.token_hex(16)})
    row = {"kind": ChannelKind.PHONE.value, "address": SID, "name": "phone", "secrets": sealed}
    made = insert(table(ChannelAccount)).values(row | {"settings": {"account_sid": SID}})
    account_id = db.session.execute(made.returning(table(ChannelAccount).c.id)).scalar_one()
    menu = {"key": "demo", "names": {"el": "Κεντρικό μενού", "en": "Main menu"}, "changed_at": now}
    menus = table(PhoneMenu)
    menu_id = db.session.execute(
        insert(menus).values(menu | {"tree": _tree(departments)}).returning(menus.c.id)
    ).scalar()
    number = {"account_id": account_id, "number": NUMBER, "names": {"el": "Τηλεφωνικό κέντρο", "en": "Switchboard"}}
    number |= {"department_id": departments[0].id, "menu_id": menu_id, "voicemail": True, "languages": ["el", "en"]}
    db.session.execute(insert(table(PhoneNumber)).values(number | {"texts": True}))
    words = {"names": {"el": "Νέα για το αίτημα", "en": "News of the request"}, "language": "el", "changed_at": now}
    words |= {"content_sid": f"HX{'0' * 31}1", "words": "Υπάρχουν νέα για το αίτημά σας {{1}}: {{2}}"}
    db.session.execute(insert(table(TextTemplate)).values(words))
    _give_lines(now)
    accounts.changed()


@unit()
def take_messages() -> None:
    """Its numbers take messages, too, from when the simulated carrier runs: without it they would wait for ever."""
    for row in db.session.execute(select(table(PhoneNumber)).where(table(PhoneNumber).c.texts)).all():
        told = {"number": row.number, "department_id": row.department_id, "active": row.active}
        texts.follow(told, TEXTS, row.account_id)


def token() -> str:
    """The secret of the demo's account; empty where there is none."""
    query = select(table(ChannelAccount)).where(table(ChannelAccount).c.address == SID)
    row = db.session.execute(query).one_or_none()
    return accounts.secrets_of(accounts.account_of(row)).get("auth_token", "") if row else ""


def facts() -> dict[str, Any]:
    """What a visitor needs to place calls: the account, its secret, the numbers."""
    return {"account": SID, "auth_token": token(), "numbers": [NUMBER]} if token() else {}


def _tree(departments: Any) -> dict[str, Any]:
    """The first departments by their names, then the opening hours and a call back."""
    options: list[dict[str, Any]] = [
        {"digit": str(n), "titles": dict(row.names), "does": "department", "department_id": row.id}
        for n, row in enumerate(departments[:3], 1)
    ]
    told = {
        "el": "Είμαστε εδώ Δευτέρα έως Παρασκευή, οκτώ με τρεις.",
        "en": "We are here Monday to Friday, eight to three.",
    }
    options.append(
        {"digit": "8", "titles": {"el": "τις ώρες μας", "en": "our hours"}, "does": "message", "texts": told}
    )
    options.append({"digit": "9", "titles": {"el": "να σας καλέσουμε", "en": "a call back"}, "does": "call_back"})
    return {"options": options}


def _give_lines(now: datetime) -> None:
    query = select(Staff.person_id).join(Membership, Membership.staff_id == Staff.person_id)
    people = db.session.execute(query.where(Staff.role != Role.ADMINISTRATOR).distinct().order_by(Staff.person_id))
    rows = [
        {"person_id": id_, "number": f"+{_FIRST_DESK + n}", "changed_at": now} for n, id_ in enumerate(people.scalars())
    ]
    if rows:
        db.session.execute(insert(table(PhoneLine)).values(rows))
