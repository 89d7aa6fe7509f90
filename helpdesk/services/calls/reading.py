"""Calls as people at the desk see them: the one in hand, who it may be, who waits, what was recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text

from helpdesk import clock, events, storage
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, NotFound
from helpdesk.models.calls import Call, PhoneLine, PhoneNumber, Recording
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM, Actor, may
from helpdesk.services import catalogue, scope
from helpdesk.services.calls import taping
from helpdesk.services.calls.scene import legs_of
from helpdesk.services.calls.spoken import readable
from helpdesk.services.hands import held
from helpdesk.vocabulary import CallState, Consent, LegRole, RecordingState


@dataclass(frozen=True)
class Candidate:
    """Somebody who is known by the number of a call, with their open requests."""

    id: int
    name: str
    email: str
    tickets: Sequence[Any]


@dataclass(frozen=True)
class InHand:
    """The call that is on offer to somebody, that they have, or that they have to write down.

    ``consulted`` is how whoever was brought in stands: empty, ringing, there. ``unrecorded``: the citizen refused it.
    """

    id: int
    state: str
    direction: str
    number: str
    language: str
    department: Mapping[str, str]
    since: datetime
    candidates: Sequence[Candidate]
    person_id: int | None
    ticket_id: int | None
    checked: bool
    held: bool
    recorded: bool
    consulted: str
    offer_id: int | None = None
    paused: bool = False
    unrecorded: bool = False


@dataclass(frozen=True)
class Panel:
    """What an agent's telephone page shows."""

    telephone: str
    call: InHand | None
    waiting: Sequence[Any]
    lately: Sequence[Any]
    has_numbers: bool


_MINE = text(
    """
    select call.id, offer.id as offer_id from call
    left join offer on offer.kind = 'call' and offer.work_id = call.id and offer.state = 'offered'
                   and offer.person_id = :me and offer.expires_at > :at
    where (call.agent_id = :me and (call.ended_at is null or (call.state = 'wrap_up' and call.outcome is null)))
       or (offer.id is not null and call.state = 'offered')
    order by call.ended_at is not null, call.id desc limit 1
    """
)
_WAITING = text(
    "select department_id, count(*) as n, min(queued_at) as since from call where state in ('queued', 'offered')"
    " group by department_id order by min(queued_at)"
)
_LATELY = text(
    """
    select id, direction, other, result, outcome, started_at, ticket_id from call
    where agent_id = :me and ended_at is not null order by id desc limit 8
    """
)


def panel(actor: Actor, at: datetime) -> Panel:
    """Of the actor."""
    mine = db.session.execute(_MINE, {"me": actor.id, "at": at}).one_or_none()
    line = db.session.execute(select(table(PhoneLine)).where(PhoneLine.person_id == actor.id)).one_or_none()
    numbers = db.session.execute(select(PhoneNumber.id).where(PhoneNumber.active).limit(1)).scalar() is not None
    return Panel(
        telephone=line.number if line else "",
        call=_in_hand(actor, db.session.get_one(Call, mine.id), mine.offer_id) if mine else None,
        waiting=_waiting(),
        lately=list(db.session.execute(_LATELY, {"me": actor.id})),
        has_numbers=numbers,
    )


def mine(actor: Actor, call_id: int) -> InHand:
    """A call that the actor has or had; raises NotFound for anybody else's."""
    call = db.session.execute(select(Call).where(Call.id == call_id, Call.agent_id == actor.id)).scalar_one_or_none()
    if call is None:
        raise NotFound("You have no such call.")
    return _in_hand(actor, call, None)


def _waiting() -> list[tuple[int | None, int, datetime]]:
    """Who waits, by department; everybody may know how many, nobody who."""
    return [(row.department_id, row.n, row.since) for row in db.session.execute(_WAITING)]


def _department(id_: int | None) -> Mapping[str, str]:
    """Its names in every language."""
    found = catalogue.current().departments.get(id_ or 0)
    return found.names if found else {}


def _in_hand(actor: Actor, call: Call, offer_id: int | None) -> InHand:
    state = "offered" if offer_id else call.state
    talk = taping.running(call) if call.state == CallState.TALKING else None
    return InHand(
        call.id, state, call.direction, readable(call.other), call.language, _department(call.department_id),
        call.bridged_at or call.queued_at or call.started_at, candidates(actor, call.other), call.person_id,
        call.ticket_id, call.checked, call.held_at is not None, talk is not None, _consulted(call), offer_id,
        talk is not None and talk.paused_at is not None, call.consent == Consent.REFUSED,
    )  # fmt: skip


def _consulted(call: Call) -> str:
    asked = [leg for leg in legs_of(call) if leg.role == LegRole.CONSULTED and leg.ended_at is None]
    if not asked:
        return ""
    return "there" if asked[-1].answered_at else "ringing"


_PEOPLE = text(
    "select id, coalesce(nullif(name, ''), email, '') as name, coalesce(email, '') as email from person"
    " where phone = :number order by id limit 20"
)


def candidates(actor: Actor, number: str | None) -> list[Candidate]:
    """Everybody who is known by that number, with what the actor may see of their open requests; nobody is merged."""
    if not number:
        return []
    people = db.session.execute(_PEOPLE, {"number": number}).all()
    rows = table(Ticket)
    query = select(rows.c.id, rows.c.subject, rows.c.status, rows.c.requester_id).where(
        rows.c.requester_id.in_([row.id for row in people]), rows.c.is_open, scope.visible(actor)
    )
    found = db.session.execute(query.order_by(rows.c.id.desc()).limit(60)).all() if people else []
    return [Candidate(p.id, p.name, p.email, [row for row in found if row.requester_id == p.id][:5]) for p in people]


_OF_TICKET = text(
    """
    select call.id, call.direction, call.other, call.result, call.outcome, call.started_at, call.bridged_at,
           call.ended_at, recording.id as recording_id, recording.state as file, recording.seconds,
           recording.transcript, recording.confidence
    from call left join recording on recording.call_id = call.id
    where call.ticket_id = :ticket order by call.id desc, recording.id limit 30
    """
)


def of_ticket(ticket_id: int) -> list[Any]:
    """The calls of a request with their recordings, the newest first."""
    return list(db.session.execute(_OF_TICKET, {"ticket": ticket_id}))


@unit()
def listen(actor: Actor, recording_id: int, *, at: datetime | None = None) -> tuple[bytes, str]:
    """A recording's sound; who listens is written down. Raises NotFound for one that is not here, or not theirs."""
    row = db.session.get(Recording, recording_id)
    call = db.session.get(Call, row.call_id) if row else None
    if row is None or call is None or row.state != RecordingState.KEPT or not row.sha256 or call.ticket_id is None:
        raise NotFound("There is no such recording.")
    ticket = scope.find(actor, call.ticket_id)
    if not may(actor, "reply", ticket):
        raise Forbidden("Another department answers this request.")
    with held(SYSTEM, ticket.id, "note", None, at or clock.now()) as hand:
        hand.actor = actor
        hand.record(events.RecordingHeard(call.id, row.id))
    return storage.read(row.sha256), row.content_type
