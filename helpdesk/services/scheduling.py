"""Replies for later: kept with their author, said by the clock at their moment, stopped where something came up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, text, update

from helpdesk import clock, storage
from helpdesk.db import db, savepoint, table, unit
from helpdesk.errors import HelpdeskError, Invalid, NotFound, Stale
from helpdesk.models.people import Person
from helpdesk.models.scheduled import ScheduledReply
from helpdesk.permissions import Actor
from helpdesk.services import replies
from helpdesk.services.hands import held
from helpdesk.services.notices import NewFile
from helpdesk.vocabulary import ActorKind, Role

SOONEST, LATEST = timedelta(minutes=1), timedelta(days=90)
PORTION = 50
_ROWS, _PEOPLE = table(ScheduledReply), table(Person)


@dataclass(frozen=True)
class Scheduled:
    """A reply that waits for its moment, or was stopped before it."""

    id: int
    author_id: int
    author: str
    text: str
    due_at: datetime
    state: str
    reason: str | None


@unit()
def schedule(
    actor: Actor,
    number: int,
    words: str,
    due_at: datetime,
    *,
    attachments: Sequence[NewFile] = (),
    seen: int | None = None,
    at: datetime | None = None,
) -> int:
    """Keeps a reply until its moment; its id. Raises NotFound, Forbidden, and Invalid for a moment that cannot be."""
    at = at or clock.now()
    if not words.strip():
        raise Invalid("There is nothing to send.", fields={"text": "write something"})
    if not at + SOONEST <= due_at <= at + LATEST:
        raise Invalid("Choose a moment within the next 90 days.", fields={"send_at": "a moment that is to come"})
    assert actor.id is not None
    with held(actor, number, "reply", None, at) as hand:
        files = [
            {"name": file.name, "content_type": file.content_type, "sha256": storage.keep(file.data)}
            for file in attachments
        ]
        row = {
            "ticket_id": hand.ticket.id, "author_id": actor.id, "text": words, "files": files, "seen": seen,
            "due_at": due_at, "created_at": at, "state": "waiting",
        }  # fmt: skip
        return int(db.session.execute(insert(_ROWS).values(row).returning(_ROWS.c.id)).scalar_one())


def of_ticket(number: int) -> list[Scheduled]:
    """What waits on a ticket that the reader may read, and what was stopped there; the next first."""
    query = select(_ROWS, _PEOPLE.c.name.label("author")).join(_PEOPLE, _PEOPLE.c.id == _ROWS.c.author_id)
    query = query.where(_ROWS.c.ticket_id == number, _ROWS.c.state.in_(["waiting", "stopped"]))
    return [
        Scheduled(row.id, row.author_id, row.author, row.text, row.due_at, row.state, row.reason)
        for row in db.session.execute(query.order_by(_ROWS.c.due_at))
    ]


@unit()
def cancel(actor: Actor, scheduled_id: int, *, at: datetime | None = None) -> Row[Any]:
    """Takes it back; its row. Whoever may reply on the ticket may. Raises NotFound, Forbidden, and Stale once said."""
    at = at or clock.now()
    row = db.session.execute(select(_ROWS).where(_ROWS.c.id == scheduled_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound("There is no such reply.")
    with held(actor, row.ticket_id, "reply", None, at):
        if row.state not in {"waiting", "stopped"}:
            raise Stale("The reply has left already.", code="already-sent")
        _settle(row.id, "cancelled", at)
    return row


def say_due(now: datetime) -> int:
    """Says what is due, each in a transaction of its own; how many were looked at."""
    done = 0
    while done < PORTION and _say_next(now):
        done += 1
    return done


@unit()
def _say_next(now: datetime) -> bool:
    due = select(_ROWS).where(_ROWS.c.state == "waiting", _ROWS.c.due_at <= now).order_by(_ROWS.c.due_at)
    row = db.session.execute(due.limit(1).with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return False
    author = _author(row.author_id)
    if author is None:
        _settle(row.id, "stopped", now, reason="author-left")
        return True
    try:
        with savepoint():
            files = [NewFile(one["name"], one["content_type"], storage.read(one["sha256"])) for one in row.files]
            message = replies.reply(author, row.ticket_id, row.text, attachments=files, seen=row.seen, at=now)
            _settle(row.id, "sent", now, message_id=message.id)
    except (HelpdeskError, FileNotFoundError) as why:
        _settle(row.id, "stopped", now, reason=why.code if isinstance(why, HelpdeskError) else "file-missing")
    return True


def _settle(scheduled_id: int, state: str, at: datetime, **more: Any) -> None:
    values = {"state": state, "settled_at": at} | more
    db.session.execute(update(_ROWS).where(_ROWS.c.id == scheduled_id).values(**values))


_AUTHOR = text(
    """
    select person.id, person.name, person.language, staff.role,
           array(select department_id from membership where staff_id = staff.person_id) as departments,
           array(select department_id from membership where staff_id = staff.person_id and lead) as leads
    from person join staff on staff.person_id = person.id and staff.active
    where person.id = :id and person.erased_at is null
    """
)


def _author(person_id: int) -> Actor | None:
    """As they are now: who lost a department answers there no more."""
    row = db.session.execute(_AUTHOR, {"id": person_id}).one_or_none()
    if row is None:
        return None
    departments, leads = frozenset(row.departments), frozenset(row.leads)
    return Actor(ActorKind.STAFF, row.id, Role(row.role), departments, leads, row.language, row.name)
