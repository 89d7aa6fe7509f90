"""helpdesk sla explain, helpdesk sla verify: why a deadline is what it is, and whether all are."""

import json
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import click

from helpdesk import clock, i18n
from helpdesk.cli.check import Progress
from helpdesk.cli.ground import with_app
from helpdesk.permissions import SYSTEM
from helpdesk.services import timers
from helpdesk.services.timers import Account
from sla import tzdata_version


@click.group()
def sla() -> None:
    """Explain and verify deadlines."""


@sla.command()
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@with_app
def explain(number: int, as_json: bool) -> None:
    """Show every minute of every clock of a ticket, and why."""
    now = clock.now()
    accounts = timers.explain(SYSTEM, number, now)
    if as_json:
        told = {"number": str(number), "now": now, "tzdata": tzdata_version(), "clocks": [*map(_record, accounts)]}
        click.echo(json.dumps(told, default=_plain, ensure_ascii=False, indent=1))
        return
    for account in accounts:
        for line in _lines(account):
            click.echo(line)
    if not accounts:
        click.echo("No clock was ever started on this ticket.")


def _record(account: Account) -> dict[str, Any]:
    reading = account.reading
    names = ("cycle", "state", "started_at", "due_at", "stopped_at", "breached_at", "paused_since")
    return {
        "name": account.clock,
        **{name: getattr(reading, name) for name in names},
        "target_seconds": reading.target,
        "elapsed_seconds": reading.elapsed,
        "paused_seconds": reading.paused,
        "late_seconds": reading.late,
        "retargeted_after_breach": reading.retargeted_after_breach,
        "missed": [missed._asdict() for missed in reading.missed],
        "policy": account.policy,
        "policy_why": account.why,
        "target": account.promise.target.key,
        "calendar": account.calendar,
        "rows": [
            {
                "from": row.since,
                "to": row.until,
                "activity": "closed-hours" if row.activity == "closed" else row.activity,
                "seconds": row.counted,
                "why": row.why,
                "event": row.ref,
            }
            for row in account.rows
        ],
        "steps": [{name: getattr(step, name) for name in ("step", "due_at", "fired_at")} for step in account.steps],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    raise TypeError(f"{type(value).__name__} has no plain form")


def _lines(account: Account) -> Iterator[str]:
    reading = account.reading
    due = f", due {_moment(reading.due_at)}" if reading.due_at else ""
    yield f"{account.clock} (cycle {reading.cycle}): {reading.state}{due}"
    yield f"  target {reading.target} of {account.promise.target.key}, late {reading.late}"
    yield f"  policy {account.policy} ({account.why or 'as given'}), calendar {account.calendar}"
    yield f"  elapsed {reading.elapsed}, paused {reading.paused}"
    for missed in reading.missed:
        yield f"  missed {_moment(missed.due_at)} under a target of {missed.target}, retargeted after"
    for row in account.rows:
        yield f"  {_moment(row.since)}  {_moment(row.until)}  {row.activity:<8} {row.counted!s:>18}  {row.why}"
    for step in account.steps:
        yield f"  fired {step.step}, due {_moment(step.due_at)}, at {_moment(step.fired_at)}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(i18n.ZONE):%Y-%m-%d %H:%M:%S %z}"


@sla.command()
@with_app
def verify() -> None:
    """Recompute every clock from its journal and report what differs; exit 1 when something does."""
    progress, count = Progress(), 0
    for found in timers.verify(progress=lambda done, total: progress("tickets", done, total)):
        count += 1
        click.echo(f"ticket {found.ticket_id}: {found.what} is {found.kept}, the journal says {found.true}")
    click.echo(f"{count} differences" if count else "Nothing differs.", err=True)
    if count:
        sys.exit(1)
