"""What is asked of a replay: which versions are tried, on which tickets; and the answer, streamed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from sqlalchemy import select

from helpdesk import i18n
from helpdesk.db import db, table
from helpdesk.models.tickets import Ticket
from helpdesk.services import sharing
from helpdesk.services.replay.comparing import Found, compared
from helpdesk.services.replay.rules import require_tried
from helpdesk.services.replay.tickets import Known
from helpdesk.services.replay.worlds import Worlds
from helpdesk.services.rulebook import Version

_TICKETS = table(Ticket).c
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Choice:
    """Which tickets: received on the days from ``first`` to ``last`` (both counted), in a department or in all."""

    first: date | None = None
    last: date | None = None
    department_id: int | None = None

    @property
    def begin(self) -> datetime | None:
        """The first moment."""
        return datetime.combine(self.first, time(), i18n.ZONE) if self.first else None

    @property
    def end(self) -> datetime | None:
        """The moment after the last."""
        return datetime.combine(self.last + timedelta(days=1), time(), i18n.ZONE) if self.last else None


def tickets(choice: Choice, after: int = 0, *, open_only: bool = False) -> Sequence[int]:
    """Their numbers, in order; those after a number only."""
    query = select(_TICKETS.id).where(_TICKETS.id > after)
    if open_only:
        query = query.where(_TICKETS.is_open)
    if choice.begin:
        query = query.where(_TICKETS.received_at >= choice.begin)
    if choice.end:
        query = query.where(_TICKETS.received_at < choice.end)
    if choice.department_id is not None:
        query = query.where(_TICKETS.department_id == choice.department_id)
    return db.session.execute(query.order_by(_TICKETS.id)).scalars().all()


def what_if(
    versions: Sequence[Version], choice: Choice, now: datetime, progress: Progress | None = None
) -> Iterator[Found]:
    """What those tickets' clocks would have been under these versions, portion by portion. Nothing is written."""
    require_tried(versions)
    parts, done = sharing.portions(tickets(choice)), 0
    total = sum(map(len, parts))
    for part, found in zip(parts, answers(versions, parts, now), strict=True):
        yield found
        done += len(part)
        if progress:
            progress(done, total)


def answers(versions: Sequence[Version], parts: Sequence[sharing.Portion], now: datetime) -> Iterator[Found]:
    """What each portion comes to, in order."""
    work = partial(compared, worlds=Worlds(versions), known=Known.now(), now=now)
    return sharing.shared_out(work, parts)
