"""A ticket's call as its page shows it: the promise that is open, and how each attempt went."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from helpdesk.db import db
from helpdesk.services.callbacks import rows


@dataclass(frozen=True)
class Standing:
    """The open promise, its attempts from the first on, and who rings just now. ``connects``: the system would ring
    the reader's telephone and then the citizen's."""

    promise: Row[Any]
    attempts: list[dict[str, Any]]
    connects: bool = False

    @property
    def ringing(self) -> dict[str, Any] | None:
        """The attempt that is under way."""
        return next((one for one in self.attempts if one["ended_at"] is None), None)

    def is_late(self, at: datetime) -> bool:
        """Whether the window is over and the citizen's phone did not ring in it."""
        return at > self.promise.ends_at and self.promise.first_dialled_at is None


_STANDING = text(
    """
    select promise.*, coalesce((
        select jsonb_agg(jsonb_build_object(
                   'number', attempt.number, 'state', attempt.state, 'outcome', attempt.outcome,
                   'agent_id', attempt.agent_id, 'agent', agent.name, 'by_hand', attempt.by_hand,
                   'begun_at', attempt.begun_at, 'ended_at', attempt.ended_at) order by attempt.number)
        from callback_attempt as attempt left join person as agent on agent.id = attempt.agent_id
        where attempt.promise_id = promise.id), '[]') as tries,
        exists (select from phone_line where person_id = :me) and exists (select from phone_number where active)
            as connects
    from callback_promise as promise
    where promise.ticket_id = :number and promise.state in ('scheduled', 'ringing', 'retry_wait')
    """
)


def standing(number: int, reader: int | None = None) -> Standing | None:
    """How the call that is owed in that ticket stands, for that colleague; one statement."""
    row = db.session.execute(_STANDING, {"number": number, "me": reader}).one_or_none()
    if row is None:
        return None
    tries = [{**one, "begun_at": datetime.fromisoformat(one["begun_at"])} for one in row.tries]
    return Standing(row, tries, row.connects)


def department_of(number: int) -> int | None:
    """The department that was to ring in that ticket last; None where no call was ever promised."""
    last = rows.last_of(number)
    return int(last.department_id) if last is not None and last.department_id is not None else None
