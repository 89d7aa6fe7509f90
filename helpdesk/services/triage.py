"""Builds facts, asks `routing`, and says which department answers, how urgent it is, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row

from helpdesk import i18n
from helpdesk.services import catalogue, learning, rulebook
from helpdesk.services.arrival import Arrival
from helpdesk.services.learning import Proposed
from helpdesk.services.rulebook import Version
from helpdesk.vocabulary import Level, Priority, RulebookKind, TicketType
from routing import By, Decision, Facts, Reason, ReasonKind, Ruleset
from routing import decide as ask
from sla import DEFAULT_MATRIX, Matrix
from sla import Level as MatrixLevel

BY_STAFF, BY_CLASSIFIER = "staff", "classifier"
"""A member of staff named the department and no rule was asked; or no rule knew one and the classifier was sure."""


@dataclass(frozen=True)
class Decided:
    """What a new ticket begins with. No department means triage, openly."""

    by: str
    type: str
    impact: str
    urgency: str
    priority: str
    department_id: int | None = None
    service_id: int | None = None
    category_id: int | None = None
    matrix_id: int | None = None
    priority_reason: str = ""
    ruleset: str = ""
    reasons: tuple[dict[str, Any], ...] = ()
    confidence: float | None = None
    tags: tuple[str, ...] = ()
    restricted: bool = False
    department: str = ""
    service: str = ""
    calendar_key: str = ""
    customer_id: int | None = None
    customer: str = ""
    proposal: Proposed | None = None

    def routing(self) -> dict[str, Any]:
        """What the ticket keeps of the decision."""
        reasons = [dict(reason) for reason in self.reasons]
        kept = {"by": self.by, "ruleset": self.ruleset, "reasons": reasons, "confidence": self.confidence}
        return kept | ({"proposal": self.proposal.to_dict()} if self.proposal else {})


@dataclass(frozen=True)
class Ground:
    """What decisions stand on, read once for a batch."""

    ruleset: Ruleset
    ruleset_name: str
    matrix: Matrix
    matrix_id: int | None
    departments: Mapping[str, int]
    services: Mapping[str, Row[Any]]
    services_by_id: Mapping[int, Row[Any]]
    houses: Mapping[int, Row[Any]]
    customers: Mapping[int, Row[Any]]

    def customer_of(self, service: Row[Any] | None) -> str:
        """The key of who commissions a service; empty where the body offers it itself."""
        return self.customers[service.customer_id].key if service and service.customer_id else ""


def decide(arrivals: Sequence[Arrival], rules: Version | None = None) -> list[Decided]:
    """The decision for each new request, by the matrix and the ruleset in force (or by another version of it)."""
    ground = _ground(rules)
    return _proposed(arrivals, [_decided(arrival, ground) for arrival in arrivals], ground)


def _proposed(arrivals: Sequence[Arrival], decided: Sequence[Decided], ground: Ground) -> list[Decided]:
    """Where nobody and no rule knew a department, the classifier is asked; where it is sure enough, it is followed."""
    open_ = [place for place, one in enumerate(decided) if one.department_id is None and one.by == By.DEFAULT]
    asked = [(arrivals[place].subject, arrivals[place].reply_text or arrivals[place].text) for place in open_]
    found = dict(zip(open_, learning.propose(asked, ground.departments), strict=True))
    return [_with(one, found.get(place), ground) for place, one in enumerate(decided)]


def _with(decided: Decided, proposal: Proposed | None, ground: Ground) -> Decided:
    if proposal is None or not proposal.routed:
        return replace(decided, proposal=proposal)
    best = proposal.choices[0]
    home = ground.houses[best.department_id]
    return replace(
        decided,
        by=BY_CLASSIFIER,
        department_id=best.department_id,
        department=best.department,
        calendar_key=home.calendar_key or "",
        confidence=best.confidence,
        reasons=(),
        proposal=proposal,
    )


def _ground(tried: Version | None) -> Ground:
    rules = tried or rulebook.all_in_force(RulebookKind.RULESET).get(rulebook.DEFAULT)
    matrix = rulebook.all_in_force(RulebookKind.MATRIX).get(rulebook.DEFAULT)
    offered = catalogue.current()
    services = offered.services
    return Ground(
        rules.value if rules else Ruleset(),
        rules.name if rules else "",
        matrix.value if matrix else DEFAULT_MATRIX,
        matrix.id if matrix else None,
        {row.key: row.id for row in offered.departments.values() if row.active},
        {row.key: row for row in services.values()},
        services,
        offered.departments,
        offered.customers,
    )


def _decided(arrival: Arrival, ground: Ground) -> Decided:
    wish = arrival.wish
    named = ground.services_by_id.get(wish.service_id or 0) or ground.services.get(wish.service)
    decision = ask(_facts(arrival, named.key if named else ""), ground.ruleset)
    service = named or ground.services.get(decision.service or "")
    by, department_id, reasons = _department(arrival, decision, service, ground)
    impact = wish.impact or decision.impact or (service.impact if service else Level.MEDIUM)
    urgency = wish.urgency or decision.urgency or (service.urgency if service else Level.MEDIUM)
    priority, why = _priority(impact, urgency, decision, ground)
    home = ground.houses.get(department_id or 0)
    return Decided(
        by=by,
        type=wish.type or decision.type or (service.type if service else TicketType.REQUEST),
        impact=str(impact),
        urgency=str(urgency),
        priority=priority,
        department_id=department_id,
        service_id=service.id if service else None,
        category_id=wish.category_id or (service.category_id if service else None),
        matrix_id=ground.matrix_id,
        priority_reason=why,
        ruleset=ground.ruleset_name,
        reasons=reasons,
        confidence=decision.confidence,
        tags=tuple(dict.fromkeys((*wish.tags, *decision.tags))),
        restricted=wish.restricted or decision.restricted,
        department=home.key if home else "",
        service=service.key if service else "",
        calendar_key=(home.calendar_key or "") if home else "",
        customer_id=service.customer_id if service else None,
        customer=ground.customer_of(service),
    )


def _department(
    arrival: Arrival, decision: Decision, service: Row[Any] | None, ground: Ground
) -> tuple[str, int | None, tuple[dict[str, Any], ...]]:
    """By what the department was named, which it is, and why: staff, rules, the service, the address written to."""
    reasons = tuple(dict(reason.to_dict()) for reason in decision.reasons)
    if arrival.wish.department_id is not None:
        return BY_STAFF, arrival.wish.department_id, ()
    found = ground.departments.get(decision.department or "")
    if found is not None:
        return decision.by.value, found, reasons
    told = tuple(reason for reason in reasons if reason["kind"] != ReasonKind.TRIAGE)
    if service is not None:
        why = Reason(ReasonKind.SERVICE_DEPARTMENT, word=service.key)
        return By.SERVICE.value, service.department_id, (*told, dict(why.to_dict()))
    if arrival.account is not None and arrival.account.department_id is not None:
        why = Reason(ReasonKind.ADDRESS_DEPARTMENT, word=arrival.account.address)
        return By.ADDRESS.value, arrival.account.department_id, (*told, dict(why.to_dict()))
    return By.DEFAULT.value, None, reasons


def _priority(impact: str, urgency: str, decision: Decision, ground: Ground) -> tuple[str, str]:
    """The matrix's answer, or a rule's floor where that is more pressing."""
    found = ground.matrix.priority(MatrixLevel(impact), MatrixLevel(urgency)).value
    floor = decision.priority_floor
    order = list(Priority)
    if floor is not None and order.index(Priority(floor.value)) < order.index(Priority(found)):
        return floor.value, "floor"
    return found, "matrix"


def _facts(arrival: Arrival, service: str) -> Facts:
    here = arrival.received_at.astimezone(i18n.ZONE)
    return Facts(
        channel=arrival.channel,
        contacted=arrival.account.address if arrival.account else "",
        language=arrival.language,
        service=service,
        fields={name: str(value) for name, value in arrival.wish.fields.items()},
        subject=arrival.subject,
        text=arrival.reply_text or arrival.text,
        sender=arrival.contact.email or arrival.contact.phone,
        at=arrival.received_at,
        weekday=here.weekday(),
        local_time=here.time(),
        authentication=_verdict(arrival),
        spam_score=arrival.spam_score,
        automatic=arrival.automatic or "",
    )


def _verdict(arrival: Arrival) -> str:
    if arrival.unverified:
        return "fail"
    claims = arrival.authentication or {}
    return "pass" if claims.get("aligned") and claims.get("trusted") else "none"
