"""What becomes of a promised call with its ticket: when it ends nobody is rung, where it goes the call goes too."""

from collections.abc import Sequence

from sqlalchemy import select

from helpdesk.db import db, table
from helpdesk.models.tickets import Ticket
from helpdesk.services import slots
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


def follow(facts: Sequence[Recorded]) -> None:
    """The reaction to another department: its people ring in the same window; the place with the first is free."""
    tickets = table(Ticket)
    query = select(rows.PROMISES, tickets.c.department_id.label("goes_to"))
    query = query.join(tickets, tickets.c.id == rows.PROMISES.c.ticket_id)
    query = query.where(
        rows.PROMISES.c.ticket_id.in_({fact.ticket_id for fact in facts}),
        rows.PROMISES.c.state.in_([state.value for state in OPEN_PROMISES]),
        rows.PROMISES.c.department_id.is_distinct_from(tickets.c.department_id),
    )
    for promise in db.session.execute(query).all():
        slots.release(promise.slot_id)
        rows.change(promise.id, department_id=promise.goes_to, slot_id=None)
