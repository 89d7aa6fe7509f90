"""A new password: by a link that works once, or by telling the present one."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import insert, select, text, update

from helpdesk import i18n
from helpdesk.db import db, table, unit
from helpdesk.errors import Invalid
from helpdesk.models.access import PasswordReset
from helpdesk.models.people import Person, Staff
from helpdesk.permissions import Actor
from helpdesk.services import accounts, letters, outbox
from helpdesk.services.access import passwords
from helpdesk.services.access.secrets import digest, new_token
from helpdesk.services.access.sessions import revoke_all
from helpdesk.services.outbox import Parcel
from helpdesk.vocabulary import ChannelKind

LIFETIME = timedelta(hours=1)
_ROWS, _STAFF, _PEOPLE = table(PasswordReset), table(Staff), table(Person)


@unit()
def request_reset(email: str, at: datetime) -> None:
    """Sends the link where the address belongs to somebody who works here; says nothing either way."""
    query = select(_PEOPLE.c.id, _PEOPLE.c.email, _PEOPLE.c.name, _PEOPLE.c.language)
    query = query.join(_STAFF, _STAFF.c.person_id == _PEOPLE.c.id)
    row = db.session.execute(query.where(_PEOPLE.c.email == email.strip().lower(), _STAFF.c.active)).one_or_none()
    account = accounts.book().default(ChannelKind.EMAIL)
    if row is None or account is None:
        return
    token = new_token()
    kept = {"token_hash": digest(token), "person_id": row.id, "created_at": at, "expires_at": at + LIFETIME}
    db.session.execute(insert(_ROWS).values(kept))
    letter = letters.render("password_reset", i18n.chosen(row.language), **_values(token))
    outbox.put([_parcel(account, row.email, row.name, letter)], at)


def _values(token: str) -> dict[str, object]:
    settings = current_app.config["SETTINGS"]
    link = f"{settings.public_base_url.rstrip('/')}/auth/new-password/{token}"
    return {"link": link, "minutes": int(LIFETIME.total_seconds() // 60), "body_name": settings.body_name}


def _parcel(account: accounts.Account, email: str, name: str, letter: letters.Letter) -> Parcel:
    return Parcel(
        kind=account.kind,
        account_id=account.id,
        external_id=outbox.mint(account.address),
        to_address=email,
        to_name=name,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        template="password_reset",
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
