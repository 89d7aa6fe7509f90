"""What we ask of the carrier by ourselves: ringing, fetching into a room, letting go. Never inside a transaction."""

import logging
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import text

from channels import registry
from channels.carrier import Busy, Carrier, Dial, Refused, Suspended, Unknown
from channels.port import ChannelError
from helpdesk.db import db, end_reading, unit
from helpdesk.models.calls import Call, CallLeg
from helpdesk.services import accounts
from helpdesk.services import dial_brake as brake
from helpdesk.services.calls import ending, recordings, scene, taping
from helpdesk.services.calls.ringing import RINGS
from helpdesk.services.equipment import settings_of

log = logging.getLogger(__name__)
_AGAIN = timedelta(seconds=10)
CITIZEN_RINGS = 40
"""Seconds a citizen's telephone rings: people must get up."""


def carrier_of(account_id: int) -> Carrier | None:
    """The carrier of an account of ours; None for one that is out of use."""
    account = accounts.book().by_id.get(account_id)
    if account is None:
        return None
    channel: Any = registry.get(account.kind)
    made: Carrier = channel.carrier(settings_of(channel, account))
    return made


def base_of(account_id: int) -> str:
    """Our address that the carrier asks for what to say, before the path."""
    account = accounts.book().by_id[account_id]
    base: str = current_app.config["SETTINGS"].public_base_url
    return f"{base.rstrip('/')}/hooks/{account.kind}/{account.id}/"


def work(at: datetime) -> int:
    """Everything that is due to be asked of the carrier; how much that was."""
    return sum(act(row, at) for query, act in _WORK for row in _rows(query, at))


def _rows(query: Any, at: datetime) -> list[Any]:
    rows = list(db.session.execute(query, {"at": at}))
    end_reading()
    return rows


_PLACING = text(
    "select leg.id, leg.key, leg.number, leg.role, call.account_id, phone_number.number as sender from call_leg leg"
    " join call on call.id = leg.call_id left join phone_number on phone_number.id = call.number_id"
    " where leg.state = 'placing' and leg.ended_at is null and call.ended_at is null order by leg.id limit 20"
)
_CLAIM = text(
    "update call_leg set state = 'unknown', check_at = :later where id = :id and state = 'placing' returning id"
)


@unit()
def _claimed(leg_id: int, at: datetime) -> bool:
    """Before anything is dialled it counts as unknown: a worker that dies here has never rung anybody twice."""
    return db.session.execute(_CLAIM, {"id": leg_id, "later": at + timedelta(seconds=15)}).scalar() is not None


def _place(row: Any, at: datetime) -> int:
    carrier = carrier_of(row.account_id)
    if carrier is None or not row.sender or brake.refuses(row.account_id, at):
        _over(row.id, "failed", at)
        return 0
    base, act = base_of(row.account_id), "citizen" if row.role == "citizen" else "agent"
    if not _claimed(row.id, at):
        return 0
    rings = CITIZEN_RINGS if row.role == "citizen" else RINGS
    call = Dial(
        row.number, row.sender, f"{base}voice/{act}/{row.key}", f"{base}call/status/{row.key}", row.key,
        f"{base}voice/fallback", rings,
    )  # fmt: skip
    try:
        _placed(row.id, row.account_id, carrier.dial(call), at)
    except (Refused, Busy) as why:
        log.warning("a call was not placed", extra={"why": str(why)[:200]})
        _over(row.id, "failed", at, str(why) if isinstance(why, Suspended) else "")
    except Unknown as why:
        log.warning("the carrier's answer was lost", extra={"why": str(why)[:200]})
    return 1


@unit()
def _placed(leg_id: int, account_id: int, sid: str, at: datetime) -> None:
    """The carrier took it; it may have told us so by a report before its answer came."""
    leg = db.session.get_one(CallLeg, leg_id, with_for_update=True, populate_existing=True)
    leg.sid = leg.sid or sid
    if leg.state == "unknown":
        leg.state, leg.rank = "queued", 1
    leg.check_at = at + timedelta(seconds=90)
    brake.went_well(account_id, at)


@unit()
def _over(leg_id: int, status: str, at: datetime, suspended: str = "") -> None:
    """It was never dialled: as if it had ended so."""
    call_id = db.session.get_one(CallLeg, leg_id).call_id
    call = scene.held(call_id)
    if suspended:
        brake.trip(call.account_id, suspended, at)
    leg = db.session.get_one(CallLeg, leg_id, populate_existing=True)
    leg.state = leg.cause = status
    leg.rank, leg.ended_at, leg.check_at = 9, at, None
    ending.line_over(call, leg, at)


_LETTING_GO = text(
    """
    select leg.id, leg.sid, call.account_id from call_leg leg join call on call.id = leg.call_id
    left join offer on offer.id = leg.offer_id
    where leg.ended_at is null and leg.sid is not null and leg.state <> 'leaving'
      and (leg.state = 'dropping' or call.ended_at is not null
           or (offer.state in ('expired', 'withdrawn', 'declined') and call.agent_id is distinct from leg.person_id))
    limit 50
    """
)


def _let_go(row: Any, at: datetime) -> int:
    carrier = carrier_of(row.account_id)
    if carrier is None:
        return 0
    _mark(row.id, "leaving", at)
    try:
        carrier.hang_up(row.sid)
    except ChannelError as why:
        log.warning("a line was not let go", extra={"why": str(why)[:200]})
    return 1


@unit()
def _mark(leg_id: int, state: str, at: datetime) -> None:
    """Asked for once; whether it happened is what the end's report says, or our own asking."""
    leg = db.session.get_one(CallLeg, leg_id, with_for_update=True)
    if leg.ended_at is None:
        leg.state, leg.check_at = state, at + _AGAIN


_FETCHING = text(
    """
    select call.id, leg.sid, call.account_id, 'room' as act from call
    join call_leg leg on leg.call_id = call.id and leg.role = 'citizen' and leg.ended_at is null
    where call.state = 'talking' and call.bridged_at is null and call.direction = 'inbound' and call.ended_at is null
      and call.consent is null and (call.check_at is null or call.check_at > :at)
    union all
    select call.id, leg.sid, call.account_id, 'bye' from call
    join call_leg leg on leg.call_id = call.id and leg.role = 'citizen' and leg.ended_at is null
    where call.state = 'parting' and call.ended_at is null and call.bridged_at is not null and leg.state <> 'leaving'
    limit 50
    """
)


def _fetch(row: Any, at: datetime) -> int:
    """The citizen goes on elsewhere at once; where that fails, the next round of waiting finds the same."""
    carrier = carrier_of(row.account_id)
    if carrier is None or row.sid is None:
        return 0
    base = base_of(row.account_id)
    nonce = _step_on(row.id, row.act, at)
    if nonce is None:
        return 0
    try:
        carrier.redirect(row.sid, f"{base}voice/{row.act}/{nonce}")
    except ChannelError as why:
        log.warning("a caller was not fetched", extra={"why": str(why)[:200]})
    return 1


@unit()
def _step_on(call_id: int, act: str, at: datetime) -> int | None:
    """The step they are fetched to; None where their own round of waiting has brought them there meanwhile."""
    call: Call = scene.held(call_id)
    if call.ended_at is not None or (act == "room" and call.bridged_at is not None):
        return None
    call.check_at = at
    leg = scene.citizen_leg(call)
    if act == "bye" and leg is not None:
        leg.state, leg.check_at = "leaving", at + _AGAIN
    return call.nonce


def _tape(row: Any, at: datetime) -> int:
    carrier = carrier_of(row.account_id)
    if carrier is None:
        return 0
    taping.begin(row, carrier, f"{base_of(row.account_id)}recording/status", at)
    return 1


def _file(row: Any, at: datetime) -> int:
    carrier = carrier_of(row.account_id)
    if carrier is None:
        return 0
    end_reading()
    recordings.fetch(row, carrier, at)
    return 1


_FILES = text(
    "select recording.id, recording.url, recording.sid, recording.state, call.account_id from recording"
    " join call on call.id = recording.call_id where recording.due_at <= :at order by recording.due_at limit 10"
)
_WORK = ((_PLACING, _place), (_LETTING_GO, _let_go), (_FETCHING, _fetch), (taping.WANTED, _tape), (_FILES, _file))
