"""What proves that somebody is the citizen of a request: its code, a code sent once, or these with the caller's number.

The same is done for a number that exists as for one that does not, so that neither answer nor time tells a stranger.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Row, text

from helpdesk.db import db, unit
from helpdesk.errors import Invalid
from helpdesk.services import tracking
from helpdesk.services.access.entry import refuse_haste
from helpdesk.services.access.failures import count_failure, forget_failures

DIGITS = 10
"""Of a phone number the last so many count: people leave the country out, or write it in several ways."""


@dataclass(frozen=True)
class Code:
    """The code of the letters, or one that was sent once."""

    code: str


@dataclass(frozen=True)
class Caller:
    """Somebody who rings: the number they ring from, as the carrier tells it, and their code."""

    phone: str
    code: str


Proof = Code | Caller

_FILE = text(
    """
    select ticket.tracking_version, person.phone, one_time_code.code_hash, one_time_code.expires_at
    from ticket left join person on person.id = ticket.requester_id
    left join one_time_code on one_time_code.ticket_id = ticket.id
    where ticket.id = :number
    """
)
_USED_UP = text("delete from one_time_code where ticket_id = :number")


def let_in(number: int, proof: Proof, address: str, at: datetime) -> int:
    """The version of the code of this request, to whoever proves to be its citizen.

    ``address`` is from where they ask: failures are counted by it. Raises Invalid for a wrong pair, which never says
    what was wrong about it, and TooSoon after many.
    """
    what = f"track:{number}"
    refuse_haste(what, address, at)
    row = db.session.execute(_FILE, {"number": number}).one_or_none()
    by_letter = tracking.check(proof.code, number, row.tracking_version if row else 0)
    once = _is_once(number, proof.code, row, at)
    rings = not isinstance(proof, Caller) or same_phone(proof.phone, row.phone if row else None)
    if row is None or not rings or not (by_letter or once):
        count_failure(what, address, at)
        raise Invalid("This number and this code do not belong together.", code="wrong-code")
    forget_failures(what, address)
    if not by_letter:
        _use_up(number)
    return int(row.tracking_version)


def _is_once(number: int, code: str, row: Row[Any] | None, at: datetime) -> bool:
    kept = row.code_hash if row is not None and row.code_hash else bytes(32)
    good = row is not None and row.expires_at is not None and row.expires_at > at
    return hmac.compare_digest(once_hash(number, code), bytes(kept)) and good


@unit()
def _use_up(number: int) -> None:
    """A code that was sent once opens once."""
    db.session.execute(_USED_UP, {"number": number})


def once_hash(number: int, code: str) -> bytes:
    """What is kept of a code that is sent once; forgiving about case, dashes and spaces."""
    key: str = current_app.config["SETTINGS"].secret_key
    plain = re.sub(r"[\s-]", "", code).upper().replace("0", "O").replace("1", "I").replace("8", "B")
    return hmac.digest(key.encode(), f"once:{number}:{plain}".encode(), hashlib.sha256)


def same_phone(told: str, kept: str | None) -> bool:
    """Whether two numbers are one, however they are written."""
    ours, theirs = _digits(kept or ""), _digits(told)
    return len(theirs) == DIGITS and ours == theirs


def _digits(phone: str) -> str:
    return re.sub(r"[^0-9]", "", phone)[-DIGITS:]
