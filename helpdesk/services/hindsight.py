"""What runs by the clock, run for the past: timers, post, ends of waiting and silence, each at its own moment.

The post of the past is settled without being sent.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from sqlalchemy import text, update

from helpdesk.db import db, savepoint, table
from helpdesk.errors import HelpdeskError
from helpdesk.models.post import Outbound
from helpdesk.permissions import SYSTEM
from helpdesk.services import family, patience, tickets, timers, waiting
from helpdesk.services.outbox.settlement import Outcome, settle
from helpdesk.vocabulary import Delivery

MOST = 5_000
"""Acts between two acts of people; more never end."""

_ROWS = table(Outbound)

_DUE = text(
    f"""
    select (select min(next_step_at) from ticket_clock
            where next_step_at is not null and (cast(:ticket as bigint) is null or ticket_id = :ticket)) as timers,
           (select min(due_at) from outbound
            where state = 'waiting'
              and (cast(:ticket as bigint) is null or ticket_id = :ticket
                   or ticket_id in (select id from ticket where survivor_id = :ticket))) as post,
           (select min(next_at) from ticket_wait
            where next_at is not null and (cast(:ticket as bigint) is null or ticket_id = :ticket)) as waiting,
           (select min({patience.CLOSES_AT}) from ticket
            where {patience.CLOSES_ITSELF} and (cast(:ticket as bigint) is null or id = :ticket)) as silence
    """  # noqa: S608 - our own words
)
_SILENT = text(
    f"select id from ticket where {patience.CLOSES_ITSELF} and {patience.CLOSES_AT} <= :at"  # noqa: S608
    " and (cast(:ticket as bigint) is null or id = :ticket) order by id"
)

Post = Callable[[str], Outcome]
"""How the letter to that address ended."""


def arrived(_: str) -> Outcome:
    """Every letter of the past arrived."""
    return Outcome(Delivery.SENT)


class Hindsight:
    """The clock's work in the past, of one ticket or of all."""

    def __init__(self, ticket: int | None = None, post: Post = arrived) -> None:
        self.ticket, self.post = ticket, post
        self._silence = patience.terms()
        self._acts: Mapping[str, Callable[[datetime], object]] = {
            "timers": self._time,
            "post": self._deliver,
            "waiting": self._resume,
            "silence": self._close,
        }

    def run(self, since: datetime, until: datetime) -> None:
        """Does what became due up to that moment, in the order of time; nothing before ``since``."""
        now = since
        for _ in range(MOST):
            told = {"ticket": self.ticket, **self._silence}
            row = db.session.execute(_DUE, told).mappings().one()
            due = {name: at for name, at in row.items() if at is not None and at <= until}
            if not due:
                return
            name = min(due, key=lambda one: due[one])
            now = max(now, due[name])
            self._acts[str(name)](now)
        raise RuntimeError("something that is due by the clock does not end")

    def _time(self, at: datetime) -> None:
        if self.ticket is None:
            timers.tick(at)
        else:
            timers.fire([self.ticket], at)

    def _deliver(self, at: datetime) -> None:
        due = [_ROWS.c.state == Delivery.WAITING, _ROWS.c.due_at <= at]
        due += [] if self.ticket is None else [_ROWS.c.ticket_id.in_([self.ticket, *family.merged_into(self.ticket)])]
        claimed = update(_ROWS).where(*due).values(state=Delivery.SENDING, claimed_at=at, attempts=1)
        for row in db.session.execute(claimed.returning(_ROWS)).all():
            settle(row, self.post(str(row.payload["to_address"])), at)

    def _resume(self, at: datetime) -> None:
        if self.ticket is None:
            waiting.tick(at)
        else:
            waiting.act_on(self.ticket, at)

    def _close(self, at: datetime) -> None:
        told = {"ticket": self.ticket, "at": at, **self._silence}
        for id_ in db.session.execute(_SILENT, told).scalars().all():
            _try(partial(tickets.close, SYSTEM, id_, reason="silence", at=at))


def _try(act: Callable[[], object]) -> None:
    try:
        with savepoint():
            act()
    except HelpdeskError:
        return
