"""Tickets that say the same: their words are kept as likeness, by which those that are alike find each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, Integer, Row, Select, and_, delete, literal, or_, select, text, union
from sqlalchemy.dialects.postgresql import insert

from helpdesk.background import wake_now
from helpdesk.db import db, insert_many, table, unit
from helpdesk.models.likeness import TicketLikeness
from helpdesk.models.people import Person
from helpdesk.models.rulebook import Setting
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import scope
from helpdesk.vocabulary import Status
from routing import Likeness, alike, likeness

KEY = "likeness"
"""The setting that holds up to which ticket likeness was kept."""

ALIKE, SAME_PERSON = 0.5, 0.35
"""From which likeness on a ticket is shown: a person who asks again uses fewer of the same words by chance."""

SHOWN = 5
KEPT = timedelta(days=30)
"""So long after it came in a finished ticket can still be found."""

OVERLAP = 500
"""Numbers looked at again: a ticket that was committed late has a smaller number than one already seen."""

PORTION = 200
CANDIDATES, OWN, NEWEST = 300, 20, 1_200
"""Tickets that are compared word by word, how many of them may be only the same person's, and how many of those with a
band in common are looked at: where thousands say the same, the newest are enough."""
_LONGEST_TEXT = 4_000
_ROWS, _TICKETS, _PEOPLE = table(TicketLikeness), table(Ticket), table(Person)


@dataclass(frozen=True)
class Alike:
    """A ticket that says much the same; ``share`` is how much (0 to 1), ``same_person`` whether they asked it, too."""

    number: int
    subject: str
    status: str
    received_at: datetime
    share: float
    same_person: bool


_NEW = text(
    f"""
    select ticket.id, ticket.received_at, ticket.subject, left(coalesce(said.reply_text, said.text), {_LONGEST_TEXT})
      as said
    from ticket left join lateral (
      select reply_text, text from message where message.ticket_id = ticket.id and message.direction = 'inbound'
      order by at, id limit 1
    ) said on true
    where ticket.id > :after and (ticket.is_open or ticket.received_at > :since) and ticket.status <> 'merged'
      and not exists (select from ticket_likeness where ticket_likeness.ticket_id = ticket.id)
    order by ticket.id limit :limit
    """  # noqa: S608 - our own number
)


@unit()
def index(at: datetime, limit: int = PORTION) -> int:
    """Keeps the likeness of the next tickets; how many that were."""
    newest = db.session.execute(select(_TICKETS.c.id).order_by(_TICKETS.c.id.desc()).limit(1)).scalar() or 0
    values = {"after": _seen() - OVERLAP, "since": at - KEPT, "limit": limit}
    rows = db.session.execute(_NEW, values).all()
    insert_many(_ROWS, [_kept(row) for row in rows])
    _see(rows[-1].id if len(rows) == limit else newest, at)
    return len(rows)


def _kept(row: Row[Any]) -> dict[str, Any]:
    found = likeness(row.subject, row.said or "")
    return {"ticket_id": row.id, "at": row.received_at, "words": list(found.words), "bands": list(found.bands)}


def _seen() -> int:
    kept = select(table(Setting).c.data).where(table(Setting).c.key == KEY)
    return int((db.session.execute(kept).scalar() or {}).get("after", 0))


def _see(number: int, at: datetime) -> None:
    values: dict[str, Any] = {"data": {"after": number}, "changed_at": at}
    made = insert(table(Setting)).values(key=KEY, **values)
    db.session.execute(made.on_conflict_do_update(index_elements=["key"], set_=values))


def nudge(at: datetime) -> None:
    """Wakes a worker where there are tickets whose likeness is not kept yet."""
    if db.session.execute(_NEW, {"after": _seen() - OVERLAP, "since": at - KEPT, "limit": 1}).first() is not None:
        wake_now("likeness.index")


@unit()
def forget(at: datetime, limit: int = 5_000) -> int:
    """Lets go of tickets that are finished and came in long ago; how many."""
    finished = select(_TICKETS.c.id).where(_TICKETS.c.id == _ROWS.c.ticket_id, ~_TICKETS.c.is_open)
    old = select(_ROWS.c.ticket_id).where(_ROWS.c.at < at - KEPT, finished.exists()).limit(limit)
    return int(getattr(db.session.execute(delete(_ROWS).where(_ROWS.c.ticket_id.in_(old))), "rowcount", 0))


def of_ticket(actor: Actor, number: int, requester_id: int | None, but: Sequence[int] = ()) -> list[Alike]:
    """What is like a ticket, of what the actor may see, by one statement; nothing before its likeness is kept."""
    mine = _ROWS.alias("mine")
    bands = select(mine.c.bands).where(mine.c.ticket_id == number).scalar_subquery()
    words = select(mine.c.words).where(mine.c.ticket_id == number).scalar_subquery()
    query = _candidates(actor, bands, requester_id).add_columns(words.label("mine"))
    query = query.where(words.is_not(None), _TICKETS.c.id != number, _TICKETS.c.id.not_in(but))
    rows = db.session.execute(query).all()
    return _best(rows, rows[0].mine if rows else [], requester_id)


def of_text(actor: Actor, subject: str, said: str, email: str = "", phone: str = "") -> list[Alike]:
    """What is like a request that is not there yet."""
    wanted = likeness(subject, said[:_LONGEST_TEXT])
    person_id = _person(email, phone)
    if not wanted.words:
        return []
    rows = db.session.execute(_candidates(actor, _bands(wanted), person_id)).all()
    return _best(rows, wanted.words, person_id)


def _bands(wanted: Likeness) -> Any:
    return literal(list(wanted.bands), ARRAY(Integer))


def _person(email: str, phone: str) -> int | None:
    known = [_PEOPLE.c.email == email.strip().lower()] if email.strip() else []
    known += [_PEOPLE.c.phone == phone] if phone else []
    if not known:
        return None
    return db.session.execute(select(_PEOPLE.c.id).where(or_(*known)).order_by(_PEOPLE.c.id).limit(1)).scalar()


def _candidates(actor: Actor, bands: Any, requester_id: int | None) -> Select[Any]:
    """Those with a band in common, and the person's own, newest first.

    Both are found by an index of their own before anything else is asked: one condition over both would walk all. The
    newest are chosen among those found, not while finding: that would walk back through everything for a rare one.
    """
    found = select(_ROWS.c.ticket_id).where(_ROWS.c.bands.op("&&")(bands)).cte("found").prefix_with("MATERIALIZED")
    newest = select(found.c.ticket_id).order_by(found.c.ticket_id.desc()).limit(NEWEST).subquery()
    parts = [select(newest.c.ticket_id)]
    if requester_id is not None:
        own = select(_TICKETS.c.id).where(_TICKETS.c.requester_id == requester_id).order_by(_TICKETS.c.id.desc())
        parts.append(select(own.limit(OWN).subquery().c.id))
    near = union(*parts).cte("near").prefix_with("MATERIALIZED")
    columns = (_TICKETS.c[name] for name in ("id", "subject", "status", "received_at", "requester_id"))
    query: Select[Any] = select(*columns, _ROWS.c.words).join_from(near, _ROWS, _ROWS.c.ticket_id == near.c.ticket_id)
    query = query.join(_TICKETS, and_(_TICKETS.c.id == _ROWS.c.ticket_id, _TICKETS.c.status != Status.MERGED))
    return query.where(scope.visible(actor)).order_by(_ROWS.c.ticket_id.desc()).limit(CANDIDATES)


def _best(rows: Sequence[Row[Any]], words: Sequence[str], requester_id: int | None) -> list[Alike]:
    found = []
    for row in rows:
        same, share = requester_id is not None and row.requester_id == requester_id, alike(row.words, words)
        if share >= (SAME_PERSON if same else ALIKE):
            found.append(Alike(row.id, row.subject, row.status, row.received_at, share, same))
    return sorted(found, key=lambda one: (not one.same_person, -one.share, -one.number))[:SHOWN]
