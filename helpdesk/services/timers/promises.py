"""Promises to tickets: chosen when they open, chosen again when what they depend on changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Row, select, text

import sla
from helpdesk import events
from helpdesk.clock import NEVER
from helpdesk.db import db, pending, table
from helpdesk.models.tickets import TicketClock
from helpdesk.permissions import SYSTEM
from helpdesk.services import clocks, journal, rulebook
from helpdesk.services.clocks import Fresh, Promise
from helpdesk.services.journal import Recorded
from helpdesk.services.rulebook import Version
from helpdesk.services.timers.readings import Read, keep, read_all
from helpdesk.vocabulary import ClockName, RulebookKind

_CLOCKS = table(TicketClock)

_MOST_KNOWN = 10_000
"""Kinds of tickets remembered; a body has fewer."""

_SCOPES = text(
    """
    select ticket.id, ticket.priority, ticket.type, ticket.requester_id, coalesce(service.key, '') as service,
           coalesce(department.key, '') as department, coalesce(department.calendar_key, '') as calendar_key
    from ticket left join service on service.id = ticket.service_id
    left join department on department.id = ticket.department_id
    where ticket.id = any(:ids)
    """
)


@dataclass(frozen=True)
class Opening:
    """What the promise to a new ticket depends on; service, department and calendar by their keys."""

    id: int
    priority: str
    type: str
    requester_id: int | None
    service: str
    department: str
    calendar_key: str


Scoped = Opening | Row[Any]


def expect(opening: Opening) -> None:
    """Notes a ticket whose opening is about to be stated, so that `start` need not look it up."""
    pending("openings").append(opening)


@dataclass(frozen=True)
class Offered:
    """One promise to tickets that are alike, with the fact that makes it."""

    fresh: Fresh
    started: events.ClockStarted

    @property
    def clock(self) -> ClockName:
        """The clock it is about."""
        return self.fresh.promise.clock


@dataclass
class Offer:
    """What is in force; tickets alike are looked up once."""

    policies: Mapping[str, Version]
    known: dict[tuple[sla.Scope, str], tuple[Offered, ...]] = field(default_factory=dict)

    def to(self, row: Scoped) -> tuple[Offered, ...]:
        """Every promise to a ticket of such priority, type, service and department."""
        key = _scope(row), row.calendar_key
        if key not in self.known:
            self.known[key] = tuple(self._choose(*key))
        return self.known[key]

    def _choose(self, scope: sla.Scope, calendar_key: str) -> Iterable[Offered]:
        choice = sla.choose([(key, version.value) for key, version in self.policies.items()], scope)
        if choice is None:
            return
        for name in clocks.CLOCKS:
            if promise := _promise(name, self.policies[choice.key], scope, calendar_key):
                yield Offered(Fresh.of(promise), events.ClockStarted(*_terms(promise, 1), choice.why))


def _scope(row: Scoped) -> sla.Scope:
    return sla.Scope(row.priority, row.type, row.service, row.department)


def _promise(name: ClockName, policy: Version, scope: sla.Scope, calendar_key: str) -> Promise | None:
    target: sla.Target | None = policy.value.target(name, scope)
    if target is None:
        return None
    return Promise(name, target, policy, rulebook.calendar_for(target.calendar or calendar_key), target.seconds)


def start(facts: Sequence[Recorded]) -> None:
    """The reaction to TicketOpened: promises, due moments and the place in the queue, for all tickets at once."""
    rows = _opened([fact.ticket_id for fact in facts])
    offer = _offer()
    made: list[dict[str, Any]] = []
    dues: dict[int, datetime] = {}
    for fact in facts:
        row = rows[fact.ticket_id]
        for offered in offer.to(row):
            if _owed(offered.clock, fact, row):
                kept = _set(fact, offered)
                made.append(kept)
                dues[row.id] = min(kept["due_at"], dues.get(row.id, NEVER))
    keep(made, dues, {row["ticket_id"]: row["policy_id"] for row in made})


def _opened(ids: Sequence[int]) -> dict[int, Scoped]:
    """Each ticket as it was expected, else as it stands."""
    rows: dict[int, Scoped] = {opening.id: opening for opening in pending("openings")}
    pending("openings").clear()
    if unknown := [id_ for id_ in ids if id_ not in rows]:
        rows |= {row.id: row for row in db.session.execute(_SCOPES, {"ids": unknown})}
    return rows


def _offer() -> Offer:
    """What is in force, with all that was looked up of it before; kept in the process until a version changes."""
    policies = rulebook.all_in_force(RulebookKind.POLICY)
    versions = (*policies.values(), *rulebook.all_in_force(RulebookKind.CALENDAR).values())
    ids = frozenset(version.id for version in versions)
    kept: tuple[frozenset[int], Offer] | None = current_app.extensions.get("offer")
    if kept is None or kept[0] != ids or len(kept[1].known) > _MOST_KNOWN:
        kept = current_app.extensions["offer"] = (ids, Offer(policies))
    return kept[1]


def _owed(name: ClockName, fact: Recorded, row: Scoped) -> bool:
    """Nobody who could be answered is owed no answer."""
    return clocks.starts(name, fact) and (name is not ClockName.FIRST_RESPONSE or row.requester_id is not None)


def _set(fact: Recorded, offered: Offered) -> dict[str, Any]:
    assert isinstance(fact.event, events.TicketOpened)
    journal.record(fact.ticket_id, offered.started, SYSTEM, fact.at)
    kept = offered.fresh.row(fact, datetime.fromisoformat(fact.event.received_at))
    if kept is None:
        promise = offered.fresh.promise
        [reading] = promise.readings([fact], fact.at, rulebook.version)
        kept = clocks.row(fact.ticket_id, promise, reading, ())
    return kept


def _terms(promise: Promise, cycle: int) -> tuple[str, int, int, int, int, str]:
    ids = promise.policy.id, promise.calendar.id
    return (promise.clock.value, cycle, promise.seconds, *ids, promise.target.key)


def retarget(facts: Sequence[Recorded]) -> None:
    """The reaction to another priority, type, service or department, and to reopening, which may come after one.

    Another target holds under the policy the ticket opened with; what elapsed and paused so far stays.
    """
    moments = {fact.ticket_id: fact.at for fact in facts}
    found = read_all(moments)
    for row in db.session.execute(_SCOPES, {"ids": list(moments)}):
        _retarget(row, found.get(row.id, []), moments[row.id])


def _retarget(row: Row[Any], read: Read, at: datetime) -> None:
    for promise, reading in read:
        wanted = _promise(promise.clock, promise.policy, _scope(row), row.calendar_key)
        if wanted is None or not reading.is_open:
            continue
        if wanted.calendar.key == promise.calendar.key:
            wanted = replace(wanted, calendar=promise.calendar)  # a newer version is not applied by the way
        if (wanted.target, wanted.calendar) != (promise.target, promise.calendar):
            journal.record(row.id, events.ClockRetargeted(*_terms(wanted, reading.cycle)), SYSTEM, at)


def promised_at(ticket_id: int) -> datetime | None:
    """When the request will be done at the latest, as the citizen is told; None where nothing is promised."""
    same = (_CLOCKS.c.ticket_id == ticket_id, _CLOCKS.c.name == ClockName.RESOLUTION)
    newest = select(_CLOCKS.c.due_at).where(*same).order_by(_CLOCKS.c.cycle.desc()).limit(1)
    return db.session.execute(newest).scalar()
