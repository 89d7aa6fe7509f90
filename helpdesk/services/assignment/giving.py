"""Hands a department's work out to its people: given or offered, oldest due first, never above what they can take."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import text

from helpdesk.db import db, unit
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM
from helpdesk.services.assignment import backlog, offers, settings
from helpdesk.services.assignment.backlog import Free
from helpdesk.services.assignment.people import Asked, Desk, desk, told
from helpdesk.services.assignment.settings import DepartmentRule
from helpdesk.services.hands import Hand
from helpdesk.vocabulary import AssignmentMode, WorkKind
from routing import choose_agent

PORTION = 50
"""Tickets a transaction hands out: few enough to hold locks briefly."""

_LOCK = 715_003_420
_MINE = text("select pg_try_advisory_xact_lock(:key, :department)")


def drain(department_id: int, at: datetime, limit: int = 1_000) -> int:
    """Hands out what can be handed out of a department's backlog; how much that was.

    Where somebody else is at it already, nothing: two never hand out the same department's work.
    """
    rule, done = settings.of(department_id), 0
    while rule.hands_out and done < limit:
        handed = _portion(rule, at)
        done += handed
        if handed < PORTION:
            break
    return done


@unit()
def _portion(rule: DepartmentRule, at: datetime) -> int:
    if not db.session.execute(_MINE, {"key": _LOCK, "department": rule.department_id}).scalar():
        return 0
    here, handed = desk(rule.department_id, at), 0
    if not here.has_room(WorkKind.TICKET):
        return 0
    for found in backlog.portions(rule, at):
        handed += _hand_out(found, rule, here, PORTION - handed)
        if handed >= PORTION or not here.has_room(WorkKind.TICKET):
            break
    here.keep_turns()
    return handed


def _hand_out(found: Sequence[Free], rule: DepartmentRule, here: Desk, most: int) -> int:
    handed = 0
    for free in found:
        if handed == most or not here.has_room(WorkKind.TICKET):
            break
        handed += _place(free.ticket, backlog.asked(free, rule, here.weights), rule, here)
    return handed


def _place(ticket: Ticket, asked: Asked, rule: DepartmentRule, here: Desk) -> bool:
    """Gives or offers one ticket to whoever is chosen; whether anybody was."""
    need = here.need(asked)
    choice = choose_agent(here.roster(asked), need, rule.turn)
    if choice.agent is None:
        return False
    person_id, why = int(choice.agent), told(choice, asked, need)
    if rule.mode is AssignmentMode.OFFER:
        ends = here.at + timedelta(minutes=rule.offer_minutes)
        offers.keep(WorkKind.TICKET, ticket.id, person_id, rule.department_id, asked.weight, why, here.at, ends)
    else:
        hand = Hand(ticket, SYSTEM, here.at)
        hand.give(person_id, why=why)
        ticket.updated_at = here.at
    here.give(person_id, asked.weight)
    return True
