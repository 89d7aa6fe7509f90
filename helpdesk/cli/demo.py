"""helpdesk demo: makes the demo body and writes down how to get in."""

from pathlib import Path

import click

from helpdesk import clock
from helpdesk.cli.check import Progress
from helpdesk.cli.ground import with_app
from helpdesk.services import demo as demos
from helpdesk.up.body import write_private


@click.command()
@click.option("--ready-file", type=click.Path(path_type=Path), help="Where accounts and addresses go, as JSON.")
@click.option("--days", type=click.IntRange(1, 60), default=demos.DAYS, show_default=True, help="How far back it goes.")
@with_app
def demo(ready_file: Path | None, days: int) -> None:
    """Make the demo body: a fictional municipality with the past of some weeks.

    Made once and whole; later runs give its people new passwords.
    """
    progress = Progress()
    facts = demos.make(clock.now(), lambda part: progress("days of its past", int(part * days), days), days=days)
    if ready_file is not None:
        write_private(ready_file, facts)
        return
    for account in facts["accounts"]:
        click.echo(f"{account['role']:<14} {account['email']}  {account['password']}")
    click.echo(f"API token: {facts['api_token']}")
