"""Claims a message, sends it outside of any transaction, and settles it while claiming the next."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from helpdesk import clock
from helpdesk.db import db, table, unit
from helpdesk.models.post import Outbound
from helpdesk.services import accounts
from helpdesk.services.accounts import AddressBook
from helpdesk.services.outbox.carriage import carry
from helpdesk.services.outbox.settlement import Outcome, settle
from helpdesk.vocabulary import Delivery

_ROWS = table(Outbound)


def deliver(limit: int = 50) -> int:
    """Sends up to ``limit`` due messages; how many it tried.

    At most one message is claimed at a time, so that a worker killed here leaves one in doubt, not fifty.
    """
    tried = 0
    row, book = _begin(clock.now())
    while row is not None:
        outcome = carry(row, book)
        tried += 1
        row = _settle_and_claim(row, outcome, go_on=tried < limit)
    return tried


@unit()
def _settle_and_claim(row: Row[Any], outcome: Outcome, *, go_on: bool) -> Row[Any] | None:
    at = clock.now()
    settle(row, outcome, at)
    return _next(at) if go_on else None


@unit()
def _begin(at: datetime) -> tuple[Row[Any] | None, AddressBook]:
    return _next(at), accounts.book()


def _next(at: datetime) -> Row[Any] | None:
    due = select(_ROWS.c.id).where(_ROWS.c.state == Delivery.WAITING, _ROWS.c.due_at <= at)
    first = due.order_by(_ROWS.c.due_at, _ROWS.c.id).limit(1).with_for_update(skip_locked=True)
    values = {"state": Delivery.SENDING, "claimed_at": at, "attempts": _ROWS.c.attempts + 1}
    claimed = update(_ROWS).where(_ROWS.c.id == first.scalar_subquery()).values(**values).returning(_ROWS)
    return db.session.execute(claimed).one_or_none()
