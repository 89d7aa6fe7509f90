"""Forms that citizens go on with later: kept without an account, found by a random word, forgotten after a month."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, insert, select, text, update

from helpdesk import i18n
from helpdesk.db import db, table, unit
from helpdesk.errors import Invalid
from helpdesk.models.access import FormDraft
from helpdesk.services import accounts, body, letters, outbox
from helpdesk.services.access.secrets import digest, new_token
from helpdesk.services.outbox import Parcel
from helpdesk.vocabulary import ChannelKind

LIFETIME = timedelta(days=30)
LARGEST = 200_000
"""Bytes of all that was typed, as JSON."""
MOST_LETTERS = 3
"""How often one draft's link is sent."""
MOST_A_DAY = 5
"""How many of these letters one address gets a day, whoever asks."""

_ROWS = table(FormDraft)


@dataclass(frozen=True)
class Draft:
    """What was typed so far, by field; ``service`` is a service's key or empty."""

    service: str
    values: Mapping[str, str]
    saved_at: datetime
    expires_at: datetime


@unit()
def save(token: str, service: str, values: Mapping[str, str], at: datetime) -> str:
    """Keeps what was typed for a month from now; gives the word that finds it: the same, or a new one.

    A word that finds nothing is never taken over: we alone make them. Raises Invalid for more than anybody types.
    """
    if len(json.dumps(dict(values))) > LARGEST:
        raise Invalid("This is too much text for one form.", code="too-large")
    kept = {"service": service, "data": dict(values), "saved_at": at, "expires_at": at + LIFETIME}
    known = update(_ROWS).where(_ROWS.c.token_hash == digest(token), _ROWS.c.expires_at > at)
    if token and db.session.execute(known.values(kept).returning(_ROWS.c.id)).one_or_none():
        return token
    made = new_token()
    db.session.execute(insert(_ROWS).values(**kept, token_hash=digest(made), created_at=at))
    return made


def find(token: str, at: datetime) -> Draft | None:
    """What that word finds; None where it is unknown, sent or too old."""
    query = select(_ROWS.c.service, _ROWS.c.data, _ROWS.c.saved_at, _ROWS.c.expires_at)
    row = db.session.execute(query.where(_ROWS.c.token_hash == digest(token), _ROWS.c.expires_at > at)).one_or_none()
    return Draft(row.service, row.data, row.saved_at, row.expires_at) if row else None


@unit()
def discard(token: str) -> None:
    """Deletes it, sent or given up."""
    if token:
        db.session.execute(delete(_ROWS).where(_ROWS.c.token_hash == digest(token)))


@unit()
def send_link(token: str, path: str, email: str, language: str, at: datetime) -> bool:
    """Mails the way back to the form; whether a letter is on its way. Capped per draft and per address."""
    account = accounts.book().default(ChannelKind.EMAIL)
    if account is None or not _counted(token, at) or not _within_day(email, at):
        return False
    settings = current_app.config["SETTINGS"]
    link = f"{settings.public_base_url.rstrip('/')}{path}"
    values = {"link": link, "until": at + LIFETIME, "body_name": body.name(i18n.chosen(language))}
    outbox.put([_parcel(account, email, letters.render("draft", i18n.chosen(language), **values))], at)
    return True


def _counted(token: str, at: datetime) -> bool:
    found = (_ROWS.c.token_hash == digest(token)) & (_ROWS.c.expires_at > at) & (_ROWS.c.mailed < MOST_LETTERS)
    once_more = update(_ROWS).where(found).values(mailed=_ROWS.c.mailed + 1).returning(_ROWS.c.id)
    return db.session.execute(once_more).one_or_none() is not None


_COUNT = text(
    """
    insert into sent_automatically (address, day, count) values (:address, :day, 1)
    on conflict (address, day) do update set count = sent_automatically.count + 1
    returning count as so_far
    """
)


def _within_day(email: str, at: datetime) -> bool:
    """Counted apart from acknowledgements, so that nobody can use up theirs."""
    told = {"address": f"draft:{email.lower()}", "day": f"{at.astimezone(i18n.ZONE):%Y-%m-%d}"}
    return int(db.session.execute(_COUNT, told).scalar_one()) <= MOST_A_DAY


def _parcel(account: accounts.Account, email: str, letter: letters.Letter) -> Parcel:
    return Parcel(
        kind=account.kind,
        account_id=account.id,
        external_id=outbox.mint(account.address),
        to_address=email,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        template="draft",
        automatic=True,
    )


@unit()
def forget(at: datetime) -> int:
    """Deletes those whose month is over; how many."""
    gone = db.session.execute(delete(_ROWS).where(_ROWS.c.expires_at <= at))
    return int(getattr(gone, "rowcount", 0))
