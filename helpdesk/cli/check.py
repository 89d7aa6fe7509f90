"""helpdesk check: looks at the whole database and says what is wrong."""

import sys
import time

import click

from helpdesk.cli.ground import with_app
from helpdesk.services import invariants


@click.command()
@with_app
def check() -> None:
    """Check the invariants of the whole database; exit 1 when something is wrong."""
    count = 0
    for fault in invariants.broken(progress=Progress()):
        count += 1
        click.echo(fault)
    click.echo(f"{count} found wrong" if count else "All is well.", err=True)
    if count:
        sys.exit(1)


class Progress:
    """Says on stderr how far it is, at most once a second, so that short runs stay silent."""

    def __init__(self) -> None:
        self._next = time.monotonic() + 1

    def __call__(self, what: str, done: int, total: int) -> None:
        """Takes note of where the work stands."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + 1
            click.echo(f"{what}: {done} of {total}", err=True)
