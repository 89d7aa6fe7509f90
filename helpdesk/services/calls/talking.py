"""What an agent does with the call in hand: hold, consult, pass on, hang up, and say afterwards what came of it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from channels.carrier import e164, refusal
from channels.port import ChannelError
from helpdesk import clock, events
from helpdesk.background import wake
from helpdesk.db import db, end_reading, unit
from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.models.calls import Call, CallLeg, PhoneLine
from helpdesk.models.people import Person
from helpdesk.permissions import Actor, may
from helpdesk.services import assignment, notices, presence, scope
from helpdesk.services.calls import ending, records, sweeping, taping, working
from helpdesk.services.calls.ringing import telephones
from helpdesk.services.calls.scene import add_leg, citizen_leg, held, legs_of
from helpdesk.services.hands import held as ticket_held
from helpdesk.vocabulary import CallState, LegRole, WorkKind, WrapUp


@unit()
def sit_at(actor: Actor, telephone: str, *, at: datetime | None = None) -> str:
    """The actor is rung there from now on; empty: nowhere. The number as it is kept."""
    if not actor.is_staff or actor.id is None:
        raise Forbidden("Only people who work here are rung.")
    number = e164(telephone)
    if telephone.strip() and (not number or refusal(number)):
        raise Invalid("We do not call that number.", code="number-refused", fields={"telephone": "a number of ours"})
    rows = PhoneLine.__table__
    if not number:
        db.session.execute(rows.delete().where(rows.c.person_id == actor.id))  # type: ignore[attr-defined]
        return ""
    kept = insert(PhoneLine).values(person_id=actor.id, number=number, changed_at=at or clock.now())
    told = {"number": number, "changed_at": at or clock.now()}
    db.session.execute(kept.on_conflict_do_update(index_elements=["person_id"], set_=told))
    return number


def _mine(actor: Actor, call_id: int, *, lock: bool = True) -> Call:
    """The actor's own call, held; raises NotFound for anybody else's."""
    known = db.session.execute(select(Call.id).where(Call.id == call_id, Call.agent_id == actor.id)).scalar()
    if known is None:
        raise NotFound("You have no such call.")
    return held(call_id) if lock else db.session.get_one(Call, call_id, populate_existing=True)


def _talking(actor: Actor, call_id: int, *, lock: bool = True) -> Call:
    """Without the lock where the carrier is asked next: nobody waits for its answer but who asks."""
    call = _mine(actor, call_id, lock=lock)
    if call.state != CallState.TALKING:
        raise Stale("Nobody is on the line any more.", code="call-over")
    return call


def hold(actor: Actor, call_id: int, *, on: bool, at: datetime | None = None) -> None:
    """The citizen hears music, or you again. Raises Stale where the carrier does not do it."""
    call, sid = _held_line(actor, call_id)
    carrier = working.carrier_of(call.account_id)
    end_reading()
    try:
        done = carrier.hold(call.room, sid, on) if carrier else False
    except ChannelError:
        done = False
    if not done:
        raise Stale("The carrier did not do it. Try once more.", code="carrier")
    _note_hold(call.id, at or clock.now() if on else None)


@unit()
def _held_line(actor: Actor, call_id: int) -> tuple[Call, str]:
    call = _talking(actor, call_id, lock=False)
    leg = citizen_leg(call)
    if leg is None or leg.sid is None:
        raise Stale("Nobody is on the line any more.", code="call-over")
    db.session.expunge(call)
    return call, leg.sid


@unit()
def _note_hold(call_id: int, moment: datetime | None) -> None:
    held(call_id).held_at = moment


@unit()
def bring_in(actor: Actor, call_id: int, *, colleague_id: int | None = None, number: str = "",
             at: datetime | None = None) -> None:  # fmt: skip
    """Rings a colleague, or somebody outside, into the call: to ask them, or to pass it on by leaving."""
    call, now = _talking(actor, call_id), at or clock.now()
    to = telephones().get(colleague_id, "") if colleague_id is not None else e164(number)
    if not to or refusal(to):
        raise Invalid(
            "We do not call that number.", code="number-refused", fields={"number": "a colleague or a number"}
        )
    busy = [leg for leg in legs_of(call) if leg.role == LegRole.CONSULTED and leg.ended_at is None]
    if busy:
        raise Stale("Somebody is being asked already.", code="consulting")
    add_leg(call, LegRole.CONSULTED, to, now, person_id=colleague_id)
    wake("calls.work", on="urgent")


@unit()
def pass_on(actor: Actor, call_id: int, *, at: datetime | None = None) -> None:
    """Leaves whoever was brought in with the citizen; a colleague has the call from now on."""
    call, now = _talking(actor, call_id), at or clock.now()
    there = [leg for leg in legs_of(call) if leg.role == LegRole.CONSULTED and leg.ended_at is None and leg.answered_at]
    if not there:
        raise Stale("Nobody has answered yet.", code="nobody-there")
    own = [
        leg for leg in legs_of(call) if leg.role == LegRole.AGENT and leg.person_id == actor.id and leg.ended_at is None
    ]
    assignment.end(WorkKind.CALL, call.id, now)
    if there[-1].person_id is not None:
        call.agent_id = there[-1].person_id
    there[-1].role = LegRole.AGENT.value
    for leg in own:
        leg.role = LegRole.CONSULTED.value
    call.held_at = None
    _leave(own)


def _leave(lines: list[CallLeg]) -> None:
    for leg in lines:
        leg.offer_id, leg.state = None, "dropping"
    wake("calls.work", on="urgent")


@unit()
def hang_up(actor: Actor, call_id: int, *, at: datetime | None = None) -> None:
    """Says good-bye for the actor: the citizen hears the last words and the line ends."""
    call, now = _mine(actor, call_id), at or clock.now()
    if call.ended_at is not None:
        return
    if call.state == CallState.TALKING:
        call.state = CallState.PARTING.value
    else:
        ending.end(call, now, "canceled")
    wake("calls.work", on="urgent")


@unit()
def choose(actor: Actor, call_id: int, *, person_id: int | None = None, ticket_id: int | None = None) -> None:
    """Who it is, of all who share the number, and which request it is about."""
    call = _mine(actor, call_id)
    if person_id is not None:
        if db.session.get(Person, person_id) is None:
            raise NotFound("There is no such person.")
        call.person_id, call.checked = person_id, call.checked and call.person_id == person_id
    if ticket_id is not None:
        call.ticket_id = scope.find(actor, ticket_id).id


@unit()
def confirm_identity(actor: Actor, call_id: int, *, at: datetime | None = None) -> None:
    """The questions were answered: from now on personal things may be said."""
    call, now = _mine(actor, call_id), at or clock.now()
    if call.person_id is None:
        raise Invalid("Choose first who it is.", fields={"person_id": "somebody who is known"})
    call.checked = True
    if call.ticket_id is not None:
        records.state(call, events.CallerIdentified(call.id, call.person_id), now)


@unit()
def wrap_up(actor: Actor, call_id: int, outcome: str, note: str = "", *, at: datetime | None = None) -> int:
    """What came of it, and the end of the time for it; the number of the request that it is written on.

    Without one a new request is opened. Raises Invalid for an outcome that there is not, Stale while they talk.
    """
    call, now = _mine(actor, call_id), at or clock.now()
    if outcome not in set(WrapUp):
        raise Invalid("There is no such outcome.", fields={"outcome": f"one of {', '.join(WrapUp)}"})
    if call.ended_at is None or call.bridged_at is None:
        raise Stale("The call is not over yet.", code="call-running")
    if call.outcome is not None and call.ticket_id is not None:
        return call.ticket_id
    number = call.ticket_id or records.open_one(call, records.TALK, records.TALK_TEXT, now)
    call.ticket_id, call.outcome = number, outcome
    _write(actor, call, note, now)
    call.state, call.settled_at, call.wrap_until = CallState.DONE.value, call.settled_at or now, None
    if actor.id is not None:
        presence.wrap_up(actor.id, now, now)
    return number


def _write(actor: Actor, call: Call, note: str, at: datetime) -> None:
    assert call.ticket_id is not None
    with ticket_held(actor, call.ticket_id, "note", None, at) as hand:
        message = notices.note(hand, note) if note.strip() else None
        seconds = sweeping.seconds_of(call)
        fact = events.CallEnded(
            call.id, call.direction, seconds, call.agent_id, call.outcome, message.id if message else None
        )
        hand.record(fact)
        if may(actor, "reply", hand.ticket):
            hand.acknowledge()
            if hand.ticket.first_response_at is None:
                hand.ticket.first_response_at = at


def pause_recording(actor: Actor, call_id: int, *, paused: bool, at: datetime | None = None) -> None:
    """Nothing is recorded while somebody tells their card or their health."""
    account_id, sid, row_id, recording = _recorded(actor, call_id)
    carrier = working.carrier_of(account_id)
    end_reading()
    try:
        if carrier is None:
            raise Stale("The carrier did not do it. Try once more.", code="carrier")
        carrier.pause_recording(sid, recording, paused)
    except ChannelError:
        raise Stale("The carrier did not do it. Try once more.", code="carrier") from None
    taping.note_pause(row_id, (at or clock.now()) if paused else None)


@unit()
def _recorded(actor: Actor, call_id: int) -> tuple[int, str, int, str]:
    """Account, the citizen's line, and the recording by both its names."""
    call = _talking(actor, call_id, lock=False)
    row, leg = taping.running(call), citizen_leg(call)
    if row is None or row.sid is None or leg is None or leg.sid is None:
        raise Stale("This call is not recorded.", code="not-recorded")
    return call.account_id, leg.sid, row.id, row.sid
