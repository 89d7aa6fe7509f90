"""Signing in: the right password opens a session, a wrong one makes the next try wait."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from helpdesk import clock
from helpdesk.db import db, table, unit
from helpdesk.errors import HelpdeskError, Invalid
from helpdesk.models.people import Person, Staff
from helpdesk.services.access import passwords
from helpdesk.services.access.failures import count_failure, forget_failures, wait_left
from helpdesk.services.access.sessions import open_session

_PEOPLE, _STAFF = table(Person), table(Staff)


class TooSoon(HelpdeskError):
    """Too many failed tries from one address; ``wait`` says for how long."""

    status = 429
    title = "Please wait"

    def __init__(self, wait: timedelta) -> None:
        super().__init__("There were several failed tries. Please wait a little and try again.", code="too-soon")
        self.wait = wait


def sign_in(email: str, password: str, *, address: str, browser: str = "", at: datetime | None = None) -> str:
    """Opens a session and gives its token. Raises Invalid (wrong pair) or TooSoon; says never which half was wrong."""
    at = at or clock.now()
    account = f"sign-in:{email.strip().lower()}"
    refuse_haste(account, address, at)
    person_id = _person_with(email, password)
    if person_id is None:
        count_failure(account, address, at)
        raise Invalid("The e-mail address and the password do not belong together.", code="wrong-password")
    forget_failures(account, address)
    return open_session(person_id, browser, at)


def refuse_haste(what: str, address: str, at: datetime) -> None:
    """Raises TooSoon while that address must wait."""
    if wait := wait_left(what, address, at):
        raise TooSoon(wait)


def _person_with(email: str, password: str) -> int | None:
    query = select(_STAFF.c.person_id, _STAFF.c.password_hash).join(_PEOPLE, _PEOPLE.c.id == _STAFF.c.person_id)
    query = query.where(_PEOPLE.c.email == email.strip().lower(), _STAFF.c.active, _PEOPLE.c.erased_at.is_(None))
    row = db.session.execute(query).one_or_none()
    if not passwords.matches(row.password_hash if row else None, password) or row is None:
        return None
    if passwords.is_outdated(row.password_hash):
        _renew(row.person_id, password)
    return int(row.person_id)


@unit()
def _renew(person_id: int, password: str) -> None:
    renewed = passwords.hashed(password)
    db.session.execute(update(_STAFF).where(_STAFF.c.person_id == person_id).values(password_hash=renewed))
