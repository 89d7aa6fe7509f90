"""Clocks read from journals, which are the truth, and kept in the table of clocks, which is a cache."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select, text

import sla
from helpdesk import events
from helpdesk.clock import NEVER
from helpdesk.db import db, insert_and, table
from helpdesk.models.clocks import ClockStep, TicketClock
from helpdesk.services import clocks, journal, rulebook
from helpdesk.services.clocks import Promise
from helpdesk.services.journal import Recorded
from helpdesk.services.rulebook import Version
from helpdesk.vocabulary import ClockName

_CLOCKS, _STEPS = table(TicketClock), table(ClockStep)

Read = list[tuple[Promise, sla.Reading]]
"""Every cycle of every clock of a ticket, each with what was promised."""

Fired = defaultdict[tuple[int, str, int], set[str]]
"""Keys of the steps that fired, by ticket, clock and cycle."""


def follow(facts: Sequence[Recorded]) -> None:
    """The reaction to facts that move clocks: reads them anew as of the latest of these facts.

    What a machine said moves none, so that an acknowledgement costs no second reading.
    """
    moments: dict[int, datetime] = {}
    for fact in facts:
        if not getattr(fact.event, "automatic", None):
            moments[fact.ticket_id] = max(fact.at, moments.get(fact.ticket_id, fact.at))
    if moments:
        refresh(moments)


def refresh(moments: Mapping[int, datetime]) -> None:
    """Rebuilds the rows of these tickets' clocks, each as of its moment, and their places in the queue."""
    rows: list[dict[str, Any]] = []
    dues = dict.fromkeys(moments, NEVER)
    for ticket_id, facts in journals(list(moments)).items():
        fired = _fired(facts)
        for promise, reading in readings(facts, moments[ticket_id]):
            rows.append(clocks.row(ticket_id, promise, reading, fired[ticket_id, promise.clock, reading.cycle]))
            dues[ticket_id] = min(dues[ticket_id], running_due(reading))
        if any(isinstance(fact.event, _UNDOING) for fact in facts):
            _forget(ticket_id, [row["name"] + str(row["cycle"]) for row in rows if row["ticket_id"] == ticket_id])
    keep(rows, dues)


_UNDOING = (events.ReplyWithdrawn, events.TicketUnmerged)


def _forget(ticket_id: int, known: Sequence[str]) -> None:
    """Takes away cycles that, as it turned out, never began."""
    gone = "delete from ticket_clock where ticket_id = :id and not name || cycle = any(:known)"
    db.session.execute(text(gone), {"id": ticket_id, "known": list(known)})


def running_due(reading: sla.Reading) -> datetime:
    """When a running clock is due; NEVER for one that is paused or has ended."""
    return reading.due_at if reading.is_running and reading.due_at else NEVER


def read_all(moments: Mapping[int, datetime]) -> dict[int, Read]:
    """Every clock of these tickets as of the ticket's moment."""
    return {id_: readings(facts, moments[id_]) for id_, facts in journals(list(moments)).items()}


def journals(ticket_ids: Sequence[int]) -> Mapping[int, Sequence[Recorded]]:
    """The journals of these tickets, with what was stated in this transaction and is not written yet."""
    found: dict[int, list[Recorded]] = journal.of_many(ticket_ids)
    for fact in journal.stated():
        if fact.ticket_id in found:
            found[fact.ticket_id].append(fact)
    return found


def readings(facts: Collection[Recorded], now: datetime) -> Read:
    """Every cycle of every clock of one journal."""
    return clocks.readings(facts, now, terms)


def terms(event: events.ClockStarted | events.ClockRetargeted) -> Promise:
    """What a fact promises. Versions never change, so that what they say is kept."""
    name, policy = ClockName(event.clock), rulebook.version(event.policy_id)
    target = _targets(policy).get(event.target_key) or _without_target(name, event)
    return Promise(name, target, policy, rulebook.version(event.calendar_id), event.target_seconds)


def promises(facts: Iterable[Recorded]) -> dict[ClockName, Promise]:
    """What is promised last of each clock that was set."""
    return {
        ClockName(fact.event.clock): terms(fact.event)
        for fact in facts
        if isinstance(fact.event, events.ClockStarted | events.ClockRetargeted)
    }


def _targets(policy: Version) -> Mapping[str, sla.Target]:
    kept: dict[int, dict[str, sla.Target]] = current_app.extensions.setdefault("targets", {})
    if policy.id not in kept:
        kept[policy.id] = {target.key: target for target in reversed(policy.value.targets)}
    return kept[policy.id]


def _without_target(name: ClockName, event: events.ClockStarted | events.ClockRetargeted) -> sla.Target:
    """A call is promised by whoever promises it, a model's step by the model; no policy need have a target for it."""
    if name not in (ClockName.CALLBACK, ClockName.OLA):
        raise KeyError(event.target_key)
    return sla.Target(name, event.target_seconds, steps=PROMISED if name is ClockName.CALLBACK else CALL_STEPS)


CALL_STEPS = (sla.Step(0, sla.StepAction.BREACH),)
"""What a step of a model has where no policy says anything of it."""

PROMISED = (sla.Step(-15 * 60, sla.StepAction.NOTIFY_TEAM, urgent=True), *CALL_STEPS)
"""What a promised call has where no policy says anything of it: its people hear of it a quarter of an hour before."""


def _fired(facts: Iterable[Recorded]) -> Fired:
    """The steps that fired, as the journal tells them."""
    found: Fired = defaultdict(set)
    for fact in facts:
        if isinstance(fact.event, events.ClockStepFired):
            found[fact.ticket_id, fact.event.clock, fact.event.cycle].add(fact.event.step)
    return found


def fired_of(ticket_ids: Sequence[int]) -> Fired:
    """The steps of these tickets that fired."""
    found: Fired = defaultdict(set)
    query = select(_STEPS.c.ticket_id, _STEPS.c.clock, _STEPS.c.cycle, _STEPS.c.step)
    for row in db.session.execute(query.where(_STEPS.c.ticket_id.in_(ticket_ids))).all():
        found[row.ticket_id, row.clock, row.cycle].add(row.step)
    return found


_SAME = ("ticket_id", "name", "cycle")

_PLACE = """
    update ticket set next_due_at = place.due, policy_id = coalesce(place.policy_id, ticket.policy_id)
    from unnest(cast(:ids as bigint[]), cast(:dues as timestamptz[]), cast(:policies as bigint[]))
         as place(id, due, policy_id)
    where ticket.id = place.id
      and (ticket.next_due_at, ticket.policy_id)
          is distinct from (place.due, coalesce(place.policy_id, ticket.policy_id))
    """


def keep(
    rows: Sequence[Mapping[str, Any]], dues: Mapping[int, datetime], policies: Mapping[int, int] | None = None
) -> None:
    """Writes clocks and gives their tickets places in the queue (and, when they open, policies) by one statement."""
    ids, known = list(dues), policies or {}
    values: dict[str, Any] = {"ids": ids, "dues": list(dues.values()), "policies": [known.get(id_) for id_ in ids]}
    if rows:
        changed = ", ".join(f"{name} = excluded.{name}" for name in rows[0] if name not in _SAME)
        ending = f"on conflict ({', '.join(_SAME)}) do update set {changed} returning id"
        insert_and(_CLOCKS, rows, ending, _PLACE, **values)
    else:
        db.session.execute(text(_PLACE), values)
