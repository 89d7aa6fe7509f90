"""What is promised to tickets: looked up once for those that are alike, and kept until a version changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app
from sqlalchemy import Row, text

import sla
from helpdesk.services import rulebook
from helpdesk.services.clocks import Fresh, Promise
from helpdesk.services.rulebook import Version
from helpdesk.services.signals import RENEWED
from helpdesk.vocabulary import ClockName, RulebookKind
from sla import AgreementKind

_MOST_KNOWN = 10_000
"""Kinds of tickets remembered; a body has fewer."""

SCOPES = text(
    """
    select ticket.id, ticket.priority, ticket.type, ticket.requester_id, ticket.policy_id, ticket.received_at,
           coalesce(service.key, '') as service, coalesce(department.key, '') as department,
           coalesce(department.calendar_key, '') as calendar_key, coalesce(customer_body.key, '') as customer,
           coalesce(supplier.key, '') as supplier,
           case when ticket.major then 'yes' else '' end as major
    from ticket left join service on service.id = ticket.service_id
    left join department on department.id = ticket.department_id
    left join customer_body on customer_body.id = ticket.customer_id
    left join supplier on supplier.id = ticket.supplier_id
    where ticket.id = any(:ids) order by ticket.id
    """
)


@dataclass(frozen=True)
class Opening:
    """What the promise to a new ticket depends on; service, department, calendar and customer by their keys."""

    id: int
    priority: str
    type: str
    requester_id: int | None
    service: str
    department: str
    calendar_key: str
    customer: str = ""
    supplier: str = ""
    major: str = ""
    category_id: int | None = None


Scoped = Opening | Row[Any]


def scope(row: Scoped) -> sla.Scope:
    """What a promise may ask of the ticket."""
    return sla.Scope(row.priority, row.type, row.service, row.department, row.customer, row.supplier, row.major)


@dataclass(frozen=True)
class Term:
    """A target under the versions it would be promised by; what it comes to depends on when it starts.

    ``why`` its policy and no other: only, order or specific.
    """

    clock: ClockName
    target: sla.Target
    policy: Version
    calendar: Version
    why: str


@dataclass(frozen=True)
class Offered:
    """One promise to tickets that are alike; ``fresh`` is its row ready made, where the amount is always the same."""

    term: Term
    fresh: Fresh | None


@dataclass
class Offer:
    """What is in force, or is supposed to be; tickets alike are looked up once."""

    policies: Mapping[str, Version]
    calendar_of: Callable[[str | None], Version] = rulebook.calendar_for
    known: dict[tuple[sla.Scope, str], tuple[Offered, ...]] = field(default_factory=dict)

    def to(self, row: Scoped) -> tuple[Offered, ...]:
        """Every promise to a new ticket of such priority, type, service and department."""
        key = scope(row), row.calendar_key
        if key not in self.known:
            self.known[key] = tuple(map(_offered, self._opening(*key)))
        return self.known[key]

    def _opening(self, asked: sla.Scope, calendar_key: str) -> list[Term]:
        """The promises of the policy, and the department's own."""
        choice = self.choose(asked)
        if choice is None:
            return []
        policy = self.policies[choice.key]
        names = [name for name in ClockName if name not in RENEWED or name is ClockName.STATUTORY]
        found = [self.term(name, policy, asked, calendar_key, choice.why) for name in names]
        return [one for one in (*found, self.ola(policy, asked, calendar_key)) if one and _is_placed(one, asked)]

    def choose(self, asked: sla.Scope, kind: AgreementKind = AgreementKind.SLA) -> sla.Choice | None:
        """The policy that holds for such a ticket."""
        return sla.choose([(key, version.value) for key, version in self.policies.items()], asked, kind)

    def ola(self, policy: Version, asked: sla.Scope, calendar_key: str) -> Term | None:
        """What the department promises the house, else what the ticket's policy says of departments."""
        return self._agreed(ClockName.OLA, AgreementKind.OLA, policy, asked, calendar_key)

    def ua(self, policy: Version, asked: sla.Scope) -> Term | None:
        """What the supplier promises the house, in the hours of its contract."""
        return self._agreed(ClockName.UA, AgreementKind.UA, policy, asked, "")

    def _agreed(
        self, name: ClockName, kind: AgreementKind, policy: Version, asked: sla.Scope, calendar_key: str
    ) -> Term | None:
        choice = self.choose(asked, kind)
        if choice and (found := self.term(name, self.policies[choice.key], asked, calendar_key, choice.why)):
            return found
        return self.term(name, policy, asked, calendar_key, "policy")

    def term(self, name: ClockName, policy: Version, asked: sla.Scope, calendar_key: str, why: str = "") -> Term | None:
        """What a policy says of that clock for such a ticket; None where it says nothing."""
        target: sla.Target | None = policy.value.target(name, asked)
        if target is None:
            return None
        key = target.calendar or (rulebook.ALWAYS if target.days else calendar_key)  # the law counts closed days too
        return Term(name, target, policy, self.calendar_of(key), why)


def _is_placed(term: Term, asked: sla.Scope) -> bool:
    """A department promises, and the law counts, from when a department has it."""
    return term.clock not in RENEWED or bool(asked.department)


def _offered(one: Term) -> Offered:
    fixed = not one.target.days
    return Offered(one, Fresh.of(promise(one, one.target.seconds)) if fixed else None)


def promise(one: Term, seconds: int) -> Promise:
    """The promise that a term comes to."""
    return Promise(one.clock, one.target, one.policy, one.calendar, seconds)


def current() -> Offer:
    """What is in force, with all that was looked up of it before; kept in the process until a version changes."""
    policies = rulebook.all_in_force(RulebookKind.POLICY)
    versions = (*policies.values(), *rulebook.all_in_force(RulebookKind.CALENDAR).values())
    ids = frozenset(version.id for version in versions)
    kept: tuple[frozenset[int], Offer] | None = current_app.extensions.get("offer")
    if kept is None or kept[0] != ids or len(kept[1].known) > _MOST_KNOWN:
        kept = current_app.extensions["offer"] = (ids, Offer(policies))
    return kept[1]
