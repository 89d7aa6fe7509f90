"""Who lost their code names the address or phone number we know, and gets one that opens their request once."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text

from helpdesk.db import db, unit
from helpdesk.services import correspondence
from helpdesk.services.correspondence import Notice
from helpdesk.services.inquiry.proofs import once_hash, same_phone

LIFETIME = timedelta(minutes=15)
BETWEEN = timedelta(minutes=2)
"""How long after a code no other is sent: nobody can fill a mailbox by asking for codes."""

LETTERS = 8
"""40 bits, behind a door that counts and delays, for a quarter of an hour."""

LONGEST_PROOF = 200
PORTION = 50

_ASK = text("insert into code_request (number, proof, at) values (:number, :proof, :at)")


@unit()
def ask_code(number: int, proof: str, at: datetime) -> None:
    """Keeps the wish, and does nothing else, whatever was named: the clock looks at it in a moment.

    The same statement for every number is all that anybody can measure from outside.
    """
    db.session.execute(_ASK, {"number": number, "proof": proof.strip()[:LONGEST_PROOF], "at": at})


_TAKE = text(
    """
    delete from code_request where id in (select id from code_request order by id limit :limit for update skip locked)
    returning number, proof
    """
)
_KNOWN = text(
    """
    select ticket.id, person.email, person.phone from ticket
    join person on person.id = ticket.requester_id and person.email is not null
    left join one_time_code on one_time_code.ticket_id = ticket.id
    where ticket.id = any(:numbers) and (one_time_code.made_at is null or one_time_code.made_at <= :recent)
    """
)
_KEEP = text(
    """
    insert into one_time_code (ticket_id, code_hash, made_at, expires_at) values (:number, :hash, :at, :expires)
    on conflict (ticket_id) do update
      set code_hash = excluded.code_hash, made_at = excluded.made_at, expires_at = excluded.expires_at
    """
)


@unit()
def send_codes(at: datetime) -> int:
    """Looks at what was asked for; where the address or phone is on file, a code goes to that address. How many."""
    asked = db.session.execute(_TAKE, {"limit": PORTION}).all()
    if not asked:
        return 0
    told = {"numbers": [one.number for one in asked], "recent": at - BETWEEN}
    known = {row.id: row for row in db.session.execute(_KNOWN, told)}
    for number in dict.fromkeys(one.number for one in _proven(asked, known)):
        _send(number, at)
    return len(asked)


def _proven(asked: Sequence[Row[Any]], known: dict[int, Row[Any]]) -> list[Row[Any]]:
    return [one for one in asked if one.number in known and _is_theirs(one.proof, known[one.number])]


def _is_theirs(proof: str, row: Row[Any]) -> bool:
    return proof.lower() == row.email.lower() or same_phone(proof, row.phone)


def _send(number: int, at: datetime) -> None:
    letters = base64.b32encode(secrets.token_bytes(5)).decode()[:LETTERS]
    kept = {"number": number, "hash": once_hash(number, letters), "at": at, "expires": at + LIFETIME}
    db.session.execute(_KEEP, kept)
    values = {"once": f"{letters[:4]}-{letters[4:]}", "minutes": int(LIFETIME.total_seconds() // 60)}
    correspondence.send([Notice(number, "code", values=values, automatic=True)], at)
