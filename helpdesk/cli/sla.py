"""helpdesk sla explain, verify, what-if, risk: why deadlines are what they are, and what they would or may be."""

import json
import sys
from collections.abc import Iterator
from datetime import datetime

import click

from helpdesk import i18n
from helpdesk.cli.check import Progress
from helpdesk.cli.ground import with_app
from helpdesk.cli.risk import risk
from helpdesk.cli.what_if import what_if
from helpdesk.permissions import SYSTEM
from helpdesk.services import records, risks, timers
from helpdesk.services.timers import Account
from sla.risk import Risk


@click.group()
def sla() -> None:
    """Explain and verify deadlines, and try other rules on past tickets."""


@sla.command()
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@with_app
def explain(number: int, as_json: bool) -> None:
    """Show every minute of every clock of a ticket, and why."""
    if as_json:
        told = records.ledger(SYSTEM, number)
        click.echo(json.dumps(told, default=datetime.isoformat, ensure_ascii=False, indent=1))
        return
    found = timers.ledger(SYSTEM, number)
    for account in found.accounts:
        for line in _lines(account, risks.of_account(found.ticket, account, found.now)):
            click.echo(line)
    if not found.accounts:
        click.echo("No clock was ever started on this ticket.")


def _lines(account: Account, risk: Risk | None) -> Iterator[str]:
    reading = account.reading
    due = f", due {_moment(reading.due_at)}" if reading.due_at else ""
    yield f"{account.clock} (cycle {reading.cycle}): {reading.state}{due}"
    yield f"  target {reading.target} of {account.promise.target.key}, late {reading.late}"
    yield f"  policy {account.policy} ({account.why or 'as given'}), calendar {account.calendar}"
    yield f"  elapsed {reading.elapsed}, paused {reading.paused}"
    if account.answered and account.answered.machine:
        yield f"  with what machines answered {account.answered.elapsed}"
    if risk:
        yield f"  risk of missing it {risk.share:.0%}: {risk.missed} of {risk.n} past ones as old ({risk.group})"
    for missed in reading.missed:
        yield f"  missed {_moment(missed.due_at)} under a target of {missed.target}, retargeted after"
    for row in account.rows:
        yield f"  {_moment(row.since)}  {_moment(row.until)}  {row.activity:<8} {row.counted!s:>18}  {row.why}"
    for step in account.steps:
        due_at = _moment(step.due_at) if step.due_at else "never, as things stand"
        fired = f", fired {_moment(step.fired_at)}" if step.fired_at else ""
        yield f"  step {step.key} ({step.state}), due {due_at}{fired}"


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


sla.add_command(what_if)
sla.add_command(risk)
