"""The ledger of a ticket as a plain record, for the API and for `helpdesk sla explain --json` alike."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from helpdesk.permissions import Actor
from helpdesk.services import risks, timers
from helpdesk.services.timers import Account, Ledger, Planned
from helpdesk.services.timers.accounts import Answered, Changed
from sla import tzdata_version
from sla.ledger import whole_seconds

_READING = ("cycle", "state", "started_at", "due_at", "stopped_at", "breached_at", "paused_since")


def ledger(actor: Actor, number: int, now: datetime | None = None) -> dict[str, Any]:
    """Every cycle of every clock, row by row; seconds are whole, and add up. Raises NotFound."""
    found = timers.ledger(actor, number, now)
    return {
        "number": str(number),
        "now": found.now,
        "tzdata": tzdata_version(),
        "clocks": [_account(account) | {"risk": _risk(found, account)} for account in found.accounts],
    }


def _account(account: Account) -> dict[str, Any]:
    reading = account.reading
    return {
        "name": account.clock,
        **{name: getattr(reading, name) for name in _READING},
        "target_seconds": _seconds(reading.target),
        "elapsed_seconds": _seconds(reading.elapsed),
        "paused_seconds": _seconds(reading.paused),
        "late_seconds": _seconds(reading.late),
        "retargeted_after_breach": reading.retargeted_after_breach,
        "missed": [
            {"target_seconds": _seconds(one.target), "due_at": one.due_at, "retargeted_at": one.retargeted_at}
            for one in reading.missed
        ],
        "policy": account.policy,
        "policy_why": account.why,
        "target": account.promise.target.key,
        "calendar": account.calendar,
        "changes": [_changed(change) for change in account.changes],
        "rows": list(_rows(account)),
        "steps": [_step(step) for step in account.steps],
        "answered": _answered(account.answered) if account.answered else None,
    }


def _risk(found: Ledger, account: Account) -> dict[str, Any] | None:
    risk = risks.of_account(found.ticket, account, found.now)
    return risk._asdict() | {"group": risk.group.value} if risk else None


def _rows(account: Account) -> Iterator[dict[str, Any]]:
    for row, counted in zip(account.rows, whole_seconds(account.rows), strict=True):
        yield {
            "from": row.since,
            "to": row.until,
            "activity": "closed-hours" if row.activity == "closed" else row.activity.value,
            "seconds": counted.seconds,
            "total_seconds": counted.total,
            "why": row.why,
            "event": int(row.ref) if row.ref.isdecimal() else None,
        }


def _changed(change: Changed) -> dict[str, Any]:
    return {
        "at": change.at,
        "target_seconds": _seconds(change.amount),
        "policy": change.policy.name,
        "calendar": change.calendar.name,
        "application": change.application_id,
        "event": change.event,
    }


def _step(step: Planned) -> dict[str, Any]:
    names = ("do", "to", "due_at", "fired_at", "late_seconds", "event")
    return {"step": step.key, "state": step.state.value} | {name: getattr(step, name) for name in names}


def _answered(answered: Answered) -> dict[str, Any]:
    elapsed = _seconds(answered.elapsed)
    return {"at": answered.at, "elapsed_seconds": elapsed, "automatic": answered.machine, "event": answered.event}


def _seconds(amount: Any) -> int:
    return int(amount.total_seconds())
