"""What the clock looks after: who waits, lines nobody tells of, reports that came too early, talks without a record."""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text, update

from channels import registry
from channels.carrier import CallFound
from channels.port import ChannelError, Hook
from channels.turns import Converses
from helpdesk import clock, events
from helpdesk.db import db, end_reading, table, unit
from helpdesk.models.calls import Call, CallEvent, CallLeg
from helpdesk.services import accounts
from helpdesk.services.calls import records, reports, ringing, scene, unseen, working
from helpdesk.services.calls.legs import LONGEST_SILENCE

log = logging.getLogger(__name__)
NOT_WRITTEN_UP = timedelta(minutes=15)
"""A talk of which its agent has made nothing by then gets a record of its own."""
_EVENTS = table(CallEvent)


def tick(now: datetime | None = None) -> None:
    """Everything; cheap where nobody calls."""
    at = now or clock.now()
    if not _anything(at):
        return
    _offer(at)
    _ask(at)
    for event in reports.parked(at):
        _again(event, at)
    _write_up(at)
    working.work(at)


_ANYTHING = text(
    """
    select exists (select from call where settled_at is null)
        or exists (select from call_event where applied_at is null)
        or exists (select from call_leg where ended_at is null)
        or exists (select from recording where due_at <= :at)
    """
)


def _anything(at: datetime) -> bool:
    return bool(db.session.execute(_ANYTHING, {"at": at}).scalar())


@unit()
def _offer(at: datetime) -> None:
    ringing.look(at)


_SILENT = text(
    """
    select leg.id, leg.sid, leg.number, leg.state, leg.started_at, leg.key, call.id as call_id, call.account_id,
           phone_number.number as ours
    from call_leg leg join call on call.id = leg.call_id left join phone_number on phone_number.id = call.number_id
    where leg.ended_at is null and coalesce(leg.check_at, call.check_at, call.started_at) <= :at
      and leg.state <> 'placing'
    order by leg.id limit 20
    """
)


def _ask(at: datetime) -> None:
    """Lines of which nothing was heard for a minute: the carrier is asked, whether it tells by itself or not."""
    rows = list(db.session.execute(_SILENT, {"at": at}))
    for row in rows:
        carrier = working.carrier_of(row.account_id)
        end_reading()
        if carrier is None:
            continue
        try:
            found = carrier.call(row.sid) if row.sid else _lost(carrier, row)
        except ChannelError as why:
            log.warning("the carrier cannot be asked", extra={"why": str(why)[:200]})
            _wait(row.id, at)
            continue
        _found(row, found, at)


def _lost(carrier: Any, row: Any) -> CallFound | None:
    """A call whose answer was lost: one between the same numbers since then that no other line of ours is."""
    since = row.started_at - timedelta(seconds=5)
    for found in carrier.calls(row.number, row.ours or "", since):
        if not db.session.execute(select(CallLeg.id).where(CallLeg.sid == found.sid)).scalar():
            return found  # type: ignore[no-any-return]
    return None


@unit()
def _wait(leg_id: int, at: datetime) -> None:
    db.session.get_one(CallLeg, leg_id).check_at = at + LONGEST_SILENCE


@unit()
def _found(row: Any, found: CallFound | None, at: datetime) -> None:
    call = scene.held(row.call_id)
    leg = db.session.get_one(CallLeg, row.id, populate_existing=True)
    if leg.ended_at is not None:
        return
    leg.check_at = at + LONGEST_SILENCE
    if found is not None:
        leg.sid = leg.sid or found.sid
        reports.stands(call, leg, found.status, at)
    elif leg.sid is not None or at - leg.started_at >= LONGEST_SILENCE:
        reports.stands(call, leg, "failed", at)


def _again(event: Any, at: datetime) -> None:
    """A report that came before its call: tried again; one of a call we never saw becomes a missed call."""
    account = accounts.book().by_id.get(event.account_id)
    channel = registry.get(account.kind) if account else None
    if account is None or not isinstance(channel, Converses):
        return
    body = "&".join(f"{name}={value}" for name, value in event.facts.items())
    path = f"{event.kind}/{event.mark}"
    step = channel.understand(Hook(path, body.replace("+", "%2B").encode()))
    _apply(event, account.id, step, at)


@unit()
def _apply(event: Any, account_id: int, step: Any, at: datetime) -> None:
    applied = reports.TELLS[event.kind](step, at)
    over = step.status in {"completed", "no-answer", "busy", "failed", "canceled"}
    if not applied and event.kind == "call/status" and over and step.facts.get("Direction") == "inbound":
        told = {"sid": step.sid, "other": step.caller, "called": step.called, "cause": step.status}
        unseen.make(account_id, told, at)
        applied = True
    if applied or event.at <= at - timedelta(hours=1):
        db.session.execute(update(_EVENTS).where(_EVENTS.c.id == event.id).values(applied_at=at))


_UNWRITTEN = text(
    "select id from call where state = 'wrap_up' and settled_at is null and ended_at <= :since"
    " limit 50 for update skip locked"
)


@unit()
def _write_up(at: datetime) -> None:
    """An agent who never said what a talk was about: it gets a request of its own, so that it is not lost."""
    for call_id in db.session.execute(_UNWRITTEN, {"since": at - NOT_WRITTEN_UP}).scalars().all():
        call = db.session.get_one(Call, call_id, populate_existing=True)
        if call.ticket_id is None:
            records.open_one(call, records.TALK, records.TALK_TEXT, at)
        fact = events.CallEnded(call.id, call.direction, seconds_of(call), call.agent_id, call.outcome)
        records.state(call, fact, at)
        call.settled_at = at


def seconds_of(call: Call) -> int:
    """How long they talked."""
    return int(((call.ended_at or call.started_at) - (call.bridged_at or call.started_at)).total_seconds())
