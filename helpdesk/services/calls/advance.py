"""A step of a conversation comes in, a turn goes out: one transaction, the same answer to the same step."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from channels.turns import NOTHING, Bridge, HangUp, Say, Step, Turn
from helpdesk import i18n
from helpdesk.background import wake
from helpdesk.db import db, table, unit
from helpdesk.models.calls import Call, CallEvent, CallLeg, PhoneNumber
from helpdesk.services.accounts import Account
from helpdesk.services.calls import answering, hearing, reports, scene
from helpdesk.services.calls.legs import LONGEST_SILENCE
from helpdesk.services.calls.scene import Scene
from helpdesk.services.calls.speaking import speak
from helpdesk.vocabulary import CallState, LegRole

_EVENTS, _NUMBERS = table(CallEvent), table(PhoneNumber)
_OFTEN = frozenset({"voice/hold"})
"""Rounds of waiting: too many to keep, and they tell nothing that the call's own times do not."""
_NOT_KEPT = frozenset({"Digits", "CallToken", "StirPassportToken"})
WORK = "calls.work"


@unit()
def advance(account: Account, step: Step, at: datetime) -> Turn:
    """What to say to that step. Reports are kept first, once each, and applied by rank; they want no words."""
    new = step.act in _OFTEN or _keep(account, step, at)
    if step.act in reports.TELLS:
        if new:
            reports.take(account, step, at)
            wake(WORK, on="urgent")
        return NOTHING
    turn = _turn(account, step, at)
    db.session.flush()
    if step.act not in _OFTEN:
        wake(WORK, on="urgent")
    return turn


def _keep(account: Account, step: Step, at: datetime) -> bool:
    """Whether it is the first of its kind: a report that is repeated is no second one."""
    sid = step.sid or step.facts.get("ConferenceSid", "")
    row: dict[str, Any] = {"account_id": account.id, "sid": sid, "kind": step.act, "mark": step.mark, "at": at}
    row |= {"facts": _without_secrets(step.facts), "applied_at": at if step.act not in reports.TELLS else None}
    kept = insert(_EVENTS).values(row).on_conflict_do_nothing().returning(_EVENTS.c.id)
    return db.session.execute(kept).scalar() is not None


def _without_secrets(facts: Mapping[str, str]) -> dict[str, str]:
    """What was said, without what is nobody's business later: keyed in numbers may be anything."""
    return {name: value[:500] for name, value in facts.items() if name not in _NOT_KEPT}


def _turn(account: Account, step: Step, at: datetime) -> Turn:
    if step.act in {"voice/agent", "voice/accept", "voice/citizen", "voice/alone"}:
        return _by_leg(account, step, at)
    found = scene.by_sid(step.sid)
    if found is None:
        return _first(account, step, at)
    here = Scene(account, step, at, *found)
    if here.leg.role != LegRole.CITIZEN:
        return Turn((HangUp(),))
    return _heard(here)


def _first(account: Account, step: Step, at: datetime) -> Turn:
    """A call that we do not know yet: only its beginning may make one."""
    if step.act != "voice/inbound":
        return Turn((Say("bye", i18n.DEFAULT), HangUp()))
    query = select(PhoneNumber).where(PhoneNumber.number == step.called, PhoneNumber.account_id == account.id)
    number = db.session.execute(query).scalar_one_or_none()
    return hearing.begin(lambda leg: Scene(account, step, at, Call(), leg), number)


def _heard(here: Scene) -> Turn:
    """Acts on it where it fits where the call stands, and is not the echo of an earlier step."""
    act, call = here.step.act, here.call
    nonce = here.step.path[0] if here.step.path else ""
    late = act in hearing.EXPECTED and call.state not in hearing.EXPECTED[act]
    repeated = nonce.isdigit() and int(nonce) < call.nonce
    if late or repeated or act not in hearing.HEARS:
        turn = speak(here)
    else:
        call.nonce += 1
        call.check_at = here.at + LONGEST_SILENCE
        turn = hearing.HEARS[act](here)
    if (
        call.state == CallState.TALKING
        and call.bridged_at is None
        and any(isinstance(act, Bridge) for act in turn.acts)
    ):
        answering.joined(call, here.at)
    return turn


def _by_leg(account: Account, step: Step, at: datetime) -> Turn:
    """Somebody whom we rang has answered: the line is known by our own name for it."""
    found = scene.by_key(step.path[0]) if step.path else None
    if found is None:
        return Turn((HangUp(),))
    call, leg = found
    _adopt(leg, step)
    return answering.answered(Scene(account, step, at, call, leg))


def _adopt(leg: CallLeg, step: Step) -> None:
    """The carrier's answer to our dialling may have been lost: now we know its name for it."""
    if leg.sid is None:
        leg.sid = step.sid
