"""The reckoning of the post: every mail that came in stands somewhere, and what of it calls for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from helpdesk.db import db
from helpdesk.errors import Forbidden
from helpdesk.permissions import Actor, may
from helpdesk.services import mailboxes
from helpdesk.services.screening import brake

SILENT = timedelta(minutes=15)
"""Without a sign of life for this long, a mailbox is not read any more."""


@dataclass(frozen=True)
class Reckoning:
    """Mails of a period by where they stand; ``came`` is their sum, counted by itself."""

    came: int
    opened: int
    joined: int
    automatic: int
    settled: int
    held: int
    discarded: int
    unreadable: int
    kept: int

    @property
    def difference(self) -> int:
        """What stands nowhere; anything but nought is a fault."""
        standing = self.opened + self.joined + self.automatic + self.settled
        return self.came - standing - self.held - self.discarded - self.unreadable - self.kept


_COUNT = text(
    """
    select count(*) as came,
           count(*) filter (where state = 'processed' and outcome = 'opened') as opened,
           count(*) filter (where state = 'processed' and outcome = 'joined') as joined,
           count(*) filter (where state = 'processed' and outcome = 'automatic') as automatic,
           count(*) filter (where state = 'processed' and outcome = 'settled') as settled,
           count(*) filter (where state = 'held') as held,
           count(*) filter (where state = 'discarded') as discarded,
           count(*) filter (where state = 'unreadable') as unreadable,
           count(*) filter (where state = 'kept') as kept
    from inbound where received_at >= :since and received_at < :until and kind = 'email'
    """
)


def reckon(actor: Actor, since: datetime, until: datetime) -> Reckoning:
    """Mails that came within the period, by where they stand now."""
    _check(actor)
    return Reckoning(**dict(db.session.execute(_COUNT, {"since": since, "until": until}).one()._mapping))


@dataclass(frozen=True)
class MailboxHealth:
    """A folder that we read, and whether somebody should look after it."""

    address: str
    place: str
    succeeded_at: datetime | None
    behind: int
    failures: int
    error: str | None
    is_ill: bool


def mailboxes_health(actor: Actor, now: datetime) -> Sequence[MailboxHealth]:
    """Every folder in use, the ill ones first."""
    _check(actor)
    found = [
        MailboxHealth(
            row.address, row.place, row.succeeded_at, row.behind, row.failures, row.error,
            bool(row.error) or row.succeeded_at is None or now - row.succeeded_at > SILENT,
        )
        for row in mailboxes.health()
        if row.active
    ]  # fmt: skip
    return sorted(found, key=lambda item: (not item.is_ill, item.address, item.place))


_WAITING = text(
    """
    select (select count(*) from (select from inbound where state = 'unreadable' limit 1000) one) as unreadable,
           (select count(*) from (select from inbound where state = 'held' limit 1000) one) as held,
           (select count(*) from (select from outbound where state = 'held' limit 1000) one) as letters,
           (select count(*) from (select from inbound where state = 'kept' and received_at < :late limit 1000) one)
               as late,
           (select count(*) from (select from outbound where state = 'waiting' and due_at < :late limit 1000) one)
               as unsent
    """
)


@dataclass(frozen=True)
class Alarm:
    """Something about the post that calls for somebody; ``count`` of what."""

    code: str
    count: int = 0


def alarms(actor: Actor, now: datetime) -> Sequence[Alarm]:
    """What calls for somebody now, the gravest first."""
    _check(actor)
    row = db.session.execute(_WAITING, {"late": now - SILENT}).one()
    ill = sum(1 for one in mailboxes_health(actor, now) if one.is_ill)
    found = [Alarm("mailbox", ill), Alarm("late", row.late), Alarm("unsent", row.unsent)]
    found += [Alarm("brake", 1 if brake.is_tripped() else 0), Alarm("unreadable", row.unreadable)]
    return [alarm for alarm in found if alarm.count]


def _check(actor: Actor) -> None:
    if not may(actor, "see-post"):
        raise Forbidden("Post is for supervisors and administrators.")
