"""helpdesk seed: synthetic history for benchmarks."""

import time

import click

from helpdesk import clock
from helpdesk.cli.check import Progress
from helpdesk.cli.ground import with_app
from helpdesk.services import seeding


@click.command()
@click.option("--tickets", type=click.IntRange(1, 5_000_000), required=True, help="How many.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same gives the same tickets.")
@click.option("--into-own-body", is_flag=True, help="Also where people work: their figures will be mixed with it.")
@with_app
def seed(tickets: int, seed: int, into_own_body: bool) -> None:
    """Make synthetic history: tickets, messages, journals and clocks like live work leaves, loaded in bulk.

    All or nothing: a run that is killed leaves no ticket.
    """
    begun = time.monotonic()
    sown = seeding.sow(tickets, seed, clock.now(), Progress(), into_own=into_own_body)
    seconds = time.monotonic() - begun
    click.echo(
        f"{sown.tickets} tickets and {sown.messages} messages of {sown.mean_length:.0f} characters on average "
        f"in {seconds:.1f} s: {sown.tickets / seconds:,.0f} tickets/s"
    )
