"""Claims a message, sends it outside of any transaction, and settles it while claiming the next."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from channels import registry
from channels.port import KeepsLines
from helpdesk import clock
from helpdesk.db import db, table, unit
from helpdesk.models.post import Outbound
from helpdesk.services import accounts
from helpdesk.services.accounts import AddressBook
from helpdesk.services.outbox import pace
from helpdesk.services.outbox.carriage import carry
from helpdesk.services.outbox.settlement import Outcome, settle
from helpdesk.services.texting import sending
from helpdesk.vocabulary import TEXTS, Delivery

_ROWS = table(Outbound)
_MOST_PUT_OFF = 50


def deliver(limit: int = 50) -> int:
    """Sends up to ``limit`` due messages; how many it tried.

    At most one message is claimed at a time, so that a worker killed here leaves one in doubt, not fifty.
    """
    tried, used = 0, set()
    row, book = _begin(clock.now())
    try:
        while row is not None:
            outcome = carry(row, book)
            tried += 1
            used.add(row.kind)
            row = _settle_and_claim(row, outcome, book, go_on=tried < limit)
    finally:
        _hang_up(used)
    return tried


def _hang_up(kinds: set[str]) -> None:
    """Lines that were kept for the next letter are ended with the last."""
    for kind in kinds:
        channel = registry.get(kind)
        if isinstance(channel, KeepsLines):
            channel.hang_up()


@unit()
def _settle_and_claim(row: Row[Any], outcome: Outcome, book: AddressBook, *, go_on: bool) -> Row[Any] | None:
    at = clock.now()
    settle(row, outcome, at)
    return _next(at, book) if go_on else None


@unit()
def _begin(at: datetime) -> tuple[Row[Any] | None, AddressBook]:
    book = accounts.book()
    return _next(at, book), book


def _next(at: datetime, book: AddressBook) -> Row[Any] | None:
    """The next letter that may go now; one whose domain gets enough for the moment is put off."""
    for _ in range(_MOST_PUT_OFF):
        row = _claimed(at)
        if row is None:
            return None
        account = book.by_id.get(row.account_id) if row.account_id is not None else book.default(row.kind)
        later = pace.wait_until(row, account, at)
        if row.kind in TEXTS and later is None:
            verdict = sending.admit(row, account.id if account else None, at)
            if verdict.refused:
                settle(row, Outcome(Delivery.REFUSED, verdict.refused), at)
                continue
            later = verdict.until
        if later is None:
            return row
        values = {"state": Delivery.WAITING, "due_at": later, "attempts": row.attempts - 1, "claimed_at": None}
        db.session.execute(update(_ROWS).where(_ROWS.c.id == row.id).values(**values))
    return None


def _claimed(at: datetime) -> Row[Any] | None:
    due = select(_ROWS.c.id).where(_ROWS.c.state == Delivery.WAITING, _ROWS.c.due_at <= at)
    first = due.order_by(_ROWS.c.due_at, _ROWS.c.id).limit(1).with_for_update(skip_locked=True)
    values = {"state": Delivery.SENDING, "claimed_at": at, "attempts": _ROWS.c.attempts + 1}
    claimed = update(_ROWS).where(_ROWS.c.id == first.scalar_subquery()).values(**values).returning(_ROWS)
    return db.session.execute(claimed).one_or_none()
