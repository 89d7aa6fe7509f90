"""Lets a held ticket wait by the rules of waiting: for its reason, no longer than allowed, with its reminders."""

from datetime import datetime

from helpdesk.db import db
from helpdesk.services import pauses
from helpdesk.services.hands import Hand
from helpdesk.vocabulary import WAITING_STATUS, WaitingReason
from sla.waiting import Wait


def pause(hand: Hand, reason: WaitingReason, until: datetime | None = None, *, past: bool = False) -> None:
    """It waits until then, at the latest until the rules' end. ``past``: another system let it wait, as it was.

    Raises Invalid where that end lies in the past or too far ahead.
    """
    ticket = hand.ticket
    if until is not None:
        pauses.require_ahead(until, hand.at)
    found = (pauses.outside if past else pauses.terms)(reason, ticket.department_id)
    before = pauses.standing(ticket, reason)
    since = before.since if before else hand.at
    ends = until if past else pauses.end(found, since, until, hand.at)
    hand.move(WAITING_STATUS[reason], reason, ends)
    db.session.flush()
    going = Wait(since, ends, before.reminded_at if before else None)
    pauses.keep(ticket.id, found, going, hand.actor.id, None if past else found.limit(since), before)
