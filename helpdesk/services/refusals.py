"""Moves that were refused, on record: after the roll-back, in a transaction of their own, and never a flood of them."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from helpdesk import clock, events
from helpdesk.db import after_rollback, unit
from helpdesk.errors import Forbidden, HelpdeskError, Invalid, NotFound, Stale
from helpdesk.permissions import Actor
from helpdesk.services import journal, scope
from helpdesk.vocabulary import ActorKind

log = logging.getLogger(__name__)

ONCE_IN = timedelta(minutes=1)
"""The same refusal to the same person is recorded once in this time."""

MOST, WITHIN = 30, timedelta(hours=1)
"""No more than so many refusals to one person on one ticket within this time are recorded, whatever they try."""


@contextmanager
def noted(actor: Actor, number: int, verb: str, at: datetime | None) -> Iterator[None]:
    """Lets a refusal inside be recorded, once the whole unit of work is rolled back by it.

    Not for the clock, which tries and gives way; nor for who may not know of the ticket.
    """
    try:
        yield
    except (Forbidden, Invalid, Stale) as error:
        if actor.kind is not ActorKind.SYSTEM:
            after_rollback(partial(keep, actor, number, verb, error, at))
        raise


def keep(
    actor: Actor, number: int, verb: str, error: HelpdeskError, at: datetime | None = None, known: Iterable[str] = ()
) -> None:
    """Records a refusal that a form or the API gave before any service was asked; ``known`` are the form's own fields.

    It changes nothing of the ticket; what cannot be recorded is logged, and the refusal stands all the same.
    """
    fields = sorted(set(error.fields) & set(known) if known else error.fields)
    try:
        _record(actor, number, events.MoveRefused(verb, error.code, fields), at or clock.now())
    except (NotFound, SQLAlchemyError):
        log.info("a refusal was not recorded", extra={"ticket": number, "verb": verb, "code": error.code})


@unit()
def _record(actor: Actor, number: int, fact: events.MoveRefused, at: datetime) -> None:
    scope.find(actor, number)
    lately = journal.lately(number, events.MoveRefused, actor.id, at - WITHIN)
    repeated = any(one.event == fact and one.at > at - ONCE_IN for one in lately)
    if not repeated and len(lately) < MOST:
        journal.record(number, fact, actor, at)
