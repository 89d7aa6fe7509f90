"""How long a resolved request may be taken up again, when silence closes it, how long raw post is kept: settings."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from helpdesk.db import db
from helpdesk.models.people import Person
from helpdesk.models.rulebook import Setting
from helpdesk.vocabulary import RULES, TicketType, rules

DAYS = {"reopen_within_days": 7, "close_after_days": 7, "raw_kept_days": 90}
"""Settings by key, with what holds where the body decided nothing; stored as ``{"days": n, "types": {type: n}}``."""

REOPEN, CLOSE, RAW = DAYS
Settings = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Patience:
    """The body's settings, as they stood when they were read."""

    settings: Settings

    def days(self, key: str, kind: str = "") -> int:
        """How many days that is for tickets of a type, of no type what is usual."""
        data = self.settings.get(key) or {}
        return int(data.get("types", {}).get(kind) or data.get("days", DAYS[key]))

    def closes_at(self, ticket: Any) -> datetime | None:
        """When silence closes a resolved ticket; None where only people do."""
        return self.closes_when_resolved(ticket, ticket.resolved_at) if ticket.resolved_at else None

    def closes_when_resolved(self, ticket: Any, at: datetime) -> datetime | None:
        """When it would be closed if it is resolved at that moment."""
        return None if stays(ticket) else at + timedelta(days=self.days(CLOSE, ticket.type))

    def silence(self, ticket: Any) -> timedelta | None:
        """How long after its resolution silence closes it; None where it is not resolved, or only people close it."""
        closes_at = self.closes_at(ticket)
        return closes_at - ticket.resolved_at if closes_at is not None else None

    def reopens_until(self, ticket: Any) -> datetime | None:
        """Until when a resolved ticket is taken up again; later a new one is opened that follows it."""
        if ticket.resolved_at is None:
            return None
        until: datetime = ticket.resolved_at + timedelta(days=self.days(REOPEN, ticket.type))
        return until


def current() -> Patience:
    """The settings as they stand, in one statement."""
    query = select(Setting.key, Setting.data).where(Setting.key.in_(DAYS))
    return Patience({row.key: row.data for row in db.session.execute(query)})


def reopens_within(kind: str = "") -> timedelta:
    """How long after its resolution a word by the requester reopens a request; later it opens a linked one."""
    return timedelta(days=current().days(REOPEN, kind))


def closes_after(kind: str = "") -> timedelta:
    """How long after its resolution a request of that type closes by itself, where it does."""
    return timedelta(days=current().days(CLOSE, kind))


def stays(ticket: Any) -> str:
    """Why silence never closes that ticket, as a code; empty where it does. The same law as `CLOSES_ITSELF`."""
    if ticket.major or ticket.restricted:
        return "major" if ticket.major else "restricted"
    if not rules(ticket.type).closes_itself:
        return "type"
    return "care" if _wants_care(ticket) else ""


def _wants_care(ticket: Any) -> bool:
    """Whether somebody it concerns is to be handled with care; a row that knows has it as ``cared_for``."""
    known: bool | None = getattr(ticket, "cared_for", None)
    if known is None:
        concerned = [ticket.requester_id, ticket.on_behalf_of_id]
        query = select(Person.id).where(Person.id.in_(concerned), Person.care.is_not(None)).limit(1)
        known = db.session.execute(query).first() is not None
    return known


_NEVER = ", ".join(f"'{kind.value}'" for kind, found in RULES.items() if not found.closes_itself)

CARED_FOR = """exists (select from person where person.id in (ticket.requester_id, ticket.on_behalf_of_id)
                and person.care is not null)"""
"""True in SQL where somebody a ticket concerns is to be handled with care."""

CLOSES_ITSELF = f"""(ticket.status = 'resolved' and not ticket.major and not ticket.restricted
    and ticket.type not in ({_NEVER}) and not {CARED_FOR})"""
"""True in SQL of the tickets that silence closes: no major incident, nothing sensitive, nobody who wants care."""

CLOSES_AT = (
    "(ticket.resolved_at + make_interval(days =>"
    " coalesce(cast(cast(:close_by_type as jsonb) ->> ticket.type as integer), :close_usual)))"
)
"""When it closes them; the values are `terms`."""


def terms() -> dict[str, object]:
    """The settings as `CLOSES_AT` takes them."""
    found = current()
    usual = found.days(CLOSE)
    return {"close_usual": usual, "close_by_type": json.dumps({kind: found.days(CLOSE, kind) for kind in TicketType})}


def keeps_raw() -> timedelta:
    """How long post is kept as it came and went, after it was worked off."""
    return timedelta(days=current().days(RAW))
