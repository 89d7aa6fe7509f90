"""The first administrator of an empty installation, by a token told once where the server was started."""

import hmac
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from helpdesk import i18n
from helpdesk.db import db, table, unit
from helpdesk.errors import Invalid, NotFound
from helpdesk.models.people import Person, Staff
from helpdesk.models.rulebook import Setting
from helpdesk.permissions import SYSTEM
from helpdesk.services import house, rulebook
from helpdesk.services.access import passwords
from helpdesk.services.access.secrets import digest, new_token
from helpdesk.vocabulary import Role

_KEY = "first-administrator"
_SETTINGS = table(Setting)


def needs_first_administrator() -> bool:
    """Whether nobody works here yet."""
    return db.session.execute(select(table(Staff).c.person_id).limit(1)).one_or_none() is None


@unit()
def first_token(at: datetime) -> str | None:
    """A new token for /auth/first, which replaces earlier ones; None once somebody works here.

    What every body needs before its first request (hours, promises, priorities) is put in force with it.
    """
    rulebook.ensure_defaults(at)
    if not needs_first_administrator():
        return None
    token = new_token()
    db.session.execute(
        text(
            "insert into setting (key, data, changed_at) values (:key, jsonb_build_object('hash', cast(:hash as text)),"
            " :at) on conflict (key) do update set data = excluded.data, changed_at = excluded.changed_at"
        ),
        {"key": _KEY, "hash": digest(token).hex(), "at": at},
    )
    return token


@unit()
def make_first_administrator(
    token: str, name: str, email: str, password: str, at: datetime, language: str = i18n.DEFAULT
) -> int:
    """Makes the administrator and uses the token up; gives the person's id. Raises NotFound, Invalid.

    Somebody who wrote to us before is the same person.
    """
    _use(token)
    missing = {key: "This is needed." for key, value in (("name", name), ("email", email)) if not value.strip()}
    if missing or "@" not in email:
        raise Invalid("Something is missing.", fields=missing or {"email": "Write a whole e-mail address."})
    passwords.check_new(password)
    row = {"name": name.strip(), "email": email.strip().lower(), "language": language, "created_at": at}
    made = insert(table(Person)).values(row)
    known = made.on_conflict_do_update(
        index_elements=["email"], index_where=table(Person).c.email.is_not(None),
        set_={"name": made.excluded.name, "language": made.excluded.language, "erased_at": None},
    )  # fmt: skip
    person_id = int(db.session.execute(known.returning(table(Person).c.id)).scalar_one())
    staff = {"person_id": person_id, "role": Role.ADMINISTRATOR.value, "password_hash": passwords.hashed(password)}
    db.session.execute(insert(table(Staff)).values(staff | {"languages": list(i18n.LANGUAGES)}))
    changes = {"role": [None, Role.ADMINISTRATOR.value]}
    house.record(replace(SYSTEM, id=person_id), "made", "person", person_id, at, changes)
    return person_id


def _use(token: str) -> None:
    kept = db.session.execute(select(_SETTINGS.c.data).where(_SETTINGS.c.key == _KEY).with_for_update()).scalar()
    known = bytes.fromhex(kept["hash"]) if kept else b""
    if not needs_first_administrator() or not hmac.compare_digest(known, digest(token)):
        raise NotFound("This step is over, or the link is not the newest one.")
    db.session.execute(_SETTINGS.delete().where(_SETTINGS.c.key == _KEY))
