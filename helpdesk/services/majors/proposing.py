"""Proposals to declare a major incident, by a criterion or by a colleague; nothing declares itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert

from helpdesk import events
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.models.majors import MajorProposal
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM, Actor, may
from helpdesk.services import journal, notices
from helpdesk.services.hands import Hand, held
from helpdesk.services.scope import visible
from helpdesk.vocabulary import FINISHED, Criterion, ProposalState
from sla.major import Finding

_ROWS, _TICKETS = table(MajorProposal), table(Ticket)
OPEN = _ROWS.c.state == ProposalState.OPEN


def by_criterion(ticket_id: int, service_id: int | None, finding: Finding, at: datetime) -> None:
    """What a criterion found becomes a proposal, unless there is one for the service already."""
    _put(ticket_id, service_id, Criterion(finding.criterion), at, SYSTEM, finding.similar, finding.minutes)


@unit()
def propose(
    actor: Actor, number: int, reason: str = "", similar: Sequence[int] = (), *, at: datetime | None = None
) -> int | None:
    """Proposes that the ticket is a major incident; the proposal's id, None where one is open already.

    For colleagues and for whatever finds tickets that are alike: ``similar`` are their numbers, this one apart.
    Raises Stale for what is major already or finished.
    """
    with held(actor, number, "propose-major", None, at) as hand:
        ticket = hand.ticket
        if ticket.major or ticket.status in FINISHED:
            raise Stale("This ticket is a major incident already, or finished.", code="not-proposable")
        if reason.strip():
            notices.note(hand, reason)
        criterion = Criterion.SIMILAR if similar else Criterion.BY_HAND
        return _put(ticket.id, ticket.service_id, criterion, hand.at, actor, len(set(similar) | {number}), 0)


def _put(
    ticket_id: int, service_id: int | None, criterion: Criterion, at: datetime, actor: Actor, similar: int, minutes: int
) -> int | None:
    row = {
        "criterion": criterion.value, "ticket_id": ticket_id, "service_id": service_id, "similar": similar,
        "minutes": minutes, "at": at,
    }  # fmt: skip
    made = insert(_ROWS).values(row).on_conflict_do_nothing().returning(_ROWS.c.id)
    found: int | None = db.session.execute(made).scalar()
    if found is not None:
        journal.record(ticket_id, events.MajorProposed(found, criterion.value), actor, at)
    return found


@unit()
def dismiss(actor: Actor, proposal_id: int, reason: str, *, at: datetime | None = None) -> Row[Any]:
    """It is no major incident: a supervisor says so, and why. The proposal as it is then.

    Raises Invalid, Forbidden, Stale, NotFound.
    """
    if not may(actor, "supervise"):
        raise Forbidden("Supervisors decide about major incidents.")
    if not reason.strip():
        raise Invalid("Say why it is none.", fields={"reason": "is needed"})
    row = db.session.execute(select(_ROWS).where(_ROWS.c.id == proposal_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound("There is no such proposal.")
    if row.state != ProposalState.OPEN:
        raise Stale("Somebody has decided already.", code="decided")
    with held(actor, row.ticket_id, "note", None, at) as hand:
        message = notices.note(hand, reason)
        _settle([row.id], ProposalState.DISMISSED, actor, hand.at)
        hand.record(events.MajorProposalDismissed(row.id, message.id))
    return db.session.execute(select(_ROWS).where(_ROWS.c.id == proposal_id)).one()


def settle_declared(hand: Hand, service_ids: Sequence[int]) -> None:
    """What was proposed of this ticket or of the services it is about is decided by the declaration."""
    about = (_ROWS.c.ticket_id == hand.ticket.id) | _ROWS.c.service_id.in_(service_ids)
    ids = db.session.execute(select(_ROWS.c.id).where(OPEN, about)).scalars().all()
    _settle(ids, ProposalState.DECLARED, hand.actor, hand.at)


def _settle(ids: Sequence[int], state: ProposalState, actor: Actor, at: datetime) -> None:
    values = {"state": state.value, "settled_at": at, "settled_by_id": actor.id}
    db.session.execute(update(_ROWS).where(_ROWS.c.id.in_(ids)).values(**values))


def waiting(actor: Actor, limit: int = 20) -> Sequence[Row[Any]]:
    """Proposals that nobody decided yet on tickets the actor may see, the oldest first; with the ticket's subject."""
    query = select(_ROWS, _TICKETS.c.subject, _TICKETS.c.department_id).join(
        _TICKETS, _TICKETS.c.id == _ROWS.c.ticket_id
    )
    return db.session.execute(query.where(OPEN, visible(actor)).order_by(_ROWS.c.at).limit(limit)).all()


def of_ticket(number: int, service_id: int | None) -> Row[Any] | None:
    """The open proposal that concerns a ticket: its own, else its service's."""
    about = (_ROWS.c.ticket_id == number) | (_ROWS.c.service_id == service_id)
    query = select(_ROWS).where(OPEN, about).order_by((_ROWS.c.ticket_id == number).desc()).limit(1)
    return db.session.execute(query).one_or_none()
