"""A mail that asks nothing but how a request stands is answered at once, to the address on file and to nobody else.

It is one where its subject says so, with a number of a request of theirs, and it says hardly more. The mail of anybody
else is a new request like every other: it differs in nothing, whether the number exists or not.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import text

from helpdesk.db import db
from helpdesk.services import automatic
from helpdesk.services.arrival import Arrival
from helpdesk.services.correspondence import Notice
from helpdesk.services.inquiry.asking import status_letter

CODE = "status"
"""Marks the letter on its ticket."""

ASKED = "inquiry"
"""Marks the mail: it stops no clock, starts none, and reopens nothing."""

FEW = 60
"""Characters of a mail that asks nothing else: a greeting and a name."""

BETWEEN = timedelta(minutes=10)
"""How long after an answer no other is sent about the same request: what a loop would wait for."""

_SUBJECT = re.compile(
    r"(?:(?:re|fw|fwd|απ|πρθ|σχετ)\s*:\s*)*"
    r"(?:status|progress|κατασταση|πορεια|προοδοσ|που βρισκεται|τι γινεται)\b[^0-9]{0,60}?(\d{6,10})\W*"
)
_OWN = text(
    """
    select ticket.id from ticket join person on person.id = ticket.requester_id
    where ticket.id = :number and lower(person.email) = :email
    """
)
_LATELY = text("select ticket_id from message where ticket_id = any(:numbers) and automatic = :code and at > :since")


def recognise(arrivals: Sequence[Arrival]) -> list[Arrival]:
    """The same, with those marked that ask how their sender's own request stands."""
    return [_marked(arrival) for arrival in arrivals]


def _marked(arrival: Arrival) -> Arrival:
    number = asked_about(arrival)
    if number is None:
        return arrival
    told = {"number": number, "email": arrival.contact.email.lower()}
    if db.session.execute(_OWN, told).scalar() is None:
        return arrival
    return replace(arrival, automatic=ASKED, signed=(number,))


def asked_about(arrival: Arrival) -> int | None:
    """The number in the subject of a mail that asks for nothing but that; None for every other."""
    said = arrival.reply_text if arrival.reply_text is not None else arrival.text
    is_short = len(said.strip()) <= FEW and not arrival.files
    found = _SUBJECT.fullmatch(_plain(arrival.subject)) if is_short and not arrival.automatic else None
    return int(found[1]) if found and arrival.may_answer and arrival.contact.email else None


def _plain(subject: str) -> str:
    """Small letters without accents."""
    apart = unicodedata.normalize("NFD", subject.strip().lower())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).replace("ς", "σ")


def answer(numbers: Sequence[int], at: datetime) -> None:
    """Writes how these stand to those who asked them, each once in a while."""
    asked = {"numbers": list(numbers), "code": CODE, "since": at - BETWEEN}
    lately = set(db.session.execute(_LATELY, asked).scalars())
    notices = [
        Notice(number, CODE, values=status_letter(number, at), automatic=True)
        for number in dict.fromkeys(numbers)
        if number not in lately
    ]
    automatic.send(notices, CODE, at)
