"""Builds facts, asks `routing`, and says which department answers, how urgent it is, and why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from helpdesk import i18n
from helpdesk.services import care, catalogue, learning, ownership, rulebook
from helpdesk.services.arrival import Arrival
from helpdesk.services.learning import Proposed
from helpdesk.services.rulebook import Version
from helpdesk.vocabulary import Level, Priority, RulebookKind, TicketType, rules
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
    application: bool = False
    owners: tuple[int, ...] = ()

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
    matrices: Mapping[str, Version]
    departments: Mapping[str, int]
    services: Mapping[str, Row[Any]]
    services_by_id: Mapping[int, Row[Any]]
    houses: Mapping[int, Row[Any]]
    customers: Mapping[int, Row[Any]]
    care: Mapping[int, Level] = field(default_factory=dict)

    def customer_of(self, service: Row[Any] | None) -> str:
        """The key of who commissions a service; empty where the body offers it itself."""
        return self.customers[service.customer_id].key if service and service.customer_id else ""


def decide(
    arrivals: Sequence[Arrival], tried: Version | None = None, people: Sequence[Collection[int]] = ()
) -> list[Decided]:
    """The decision for each new request, by the matrix and the ruleset in force (or by another version of it).

    ``people`` are whom each concerns.
    """
    ground = _ground(tried)
    asked = people or [()] * len(arrivals)
    decided = [_decided(arrival, ground, who) for arrival, who in zip(arrivals, asked, strict=True)]
    return _proposed(arrivals, decided, ground)


def owned(decided: Sequence[Decided], named: Sequence[Collection[int]], at: datetime) -> list[Decided]:
    """The same with who may answer for each case: nobody whom it is about."""
    asked = {(one.department_id, frozenset(about)) for one, about in zip(decided, named, strict=True)}
    owners = {(place, about): ownership.candidates(place, at, about) for place, about in asked}
    return [
        replace(one, owners=owners[one.department_id, frozenset(about)])
        for one, about in zip(decided, named, strict=True)
    ]


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
    ruleset = tried or rulebook.all_in_force(RulebookKind.RULESET).get(rulebook.DEFAULT)
    offered = catalogue.current()
    services = _taking_requests(offered.services)
    return Ground(
        ruleset.value if ruleset else Ruleset(),
        ruleset.name if ruleset else "",
        rulebook.all_in_force(RulebookKind.MATRIX),
        {row.key: row.id for row in offered.departments.values() if row.active},
        {offered.services[id_].key: led for id_, led in services.items()},
        services,
        offered.departments,
        offered.customers,
        care.floors(offered.cared_for, offered.care_rule),
    )


def _taking_requests(services: Mapping[int, Row[Any]]) -> dict[int, Row[Any]]:
    """By the id of each service the one that takes requests for it: itself while it is live, else its successor."""
    led = {id_: catalogue.instead(services, id_, lambda one: one.phase == "live") for id_ in services}
    return {id_: services[place] for id_, place in led.items() if place is not None}


def _decided(arrival: Arrival, ground: Ground, people: Collection[int]) -> Decided:
    wish = arrival.wish
    named = ground.services_by_id.get(wish.service_id or 0) or ground.services.get(wish.service)
    decision = ask(_facts(arrival, named.key if named else ""), ground.ruleset)
    service = named or ground.services.get(decision.service or "")
    by, department_id, reasons = _department(arrival, decision, service, ground)
    impact = wish.impact or decision.impact or (service.impact if service else Level.MEDIUM)
    urgency = wish.urgency or decision.urgency or (service.urgency if service else Level.MEDIUM)
    kind = wish.type or decision.type or (service.type if service else TicketType.REQUEST)
    wanted = care.at_least(urgency, [ground.care[one] for one in people if one in ground.care])
    matrix = ground.matrices.get(rulebook.matrix_key(kind)) or ground.matrices.get(rulebook.DEFAULT)
    priority, why = _priority(impact, wanted, decision, matrix)
    home = ground.houses.get(department_id or 0)
    return Decided(
        by=by,
        type=kind,
        impact=str(impact),
        urgency=wanted,
        priority=priority,
        department_id=department_id,
        service_id=service.id if service else None,
        category_id=wish.category_id or (service.category_id if service else None),
        matrix_id=matrix.id if matrix else None,
        priority_reason="care" if why == "matrix" and wanted != str(urgency) else why,
        ruleset=ground.ruleset_name,
        reasons=reasons,
        confidence=decision.confidence,
        tags=tuple(dict.fromkeys((*wish.tags, *decision.tags))),
        restricted=wish.restricted or decision.restricted or rules(kind).restricted,
        department=home.key if home else "",
        service=service.key if service else "",
        calendar_key=(home.calendar_key or "") if home else "",
        customer_id=service.customer_id if service else None,
        customer=ground.customer_of(service),
        application=rules(kind).application or bool(service and service.application),
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


def _priority(impact: str, urgency: str, decision: Decision, version: Version | None) -> tuple[str, str]:
    """The matrix's answer, or a rule's floor where that is more pressing."""
    matrix: Matrix = version.value if version else DEFAULT_MATRIX
    found = matrix.priority(MatrixLevel(impact), MatrixLevel(urgency)).value
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
