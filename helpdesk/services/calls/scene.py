"""One step of a call: the call and the line it came on, held until the step is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from channels.turns import Step
from helpdesk.db import db
from helpdesk.models.calls import Call, CallLeg, PhoneNumber
from helpdesk.services.accounts import Account
from helpdesk.vocabulary import CallState, LegRole


@dataclass
class Scene:
    """What a step works on. Rows are entities held under their lock, written when the unit ends."""

    account: Account
    step: Step
    at: datetime
    call: Call
    leg: CallLeg

    @property
    def digits(self) -> str:
        """What was pressed."""
        return self.step.digits

    def to(self, act: str) -> str:
        """The rest of our address for the caller's next step of that kind."""
        return f"voice/{act}/{self.call.nonce}"

    def number(self) -> PhoneNumber | None:
        """Our number that was rung."""
        return db.session.get(PhoneNumber, self.call.number_id) if self.call.number_id else None


def new_room() -> str:
    """A name for a conference that tells nobody anything."""
    return uuid4().hex


def by_sid(sid: str) -> tuple[Call, CallLeg] | None:
    """The call that a line of the carrier's belongs to, held; the call first, so that two steps never wait in turn."""
    return _held(CallLeg.sid == sid)


def by_key(key: str) -> tuple[Call, CallLeg] | None:
    """The same by our own name for the line."""
    return _held(CallLeg.key == key)


def _held(condition: Any) -> tuple[Call, CallLeg] | None:
    call_id = db.session.execute(select(CallLeg.call_id).where(condition)).scalar()
    if call_id is None:
        return None
    call = held(call_id)
    leg = db.session.execute(select(CallLeg).where(condition).execution_options(populate_existing=True)).scalar_one()
    return call, leg


def held(call_id: int) -> Call:
    """A call under its lock, read anew."""
    return db.session.get_one(Call, call_id, with_for_update=True, populate_existing=True)


def legs_of(call: Call) -> list[CallLeg]:
    """Everybody's lines, the oldest first."""
    db.session.flush()
    query = select(CallLeg).where(CallLeg.call_id == call.id).order_by(CallLeg.id)
    return list(db.session.execute(query).scalars())


def citizen_leg(call: Call) -> CallLeg | None:
    """The citizen's newest line."""
    return next((leg for leg in reversed(legs_of(call)) if leg.role == LegRole.CITIZEN), None)


def add_leg(call: Call, role: LegRole, number: str, at: datetime, **given: Any) -> CallLeg:
    """A line that is to be rung; the worker dials it once the rows are durable."""
    leg = CallLeg(
        call_id=call.id, key=uuid4().hex, role=role.value, number=number, state="placing", started_at=at, **given
    )
    db.session.add(leg)
    db.session.flush()
    return leg


def opened(values: Mapping[str, Any]) -> Call:
    """A new call, kept."""
    call = Call(room=new_room(), **values)
    db.session.add(call)
    db.session.flush()
    return call


WAITING = frozenset({CallState.QUEUED, CallState.OFFERED})
"""The caller waits for somebody."""


def number_called(number: str) -> PhoneNumber | None:
    """Our number of that form."""
    return db.session.execute(select(PhoneNumber).where(PhoneNumber.number == number)).scalar_one_or_none()
