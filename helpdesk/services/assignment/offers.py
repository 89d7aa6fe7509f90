"""Work on offer to one person until a moment: accepted, declined or let lapse. The same for tickets, chats and calls.

A chat or call asks `offer` for somebody; who accepts has it, and it takes part of their capacity until `end`. What
lapses comes back from `expire`, so that whoever waits can be offered to the next.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, text

from helpdesk import clock, events
from helpdesk.db import db, table, unit
from helpdesk.errors import NotFound, Stale
from helpdesk.models.assignment import Offer as OfferRow
from helpdesk.permissions import SYSTEM, Actor, Guarded
from helpdesk.services import journal, presence, tickets
from helpdesk.services.assignment import settings
from helpdesk.services.assignment.people import Asked, desk, told
from helpdesk.vocabulary import OfferState, WorkKind
from routing import AssignReason, choose_agent

RINGS = timedelta(seconds=25)
"""How long a chat or call is on offer to one person."""

_ROWS = table(OfferRow)

Taker = Callable[[Actor, int, datetime], object]
"""What makes a piece of work somebody's: given who, its id and when; raises Stale where it is over."""

TAKERS: dict[WorkKind, Taker] = {}
"""By kind; each room that lets its work be offered puts its own here. It may lock what it must before the offer."""


@dataclass(frozen=True)
class Work:
    """A piece of work that somebody of a department is to do; ``ticket`` guards who may, where it has one already."""

    kind: WorkKind
    id: int
    department_id: int
    language: str = ""
    skills: frozenset[str] = frozenset()
    team_id: int | None = None
    ticket: Guarded | None = None
    last_agent: int | None = None


@dataclass(frozen=True)
class Offer:
    """What was offered to whom, until when, and how it stands."""

    id: int
    kind: WorkKind
    work_id: int
    person_id: int
    department_id: int | None
    state: OfferState
    why: Mapping[str, Any]
    offered_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Offered:
    """The offer that was made; or None, with what is lacking."""

    offer: Offer | None
    reason: AssignReason


@unit()
def offer(work: Work, at: datetime, *, lasts: timedelta = RINGS, not_to: frozenset[int] = frozenset()) -> Offered:
    """Offers a piece of work to whoever is chosen, by the department's turn. What is on offer already stays so."""
    here, rule = desk(work.department_id, at), settings.of(work.department_id)
    if standing := _standing(work.kind, work.id, at):
        return Offered(standing, AssignReason(standing.why["reason"]))
    weight = here.weights.running(work.kind) if work.kind is not WorkKind.TICKET else settings.WHOLE
    asked = Asked(
        work.kind, weight, work.language, work.skills, work.team_id, work.ticket,
        work.last_agent if rule.sticky else None, not_to,
    )  # fmt: skip
    need = here.need(asked)
    choice = choose_agent(here.roster(asked), need, rule.turn)
    if choice.agent is None:
        return Offered(None, choice.reason)
    person_id, why = int(choice.agent), told(choice, asked, need)
    here.give(person_id, weight)
    here.keep_turns()
    made = keep(work.kind, work.id, person_id, work.department_id, weight, why, at, at + lasts)
    return Offered(made, choice.reason)


def _standing(kind: WorkKind, work_id: int, at: datetime) -> Offer | None:
    same = (_ROWS.c.kind == kind, _ROWS.c.work_id == work_id, _ROWS.c.state == OfferState.OFFERED)
    row = db.session.execute(select(_ROWS).where(*same, _ROWS.c.expires_at > at)).one_or_none()
    return read(row) if row else None


def keep(
    kind: WorkKind,
    work_id: int,
    person_id: int,
    department_id: int,
    weight: int,
    why: Mapping[str, Any],
    at: datetime,
    ends: datetime,
) -> Offer:
    """Writes an offer down; of a ticket its story tells. Part of the caller's transaction, which holds the people."""
    _settle_lapsed(kind, work_id, at)
    row: dict[str, Any] = {"kind": kind.value, "work_id": work_id, "person_id": person_id}
    row |= {"department_id": department_id, "weight": weight, "why": dict(why), "offered_at": at, "expires_at": ends}
    made = read(db.session.execute(insert(_ROWS).values(row).returning(_ROWS)).one())
    if kind is WorkKind.TICKET:
        journal.record(work_id, events.WorkOffered(person_id, ends.isoformat(), dict(why)), SYSTEM, at)
    return made


def _settle_lapsed(kind: WorkKind, work_id: int, at: datetime) -> None:
    """An earlier offer of the same work that ran out unnoticed makes room for the next."""
    for row in db.session.execute(_LAPSED_OF, {"kind": kind.value, "id": work_id, "at": at}).all():
        _lapsed(row, at)


def read(row: Row[Any]) -> Offer:
    """A row of the table as a value."""
    return Offer(
        row.id, WorkKind(row.kind), row.work_id, row.person_id, row.department_id, OfferState(row.state), row.why,
        row.offered_at, row.expires_at,
    )  # fmt: skip


def open_for(person_id: int, at: datetime) -> list[Offer]:
    """What is on offer to somebody now, the first to lapse first."""
    mine = (_ROWS.c.person_id == person_id, _ROWS.c.state == OfferState.OFFERED, _ROWS.c.expires_at > at)
    return [read(row) for row in db.session.execute(select(_ROWS).where(*mine).order_by(_ROWS.c.expires_at))]


@unit()
def accept(actor: Actor, offer_id: int, *, at: datetime | None = None) -> Offer:
    """The actor does what was offered to them; a ticket is theirs from now on.

    Raises NotFound for anybody else's offer, Stale for one that is over.
    """
    now = at or clock.now()
    _take(actor, offer_id, now)
    mine = _mine(actor, offer_id, now)
    if mine.kind is WorkKind.TICKET:
        tickets.take(actor, mine.work_id, at=now)
    return _settle(mine, OfferState.ACCEPTED, now)


def _take(actor: Actor, offer_id: int, at: datetime) -> None:
    """A chat or call becomes theirs by its own room; should the offer be over, all of it is undone."""
    open_ = (_ROWS.c.state == OfferState.OFFERED, _ROWS.c.expires_at > at)
    query = select(_ROWS.c.kind, _ROWS.c.work_id).where(_ROWS.c.id == offer_id, _ROWS.c.person_id == actor.id, *open_)
    row = db.session.execute(query).one_or_none()
    if row is not None and (taker := TAKERS.get(WorkKind(row.kind))):
        taker(actor, row.work_id, at)


@unit()
def taken(kind: WorkKind, work_id: int, person_id: int, department_id: int, at: datetime) -> Offer:
    """Somebody took it without an offer (a supervisor takes a chat over): it counts for them like any other."""
    weight = settings.weights().running(kind)
    _over(kind, work_id, OfferState.OFFERED, OfferState.WITHDRAWN, at)
    _over(kind, work_id, OfferState.ACCEPTED, OfferState.ENDED, at)
    return _settle(keep(kind, work_id, person_id, department_id, weight, {}, at, at), OfferState.ACCEPTED, at)


@unit()
def decline(actor: Actor, offer_id: int, *, at: datetime | None = None) -> Offer:
    """The actor does not want it; it is not offered to them again for a while. Raises NotFound, Stale."""
    now = at or clock.now()
    mine = _mine(actor, offer_id, now)
    if mine.kind is WorkKind.TICKET:
        journal.record(mine.work_id, events.OfferDeclined(mine.person_id), actor, now)
    return _settle(mine, OfferState.DECLINED, now)


def _mine(actor: Actor, offer_id: int, at: datetime) -> Offer:
    """The actor's own open offer, held."""
    query = select(_ROWS).where(_ROWS.c.id == offer_id, _ROWS.c.person_id == actor.id).with_for_update()
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound("There is no such offer.")
    if row.state != OfferState.OFFERED or row.expires_at <= at:
        raise Stale("This offer is over: somebody else has it, or it lapsed.", code="offer-over")
    return read(row)


def _settle(mine: Offer, state: OfferState, at: datetime) -> Offer:
    values = {"id": mine.id, "state": state.value, "at": at}
    return read(db.session.execute(_SETTLE, values).one())


_SETTLE = text("update offer set state = :state, settled_at = :at where id = :id returning *")
_LAPSED_OF = text(
    "update offer set state = 'expired', settled_at = :at"
    " where state = 'offered' and expires_at <= :at and kind = :kind and work_id = :id returning *"
)
_LAPSED = text(
    """
    update offer set state = 'expired', settled_at = :at
    where id in (select id from offer where state = 'offered' and expires_at <= :at
                 order by expires_at limit :limit for update skip locked)
    returning *
    """
)
_GONE = text(
    """
    update offer set state = 'withdrawn', settled_at = :at from ticket
    where offer.state = 'offered' and offer.kind = 'ticket' and ticket.id = offer.work_id
      and (not ticket.is_open or ticket.assignee_id is not null
           or ticket.department_id is distinct from offer.department_id)
    """
)


@unit()
def expire(at: datetime, limit: int = 200) -> list[Offer]:
    """Ends what nobody answered, and gives it back; who let a chat or a call ring counts as away.

    Offers of tickets that went elsewhere meanwhile are withdrawn.
    """
    db.session.execute(_GONE, {"at": at})
    rows = db.session.execute(_LAPSED, {"at": at, "limit": limit}).all()
    for row in rows:
        _lapsed(row, at)
    return [read(row) for row in rows]


def _lapsed(row: Row[Any], at: datetime) -> None:
    if row.kind == WorkKind.TICKET:
        journal.record(row.work_id, events.OfferExpired(row.person_id), SYSTEM, at)
    else:
        presence.missed(row.person_id, at)


@unit()
def withdraw(kind: WorkKind, work_id: int, at: datetime) -> None:
    """Nobody need answer any more: who waited has gone."""
    _over(kind, work_id, OfferState.OFFERED, OfferState.WITHDRAWN, at)


@unit()
def end(kind: WorkKind, work_id: int, at: datetime, *, wrap_up: timedelta | None = None) -> None:
    """A chat or call is over and takes no capacity any more; ``wrap_up`` leaves time to write down what was said."""
    for person_id in _over(kind, work_id, OfferState.ACCEPTED, OfferState.ENDED, at):
        if wrap_up is not None:
            presence.wrap_up(person_id, at + wrap_up, at)


def _over(kind: WorkKind, work_id: int, before: OfferState, after: OfferState, at: datetime) -> list[int]:
    values = {"kind": kind.value, "id": work_id, "before": before.value, "after": after.value, "at": at}
    return list(db.session.execute(_OVER, values).scalars())


_REFUSERS = text(
    "select distinct person_id from offer where kind = :kind and work_id = :id"
    " and state in ('declined', 'expired') and settled_at > :since"
)


def refusers(kind: WorkKind, work_id: int, since: datetime) -> frozenset[int]:
    """Who did not want it lately, or did not answer: it is offered to others first."""
    values = {"kind": kind.value, "id": work_id, "since": since}
    return frozenset(db.session.execute(_REFUSERS, values).scalars())


_OVER = text(
    "update offer set state = :after, settled_at = :at"
    " where kind = :kind and work_id = :id and state = :before returning person_id"
)
