"""Proposes a department where no rule knew one, keeps what was proposed, and learns what people made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, select, text, update

from helpdesk import events
from helpdesk.db import db, insert_many, table, unit
from helpdesk.errors import Invalid, Stale
from helpdesk.events import TicketResolved, TicketTransferred
from helpdesk.models.catalogue import Department
from helpdesk.models.learning import Proposal
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services.hands import moved
from helpdesk.services.journal import Recorded
from helpdesk.services.learning import versions
from helpdesk.services.learning.examples import told
from helpdesk.vocabulary import ActorKind
from routing import Prediction

PROPOSAL = "proposal"
"""Why it was transferred: a human followed the classifier, or chose another of its choices."""
CHOICES = 3

_ROWS, _DEPARTMENTS = table(Proposal), table(Department).c


@dataclass(frozen=True)
class Choice:
    """A department that a request may belong to."""

    department_id: int
    department: str
    confidence: float


@dataclass(frozen=True)
class Proposed:
    """What the classifier says of a request: up to three departments, the words that counted, and whether it is sure
    enough to be followed without a human. Not ``known``: new to it, or none of ours."""

    model: int
    choices: tuple[Choice, ...]
    known: bool
    routed: bool
    reasons: tuple[Mapping[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        """As the ticket keeps it."""
        return {
            "model": self.model,
            "known": self.known,
            "routed": self.routed,
            "choices": [{"department": one.department, "confidence": round(one.confidence, 4)} for one in self.choices],
            "reasons": [dict(one) for one in self.reasons],
        }


def propose(requests: Sequence[tuple[str, str]], departments: Mapping[str, int]) -> list[Proposed | None]:
    """A proposal for each request, given as its subject and text; None for all before anything was learned."""
    model = versions.in_force() if requests else None
    if model is None:
        return [None] * len(requests)
    asked = model.classifier.predict_many(told(subject, words) for subject, words in requests)
    return [_proposed(model, one, departments) for one in asked]


def _proposed(model: versions.InForce, found: Prediction, departments: Mapping[str, int]) -> Proposed:
    ranked = [(found.label, found.confidence), *found.alternatives]
    choices = [Choice(departments[key], key, sure) for key, sure in ranked if key in departments]
    enough = model.thresholds.get(found.label)
    routed = found.known and found.label in departments and enough is not None and found.confidence >= enough
    reasons = tuple({"word": one.word, "weight": one.weight} for one in found.reasons)
    return Proposed(model.number, tuple(choices[:CHOICES]), found.known, routed, reasons)


def keep(proposed: Sequence[tuple[int, Proposed]], at: datetime) -> None:
    """Keeps the proposals of new tickets, to be measured by."""
    insert_many(_ROWS, [_row(ticket_id, one, at) for ticket_id, one in proposed])


def _row(ticket_id: int, one: Proposed, at: datetime) -> dict[str, Any]:
    best = one.choices[0] if one.choices else None
    return {
        "ticket_id": ticket_id,
        "model": one.model,
        "at": at,
        "department_id": best.department_id if best else None,
        "confidence": best.confidence if best else 0.0,
        "known": one.known,
        "routed": one.routed,
    }


@unit()
def choose(
    actor: Actor, number: int, department: str, *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """Says where a ticket belongs that waits in triage or that the classifier sent: either teaches the classifier.

    Raises Invalid for an unknown department; NotFound, Forbidden, Stale.
    """
    query = select(_DEPARTMENTS.id).where(_DEPARTMENTS.key == department, _DEPARTMENTS.active)
    place = db.session.execute(query).scalar_one_or_none()
    if place is None:
        raise Invalid("There is no such department.", fields={"department": "an active department"})
    with moved(actor, number, "transfer", version, at, department_id=place, reason=PROPOSAL) as hand:
        before = hand.ticket.department_id
        if before is not None and "proposal" not in hand.ticket.routing:
            raise Stale("A department has this ticket already: transfer it.", code="already-there")
        if before == place:
            _settle([number], place, hand.at)
            return hand.ticket
        hand.ticket.department_id, hand.ticket.team_id = place, None
        hand.record(events.TicketTransferred(place, before, PROPOSAL))
        hand.give(None)
        return hand.ticket


def settle_transferred(facts: Sequence[Recorded]) -> None:
    """The reaction to TicketTransferred: a human says where it belongs; the last word counts."""
    for fact in facts:
        if isinstance(fact.event, TicketTransferred) and fact.actor_kind == ActorKind.STAFF:
            _settle([fact.ticket_id], fact.event.department_id, fact.at)


def settle_resolved(facts: Sequence[Recorded]) -> None:
    """The reaction to TicketResolved: what its department resolved without a word belonged there."""
    ids = [fact.ticket_id for fact in facts if isinstance(fact.event, TicketResolved)]
    if ids:
        db.session.execute(_RESOLVED, {"ids": ids, "at": max(fact.at for fact in facts)})


_RESOLVED = text(
    """
    update proposal set settled_id = ticket.department_id, settled_at = :at, settled_how = 'resolved'
    from ticket
    where ticket.id = proposal.ticket_id and proposal.ticket_id = any(:ids) and proposal.settled_at is null
      and ticket.department_id is not null and ticket.resolution_code is distinct from 'not_competent'
    """
)


def _settle(ids: Sequence[int], department_id: int | None, at: datetime) -> None:
    agreed = _ROWS.c.department_id.is_not_distinct_from(department_id)
    how = case((agreed, "accepted"), else_="corrected")
    values = {"settled_id": department_id, "settled_at": at, "settled_how": how}
    db.session.execute(update(_ROWS).where(_ROWS.c.ticket_id.in_(ids)).values(values))
