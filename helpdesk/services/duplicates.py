"""Tickets that say the same: their words are kept as likeness, by which those that are alike find each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Integer, Row, Select, and_, bindparam, func, or_, select, text, union_all
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
from routing import alike, likeness
from routing.likeness import BANDS

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
NEWEST, CANDIDATES, OWN, COMPARED = 40, 100, 20, 50
"""Of each band the newest tickets are looked at: where thousands say the same, they are enough. Of those found the ones
with the most bands in common are candidates, and of these, and of the same person's own, the likeliest that the reader
may see are compared word by word."""
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
    db.session.execute(_KEEP_BANDS, {"ids": [row.id for row in rows]})
    _see(rows[-1].id if len(rows) == limit else newest, at)
    return len(rows)


_KEEP_BANDS = text(
    """
    insert into ticket_band (band, ticket_id)
    select unnest(bands), ticket_id from ticket_likeness where ticket_id = any(:ids) on conflict do nothing
    """
)


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
    return int(db.session.execute(_FORGET, {"before": at - KEPT, "limit": limit}).scalar_one())


_FORGET = text(
    """
    with gone as (
      delete from ticket_likeness where ticket_id in (
        select old.ticket_id from ticket_likeness old join ticket on ticket.id = old.ticket_id
        where old.at < :before and not ticket.is_open limit :limit)
      returning ticket_id, bands
    ), let_go as (
      delete from ticket_band using (select ticket_id, unnest(bands) as band from gone) was
      where ticket_band.band = was.band and ticket_band.ticket_id = was.ticket_id
    )
    select count(*) from gone
    """
)


def of_ticket(actor: Actor, number: int, requester_id: int | None, but: Sequence[int] = ()) -> list[Alike]:
    """What is like a ticket, of what the actor may see, by one statement; nothing before its likeness is kept."""
    query = _LIKE_A_TICKET.where(scope.visible(actor), _TICKETS.c.id != number, _TICKETS.c.id.not_in(but))
    rows = db.session.execute(query, {"number": number, "bands": None, "requester": requester_id}).all()
    return _best(rows, rows[0].mine if rows else [], requester_id)


def of_text(actor: Actor, subject: str, said: str, email: str = "", phone: str = "") -> list[Alike]:
    """What is like a request that is not there yet."""
    wanted = likeness(subject, said[:_LONGEST_TEXT])
    person_id = _person(email, phone)
    if not wanted.words:
        return []
    values = {"number": None, "bands": list(wanted.bands), "requester": person_id}
    rows = db.session.execute(_CANDIDATES.where(scope.visible(actor)), values).all()
    return _best(rows, wanted.words, person_id)


def _person(email: str, phone: str) -> int | None:
    known = [_PEOPLE.c.email == email.strip().lower()] if email.strip() else []
    known += [_PEOPLE.c.phone == phone] if phone else []
    if not known:
        return None
    return db.session.execute(select(_PEOPLE.c.id).where(or_(*known)).order_by(_PEOPLE.c.id).limit(1)).scalar()


_KEPT_OF = _ROWS.alias("mine")
_MINE = select(_KEPT_OF.c.words).where(_KEPT_OF.c.ticket_id == bindparam("number")).scalar_subquery()
_NEAR = text(
    f"""
    select ticket_id, count(*) as common
    from unnest(coalesce(:bands, (select bands from ticket_likeness where ticket_id = :number))) as wanted (band)
    cross join lateral (
      select ticket_id from ticket_band where ticket_band.band = wanted.band and ticket_id is distinct from :number
      order by ticket_id desc limit {NEWEST}
    ) found
    group by ticket_id order by common desc, ticket_id desc limit {CANDIDATES}
    """  # noqa: S608 - our own numbers
).bindparams(bindparam("bands", type_=ARRAY(Integer)), bindparam("number", type_=BigInteger))
_OWN = text(
    f"""
    select id as ticket_id, cast({BANDS + 1} as bigint) as common
    from ticket where requester_id = :requester order by id desc limit {OWN}
    """  # noqa: S608 - our own numbers
).bindparams(bindparam("requester", type_=BigInteger))


def _candidates() -> Select[Any]:
    """Those with the most bands in common, and the person's own.

    Each is found by an index of its own, in a bounded number of steps, before anything else is asked of it; the
    person's own go before all others.
    """
    near = _NEAR.columns(ticket_id=BigInteger, common=BigInteger).cte("near").prefix_with("MATERIALIZED")
    own = _OWN.columns(ticket_id=BigInteger, common=BigInteger).cte("own").prefix_with("MATERIALIZED")
    both = union_all(select(near), select(own)).subquery("both")
    most = func.max(both.c.common)
    found = select(both.c.ticket_id, most.label("common")).group_by(both.c.ticket_id).subquery("found")
    columns = (_TICKETS.c[name] for name in ("id", "subject", "status", "received_at", "requester_id"))
    query: Select[Any] = select(*columns, _ROWS.c.words)
    query = query.join_from(found, _ROWS, _ROWS.c.ticket_id == found.c.ticket_id)
    query = query.join(_TICKETS, and_(_TICKETS.c.id == _ROWS.c.ticket_id, _TICKETS.c.status != Status.MERGED))
    return query.order_by(found.c.common.desc(), found.c.ticket_id.desc()).limit(COMPARED)


_CANDIDATES = _candidates()
_LIKE_A_TICKET = _CANDIDATES.add_columns(_MINE.label("mine")).where(_MINE.is_not(None))


def _best(rows: Sequence[Row[Any]], words: Sequence[str], requester_id: int | None) -> list[Alike]:
    found = []
    for row in rows:
        same, share = requester_id is not None and row.requester_id == requester_id, alike(row.words, words)
        if share >= (SAME_PERSON if same else ALIKE):
            found.append(Alike(row.id, row.subject, row.status, row.received_at, share, same))
    return sorted(found, key=lambda one: (not one.same_person, -one.share, -one.number))[:SHOWN]
