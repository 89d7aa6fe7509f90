"""Calls that we make: the agent's own telephone rings first, then, once they press 1, the citizen's."""

from datetime import datetime, timedelta

from sqlalchemy import select

from channels.carrier import e164, refusal
from channels.turns import Turn
from helpdesk import clock
from helpdesk.background import wake
from helpdesk.db import db, unit
from helpdesk.errors import Forbidden, Invalid, Stale
from helpdesk.models.calls import Call, PhoneNumber
from helpdesk.permissions import Actor, may
from helpdesk.services import assignment, scope, slots
from helpdesk.services import dial_brake as brake
from helpdesk.services.assignment import offers
from helpdesk.services.calls import records
from helpdesk.services.calls.legs import LONGEST_SILENCE
from helpdesk.services.calls.ringing import telephones
from helpdesk.services.calls.scene import Scene, add_leg, opened
from helpdesk.services.calls.speaking import bridge, connecting
from helpdesk.vocabulary import CallState, Direction, LegRole, WorkKind


@unit()
def call(
    actor: Actor,
    number: str,
    *,
    ticket_id: int | None = None,
    person_id: int | None = None,
    errand: str | None = None,
    at: datetime | None = None,
) -> int:
    """Rings the actor's telephone and then a citizen; the call's id.

    Raises Invalid where the number is not one that we ring or the actor has told no telephone, Stale while they
    have a call already or the carrier refuses us.
    """
    now, to = at or clock.now(), e164(number)
    if not actor.is_staff or actor.id is None:
        raise Forbidden("Only people who work here make calls.")
    if ticket_id is not None:
        _require_work(actor, ticket_id)
    ours, own = _checked(actor, to, now)
    made = opened(
        {
            "account_id": ours.account_id, "number_id": ours.id, "direction": Direction.OUTBOUND.value,
            "errand": errand, "other": to, "person_id": person_id, "ticket_id": ticket_id,
            "department_id": ours.department_id, "agent_id": actor.id, "state": CallState.RINGING_AGENT.value,
            "started_at": now, "check_at": now + LONGEST_SILENCE,
        }
    )  # fmt: skip
    _take_capacity(actor, made, now)
    add_leg(made, LegRole.AGENT, own, now, person_id=actor.id)
    wake("calls.work", on="urgent")
    return made.id


def _require_work(actor: Actor, ticket_id: int) -> None:
    if not may(actor, "reply", scope.find(actor, ticket_id)):
        raise Forbidden("Another department answers this request.")


def _checked(actor: Actor, to: str, at: datetime) -> tuple[PhoneNumber, str]:
    """Our number that is shown, and the actor's own telephone."""
    if not to or (why := refusal(to, frozenset(slots.brakes().countries))):
        raise Invalid(
            "We do not call that number.", code="number-refused", fields={"number": why if to else "a number"}
        )
    own = telephones().get(actor.id or 0)
    if own is None:
        raise Invalid("Say first at which telephone you are.", code="no-telephone", fields={"telephone": "a number"})
    if running(actor.id or 0) is not None:
        raise Stale("You have a call already.", code="call-running")
    query = (
        select(PhoneNumber)
        .where(PhoneNumber.active)
        .order_by(PhoneNumber.department_id.in_(actor.departments).desc().nulls_last(), PhoneNumber.id)
    )
    ours = db.session.execute(query.limit(1)).scalar_one_or_none()
    if ours is None:
        raise Invalid("This body has no telephone number yet.", code="no-number")
    if brake.refuses(ours.account_id, at):
        raise Stale("The carrier refuses our account now. Ring by your own telephone.", code="carrier-refuses")
    return ours, own


def running(person_id: int) -> Call | None:
    """The call that somebody has now."""
    query = select(Call).where(Call.agent_id == person_id, Call.ended_at.is_(None)).order_by(Call.id.desc()).limit(1)
    return db.session.execute(query).scalar_one_or_none()


_LONGEST = timedelta(minutes=2)


def _take_capacity(actor: Actor, made: Call, at: datetime) -> None:
    """Whoever calls is not rung meanwhile."""
    assert actor.id is not None
    weight = assignment.weights().running(WorkKind.CALL)
    lease = offers.keep(
        WorkKind.CALL, made.id, actor.id, made.department_id or 0, weight, {"reason": "own"}, at, at + _LONGEST
    )
    assignment.accept(actor, lease.id, at=at)


def agent_is_there(scene: Scene) -> None:
    """The agent has pressed 1: now the citizen is rung, once."""
    scene.call.state = CallState.RINGING_CITIZEN.value
    add_leg(scene.call, LegRole.CITIZEN, scene.call.other or "", scene.at)
    wake("calls.work", on="urgent")


def citizen_answered(scene: Scene) -> Turn:
    """The citizen is told who calls and joined with the agent."""
    call = scene.call
    if call.ended_at is not None:
        return bridge(scene)
    call.state = CallState.TALKING.value
    if call.bridged_at is None:
        call.bridged_at = scene.at
        records.recovered(call, scene.at)
    scene.leg.answered_at = scene.leg.answered_at or scene.at
    return connecting(scene)
