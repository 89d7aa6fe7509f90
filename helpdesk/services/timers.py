"""Ticket facts to clocks: sets promises when tickets open, reads clocks anew when facts move them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

import sla
from helpdesk import clock, events
from helpdesk.clock import NEVER
from helpdesk.db import db, insert_many, table
from helpdesk.models.tickets import ClockStep, TicketClock
from helpdesk.permissions import SYSTEM
from helpdesk.services import clocks, journal, rulebook
from helpdesk.services.clocks import Promise
from helpdesk.services.journal import Recorded
from helpdesk.services.rulebook import Version
from helpdesk.vocabulary import ClockName, RulebookKind

_clocks, _steps = table(TicketClock), table(ClockStep)

_SCOPES = text(
    """
    select ticket.id, ticket.priority, ticket.type, ticket.policy_id, coalesce(service.key, '') as service,
           coalesce(department.key, '') as department, coalesce(department.calendar_key, '') as calendar_key
    from ticket left join service on service.id = ticket.service_id
    left join department on department.id = ticket.department_id
    where ticket.id = any(:ids)
    """
)


def start(facts: Sequence[Recorded]) -> None:
    """The reaction to TicketOpened: promises, due moments and the place in the queue, for all tickets at once."""
    rows = {row.id: row for row in db.session.execute(_SCOPES, {"ids": [fact.ticket_id for fact in facts]})}
    policies = rulebook.all_in_force(RulebookKind.POLICY)
    made: list[dict[str, Any]] = []
    for fact in facts:
        scope = _scope(rows[fact.ticket_id])
        choice = sla.choose([(key, version.value) for key, version in policies.items()], scope)
        if choice:
            made += _set_clocks(fact, rows[fact.ticket_id], policies[choice.key], scope)
    if made:
        insert_many(_clocks, made)
        _place(_next_dues(made), {row["ticket_id"]: row["policy_id"] for row in made})


def _scope(row: Row[Any]) -> sla.Scope:
    return sla.Scope(row.priority, row.type, row.service, row.department)


def _set_clocks(fact: Recorded, row: Row[Any], policy: Version, scope: sla.Scope) -> list[dict[str, Any]]:
    made = []
    for name in clocks.CLOCKS:
        target = policy.value.target(name, scope)
        if target is None or not clocks.starts(name, fact):
            continue
        promise = Promise(name, target, policy, _calendar(target, row), target.seconds)
        journal.record(fact.ticket_id, events.ClockStarted(*_terms(promise, 1)), SYSTEM, fact.at)
        made += [
            clocks.row(fact.ticket_id, promise, reading, ())
            for reading in promise.readings([fact], fact.at, rulebook.version)
        ]
    return made


def _terms(promise: Promise, cycle: int) -> tuple[str, int, int, int, int, str]:
    ids = promise.policy.id, promise.calendar.id
    return (promise.clock.value, cycle, promise.seconds, *ids, promise.target.key)


def _calendar(target: sla.Target, row: Row[Any]) -> Version:
    return rulebook.calendar_for(target.calendar or row.calendar_key)


def _next_dues(rows: Iterable[Mapping[str, Any]]) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    for row in rows:
        runs = row["stopped_at"] is None and row["due_at"] is not None and row["state"] != sla.ClockState.PAUSED
        due = row["due_at"] if runs and not row.get("paused_now") else NEVER
        found[row["ticket_id"]] = min(found.get(row["ticket_id"], NEVER), due)
    return found


_PLACE = text(
    """
    update ticket set next_due_at = place.due, policy_id = coalesce(place.policy_id, ticket.policy_id)
    from unnest(cast(:ids as bigint[]), cast(:dues as timestamptz[]), cast(:policies as bigint[]))
         as place(id, due, policy_id)
    where ticket.id = place.id
    """
)


def _place(dues: Mapping[int, datetime], policies: Mapping[int, int]) -> None:
    ids = list(dues)
    values = {"ids": ids, "dues": list(dues.values()), "policies": [policies.get(id_) for id_ in ids]}
    db.session.execute(_PLACE, values)


def follow(facts: Sequence[Recorded]) -> None:
    """The reaction to facts that move clocks: reads them anew from the journal, which is the truth.

    What a machine said moves none, so that an acknowledgement costs no second reading.
    """
    moving = [fact for fact in facts if not getattr(fact.event, "automatic", None)]
    if moving:
        now = max(max(fact.at for fact in moving), clock.now())
        refresh({fact.ticket_id for fact in moving}, now)


def refresh(ticket_ids: Collection[int], now: datetime) -> dict[int, list[tuple[Promise, sla.Reading]]]:
    """Rebuilds the rows of these tickets' clocks; what was read, by ticket."""
    ids = sorted(ticket_ids)
    fired = _fired(ids)
    found = read_all(ids, now)
    rows = [
        clocks.row(id_, promise, reading, fired[id_, promise.clock, reading.cycle])
        | {"paused_now": reading.paused_since is not None}
        for id_, pairs in found.items()
        for promise, reading in pairs
    ]
    dues = dict.fromkeys((row["ticket_id"] for row in rows), NEVER) | _next_dues(rows)
    if rows:
        _keep([{name: value for name, value in row.items() if name != "paused_now"} for row in rows])
        _place(dues, {})
    return found


def read_all(ticket_ids: Sequence[int], now: datetime) -> dict[int, list[tuple[Promise, sla.Reading]]]:
    """Every cycle of every clock of these tickets, read from their journals."""
    return {id_: readings(facts, now) for id_, facts in journal.of_many(ticket_ids).items()}


def readings(facts: Sequence[Recorded], now: datetime) -> list[tuple[Promise, sla.Reading]]:
    """Every cycle of every clock of one journal."""
    return [
        (promise, reading)
        for promise in promises(facts).values()
        for reading in promise.readings(facts, now, rulebook.version)
    ]


def promises(facts: Iterable[Recorded]) -> dict[ClockName, Promise]:
    """What was promised when the clocks were set; a later target keeps the steps and versions it was changed to."""
    found: dict[ClockName, Promise] = {}
    for fact in facts:
        if isinstance(fact.event, events.ClockStarted | events.ClockRetargeted):
            _take_terms(found, fact.event)
    return found


def _take_terms(found: dict[ClockName, Promise], event: events.ClockStarted | events.ClockRetargeted) -> None:
    name = ClockName(event.clock)
    policy = rulebook.version(event.policy_id)
    target = next(target for target in policy.value.targets if target.key == event.target_key)
    first = found.get(name)
    calendar = first.calendar if first else rulebook.version(event.calendar_id)
    found[name] = Promise(name, target, policy, calendar, first.seconds if first else event.target_seconds)


def _fired(ticket_ids: Sequence[int]) -> defaultdict[tuple[int, str, int], set[str]]:
    found: defaultdict[tuple[int, str, int], set[str]] = defaultdict(set)
    query = select(_steps.c.ticket_id, _steps.c.clock, _steps.c.cycle, _steps.c.step)
    for row in db.session.execute(query.where(_steps.c.ticket_id.in_(ticket_ids))):
        found[row.ticket_id, row.clock, row.cycle].add(row.step)
    return found


def _keep(rows: Sequence[Mapping[str, Any]]) -> None:
    statement = upsert(_clocks).values({name: bindparam(name) for name in rows[0]})
    same = ("ticket_id", "name", "cycle")
    values = {name: statement.excluded[name] for name in rows[0] if name not in same}
    db.session.execute(statement.on_conflict_do_update(index_elements=same, set_=values), list(rows))


def retarget(facts: Sequence[Recorded]) -> None:
    """The reaction to another priority, type, service or department: another target, the elapsed time stays."""
    at = {fact.ticket_id: fact.at for fact in facts}
    journals = journal.of_many(sorted(at))
    for row in db.session.execute(_SCOPES, {"ids": list(at)}):
        _retarget(row, journals[row.id], at[row.id])


def _retarget(row: Row[Any], facts: Sequence[Recorded], at: datetime) -> None:
    for promise, reading in readings(facts, at):
        target = promise.policy.value.target(promise.clock, _scope(row))
        if target is None or not reading.is_open:
            continue
        wanted = Promise(promise.clock, target, promise.policy, _calendar(target, row), target.seconds)
        if wanted.target.amount != reading.target or wanted.calendar.value != reading.calendar:
            journal.record(row.id, events.ClockRetargeted(*_terms(wanted, reading.cycle)), SYSTEM, at)
