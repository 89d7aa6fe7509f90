"""A new password: by a link that works once, or by telling the present one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import func, insert, select, text, update

from helpdesk import i18n
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.models.access import PasswordReset
from helpdesk.models.people import Person, Staff
from helpdesk.permissions import Actor, may
from helpdesk.services import accounts, body, house, letters, outbox
from helpdesk.services.access import passwords
from helpdesk.services.access.secrets import digest, new_token
from helpdesk.services.access.sessions import revoke_all
from helpdesk.services.outbox import Parcel
from helpdesk.vocabulary import ChannelKind

LIFETIME = timedelta(hours=1)
LINKS = 5
"""Links a person is sent within that time: nobody can fill a colleague's mailbox from outside."""

INVITED = timedelta(days=3)
"""How long the link of an invitation works."""

_ROWS, _STAFF, _PEOPLE = table(PasswordReset), table(Staff), table(Person)


@unit()
def request_reset(email: str, at: datetime) -> None:
    """Sends the link where the address belongs to somebody who works here; says nothing either way."""
    query = select(_PEOPLE.c.id, _PEOPLE.c.email, _PEOPLE.c.name, _PEOPLE.c.language)
    query = query.join(_STAFF, _STAFF.c.person_id == _PEOPLE.c.id)
    row = db.session.execute(query.where(_PEOPLE.c.email == email.strip().lower(), _STAFF.c.active)).one_or_none()
    account = accounts.book().default(ChannelKind.EMAIL)
    if row is None or account is None or _links_of(row.id, at) >= LINKS:
        _render("password_reset", i18n.DEFAULT, {"link": "", "minutes": 0})  # as slow for whom there is no link
        return
    values = {"link": _new_link(row.id, at, LIFETIME), "minutes": int(LIFETIME.total_seconds() // 60)}
    _post(account, row, "password_reset", values, at)


def _links_of(person_id: int, at: datetime) -> int:
    recent = (_ROWS.c.person_id == person_id) & (_ROWS.c.created_at > at - LIFETIME)
    return int(db.session.execute(select(func.count()).select_from(_ROWS).where(recent)).scalar_one())


@dataclass(frozen=True)
class Invitation:
    """A link with which a new colleague chooses a password. ``sent`` is false where no address could send it."""

    link: str
    sent: bool


@unit()
def invite(actor: Actor, person_id: int, at: datetime) -> Invitation:
    """Gives a member of staff a link to choose a password, by mail where we have an address to send from.

    Raises Forbidden, and NotFound for whoever does not work here.
    """
    if not may(actor, "administer"):
        raise Forbidden("The house is set up by administrators.")
    query = select(_PEOPLE.c.id, _PEOPLE.c.email, _PEOPLE.c.name, _PEOPLE.c.language)
    query = query.join(_STAFF, _STAFF.c.person_id == _PEOPLE.c.id)
    row = db.session.execute(query.where(_PEOPLE.c.id == person_id, _STAFF.c.active)).one_or_none()
    if row is None:
        raise NotFound("Nobody of that id works here.")
    account = accounts.book().default(ChannelKind.EMAIL)
    link = _new_link(row.id, at, INVITED)
    if account is not None:
        _post(account, row, "invitation", {"link": link, "days": INVITED.days, "person": row.name}, at)
    house.record(actor, "invited", "person", person_id, at)
    return Invitation(link, sent=account is not None)


def _new_link(person_id: int, at: datetime, lifetime: timedelta) -> str:
    token = new_token()
    kept = {"token_hash": digest(token), "person_id": person_id, "created_at": at, "expires_at": at + lifetime}
    db.session.execute(insert(_ROWS).values(kept))
    return f"{current_app.config['SETTINGS'].public_base_url.rstrip('/')}/auth/new-password/{token}"


def _post(account: accounts.Account, row: Any, template: str, values: Mapping[str, object], at: datetime) -> None:
    letter = _render(template, i18n.chosen(row.language), values)
    outbox.put([_parcel(account, row.email, row.name, template, letter)], at)


def _render(template: str, language: str, values: Mapping[str, object]) -> letters.Letter:
    return letters.render(template, language, body_name=body.name(language), **values)


def _parcel(account: accounts.Account, email: str, name: str, template: str, letter: letters.Letter) -> Parcel:
    return Parcel(
        kind=account.kind,
        account_id=account.id,
        external_id=outbox.mint(account.address),
        to_address=email,
        to_name=name,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        template=template,
        automatic=True,
    )


def reset_is_good(token: str, at: datetime) -> bool:
    """Whether the link still works."""
    good = (_ROWS.c.token_hash == digest(token)) & _ROWS.c.used_at.is_(None) & (_ROWS.c.expires_at > at)
    return db.session.execute(select(_ROWS.c.id).where(good)).one_or_none() is not None


@unit()
def reset_password(token: str, password: str, at: datetime) -> int:
    """Sets the password, uses the link up, ends every session; gives the person's id. Raises Invalid."""
    passwords.check_new(password)
    good = (_ROWS.c.token_hash == digest(token)) & _ROWS.c.used_at.is_(None) & (_ROWS.c.expires_at > at)
    used = update(_ROWS).where(good).values(used_at=at).returning(_ROWS.c.person_id)
    row = db.session.execute(used).one_or_none()
    if row is None:
        raise Invalid("This link was used already or is too old. Ask for a new one.", code="used-link")
    _set(row.person_id, password, at)
    return int(row.person_id)


@unit()
def change_password(actor: Actor, present: str, password: str, at: datetime) -> None:
    """Sets a new password after the present one was told; ends every session. Raises Invalid."""
    kept = db.session.execute(select(_STAFF.c.password_hash).where(_STAFF.c.person_id == actor.id)).scalar_one()
    if not passwords.matches(kept, present):
        raise Invalid("That is not your present password.", fields={"present": "That is not your present password."})
    passwords.check_new(password)
    assert actor.id is not None
    _set(actor.id, password, at)


def _set(person_id: int, password: str, at: datetime) -> None:
    """Links that were sent before die with the old password."""
    kept = passwords.hashed(password)
    db.session.execute(update(_STAFF).where(_STAFF.c.person_id == person_id).values(password_hash=kept))
    db.session.execute(
        text("update password_reset set used_at = :at where person_id = :person and used_at is null"),
        {"at": at, "person": person_id},
    )
    revoke_all(person_id, at)
