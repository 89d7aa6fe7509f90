"""Somebody leaves the house: signed out, and none of what they had stays with them."""

from datetime import datetime

from helpdesk import clock
from helpdesk.db import unit
from helpdesk.permissions import Actor
from helpdesk.services import absences, catalogue
from helpdesk.services.handovers import letters, moving
from helpdesk.services.handovers.moving import Why

LEFT = "left"


@unit()
def let_go(actor: Actor, person_id: int, successor_id: int | None = None, *, at: datetime | None = None) -> int:
    """Lets somebody go and hands their cases over, to a successor or to whoever answers by default; how many.

    Raises Forbidden, NotFound, Invalid as `catalogue.change_staff` does.
    """
    moment = at or clock.now()
    catalogue.change_staff(actor, person_id, active=False, at=moment)
    return _pass_on(person_id, moment, successor_id)


@unit()
def sweep(now: datetime | None = None) -> int:
    """Hands over what is still with somebody who left, whichever way they did; how many tickets."""
    gone = [one.id for one in catalogue.colleagues(all_=True) if not one.active]
    if not gone or not any(moving.theirs(gone, which) for which in moving.ALIVE):
        return 0
    return sum(_pass_on(person_id, now or clock.now()) for person_id in gone)


def _pass_on(person_id: int, now: datetime, successor_id: int | None = None) -> int:
    """The open and the resolved, which may be reopened; one letter to each who gets some."""
    why = Why(person_id, LEFT, absences.stand_in(successor_id, absences.away(now)))
    done = 0
    for which in moving.ALIVE:
        last = 0
        while numbers := moving.theirs([person_id], which, last):
            last, done = numbers[-1], done + len(numbers)
            for number in numbers:
                moving.hand_over(number, why, now)
    if done:
        letters.inherited(person_id, moving.left_by(person_id, now), now)
    return done
