"""The brake on acknowledgements: nobody shall make us write to many who never wrote to us.

Whoever relays spam through a helpdesk sends mails under forged addresses and lets the acknowledgements do the rest.
Ours repeat no word of an unproven sender; here their number is held too. Letters to strangers whose address nothing
proves are counted within ten minutes, all together, by subject and by domain. Beyond a limit the brake trips: from
then on such letters wait in the outbox for a person, tickets open as ever, and who is known or proven is answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from helpdesk.db import db, table
from helpdesk.models.screening import Breaker
from helpdesk.services import marks

NAME = "acknowledgements"
WINDOW = timedelta(minutes=10)
UNDER_A_SUBJECT, IN_A_DOMAIN, LEAST = 0.1, 0.6, 10
"""Shares of the whole limit that one subject and one domain may have, and how many each may have anyway."""

_ROWS = table(Breaker)


@dataclass(frozen=True)
class Wanted:
    """An acknowledgement to a stranger whose address nothing proves."""

    address: str
    subject: str


def held_back(wanted: Sequence[Wanted], at: datetime) -> bool:
    """Whether letters to strangers wait from now on; trips the brake where a limit is passed."""
    if not wanted or not current_app.config["SETTINGS"].acknowledgement_limit:
        return False
    tripped, reason = _looked_at(wanted, at)
    if reason and not tripped:
        _trip(reason, at)
    return tripped or bool(reason)


def is_tripped() -> bool:
    """Whether the brake is on now."""
    on = select(_ROWS.c.id).where(_ROWS.c.name == NAME, _ROWS.c.reset_at.is_(None))
    return db.session.execute(on).first() is not None


def _looked_at(wanted: Sequence[Wanted], at: datetime) -> tuple[bool, str]:
    """Whether it is on, and which limit is passed; what came before a person released it last is not counted again."""
    everything = marks.mark("stranger", "")
    subjects = [marks.mark("subject", marks.subject_of(one.subject)) for one in wanted if one.subject.strip()]
    domains = [marks.mark("domain", one.address.rpartition("@")[2]) for one in wanted]
    written = [*subjects, *domains, *[everything] * len(wanted)]
    tripped, counts = marks.counted_under(NAME, written, at, WINDOW)
    most = current_app.config["SETTINGS"].acknowledgement_limit
    if counts.get(everything, 0) > most:
        return tripped, "strangers"
    if any(counts[one] > max(most * UNDER_A_SUBJECT, LEAST) for one in subjects):
        return tripped, "subject"
    return tripped, "domain" if any(counts[one] > max(most * IN_A_DOMAIN, LEAST) for one in domains) else ""


def _trip(reason: str, at: datetime) -> None:
    row: dict[str, Any] = {"name": NAME, "reason": reason, "tripped_at": at}
    db.session.execute(insert(_ROWS).values(row).on_conflict_do_nothing())


def forget(now: datetime) -> int:
    """Deletes marks that served their time; how many."""
    return marks.forget(now)
