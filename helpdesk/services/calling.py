"""Click to call: rings whoever clicks, then a citizen; where that citizen is owed a call, this is the one."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from channels.carrier import e164
from helpdesk import clock
from helpdesk.db import unit
from helpdesk.errors import Stale
from helpdesk.permissions import Actor
from helpdesk.services import calls
from helpdesk.services.callbacks import attempts, rows
from helpdesk.services.hands import moved
from helpdesk.vocabulary import AttemptState


@unit()
def call(
    actor: Actor,
    number: str,
    *,
    ticket_id: int | None = None,
    person_id: int | None = None,
    at: datetime | None = None,
) -> int:
    """Rings the actor's telephone, and once they press 1 the citizen's; the call's id.

    On a request that owes this number a call it is an attempt to keep the promise: it counts, its ring keeps it, and
    nobody else rings meanwhile. Raises Stale while somebody does, and what `calls.call` raises.
    """
    now = at or clock.now()
    if ticket_id is None or not _keeps(rows.open_of(ticket_id), number):
        return calls.call(actor, number, ticket_id=ticket_id, person_id=person_id, at=now)
    with moved(actor, ticket_id, "ring-call-back", None, now):
        promise = rows.open_of(ticket_id, lock=True)
        if promise is None or attempts.alive(promise.id) is not None:
            raise Stale("Somebody is ringing them already.", code="ringing")
        attempt = attempts.begin(promise, AttemptState.DIALING_AGENT, actor.id, now, by_hand=False)
        return calls.call(actor, number, ticket_id=ticket_id, person_id=person_id, errand=attempt.key, at=now)


def _keeps(promise: Row[Any] | None, number: str) -> bool:
    """Whether ringing that number is what was promised; somebody else may be rung about a request, too."""
    return promise is not None and (not promise.phone or promise.phone == e164(number))
