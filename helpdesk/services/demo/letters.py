"""What citizens of the demo send, as raw as it would arrive: mails and filled-in forms."""

import json
import random
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from helpdesk.services import accounts, inbox
from helpdesk.services.demo.case import Case
from helpdesk.services.demo.people import CITIZENS
from helpdesk.services.inbox import Incoming
from helpdesk.vocabulary import ChannelKind

GONE = "moved."
"""Addresses that begin so cannot be reached any more."""

_LATIN = str.maketrans(
    dict(zip("αβγδεζηικλμνοπρσςτυφω", "avgdeziiklmnoprsstyfo", strict=True))
    | {"θ": "th", "ξ": "x", "χ": "ch", "ψ": "ps", " ": "."}
)


@dataclass(frozen=True)
class Citizen:
    """Somebody who writes to the municipality."""

    name: str
    email: str
    phone: str
    language: str

    def moved(self) -> "Citizen":
        """The same with an address that cannot be reached any more."""
        return replace(self, email=GONE + self.email.removeprefix(GONE))


def citizen(language: str, chance: random.Random) -> Citizen:
    """One of the town's people who write in that language."""
    place = int(chance.random() * len(CITIZENS[language]))
    name = CITIZENS[language][place]
    bare = "".join(one for one in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(one))
    phone = f"+3069{place + (40 if language == 'en' else 0):02d}5550{place * 7 % 100:02d}7"
    who = Citizen(name, f"{bare.translate(_LATIN)}@citizens.example", phone, language)
    return who.moved() if place == 7 else who


def mail(who: Citizen, to: str, subject: str, words: str, at: datetime, answers: str = "") -> bytes:
    """A mail by that citizen; ``answers`` is the Message-ID that it answers."""
    message = EmailMessage()
    message["From"] = f'"{who.name}" <{who.email}>'
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{at.timestamp():.6f}.{who.email}>"
    if answers:
        message["In-Reply-To"] = message["References"] = f"<{answers}>"
    message.set_content(f"{words}\n\n{who.name}\n")
    return message.as_bytes()


def form(who: Citizen, case: Case, fields: dict[str, str]) -> bytes:
    """A filled-in form of the portal."""
    told = {"subject": case.subject, "description": case.text, "service": case.service or "other", "fields": fields}
    person = {"name": who.name, "email": who.email, "phone": who.phone, "language": who.language}
    return json.dumps(told | person | {"files": []}, ensure_ascii=False).encode()


def arrives(kind: ChannelKind, account_id: int, name: str, raw: bytes, at: datetime) -> int | None:
    """Keeps it in the inbox and takes it in a moment later; the ticket it reached."""
    [inbound_id] = inbox.keep([Incoming(kind.value, account_id, name, raw, at)])
    return inbox.process_one(inbound_id, at).ticket_id if inbound_id is not None else None


def form_account() -> int:
    """The account of the web form."""
    return accounts.of_kind(ChannelKind.WEBFORM)
