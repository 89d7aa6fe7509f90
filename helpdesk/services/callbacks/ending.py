"""What becomes of a promised call when its ticket ends: nobody is rung about what is over."""

from collections.abc import Sequence

from sqlalchemy import select

from helpdesk.db import db
from helpdesk.services.callbacks import attempts, rows
from helpdesk.services.journal import Recorded
from helpdesk.vocabulary import OPEN_PROMISES, AttemptState, CallOutcome, PromiseEnd

_TALKED = frozenset({AttemptState.CONNECTED, AttemptState.WRAP_UP})


def end(facts: Sequence[Recorded]) -> None:
    """The reaction to a ticket's end. Who resolves while they are talking has reached the citizen."""
    moments = {fact.ticket_id: fact.at for fact in facts}
    query = select(rows.PROMISES).where(
        rows.PROMISES.c.ticket_id.in_(moments), rows.PROMISES.c.state.in_([state.value for state in OPEN_PROMISES])
    )
    for promise in db.session.execute(query).all():
        at, attempt = moments[promise.ticket_id], attempts.alive(promise.id)
        talked = attempt is not None and (attempt.by_hand or attempt.state in _TALKED)
        if attempt is not None:
            outcome = CallOutcome.REACHED if talked else CallOutcome.FAILED
            attempts.change(attempt.id, at, state=AttemptState.DONE.value, ended_at=at, outcome=outcome.value)
        rows.end(promise, PromiseEnd.REACHED if talked else PromiseEnd.TICKET_ENDED, at)
