"""helpdesk receive, helpdesk replay: raw messages handed in by a pipe, and processed again."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from helpdesk.cli import data_folder
from helpdesk.cli.ground import application, with_app
from helpdesk.config import BadSetting
from helpdesk.embedded import CannotServe
from helpdesk.errors import HelpdeskError
from helpdesk.services import accounts, inbox

EX_TEMPFAIL = 75
"""What an MTA's pipe understands as: keep it and try again (sysexits.h)."""


@click.group()
def receive() -> None:
    """Hand one raw message to intake."""


@receive.command()
@click.option("--account", default="", help="Which of our addresses it came to (default: the body's own).")
def email(account: str) -> None:
    """Take one mail from standard input; exit 0 once it is durable, 75 when it must be tried again."""
    raw = sys.stdin.buffer.read()
    if not raw.strip():
        raise click.UsageError("there is no message on standard input")
    with _try_again_unless_kept(), application(data_folder()):
        _keep(raw, account)


@contextmanager
def _try_again_unless_kept() -> Iterator[None]:
    """Whatever goes wrong, the MTA must keep the mail: any status but 0 and 75 would bounce it."""
    kept = False
    try:
        yield
        kept = True
    finally:
        if not kept:
            kind, problem, _ = sys.exc_info()
            said = problem if isinstance(problem, CannotServe | HelpdeskError | BadSetting) else kind and kind.__name__
            click.echo(f"helpdesk: not kept, try again: {said}", err=True)
            sys.exit(EX_TEMPFAIL)


def _keep(raw: bytes, address: str) -> None:
    account = accounts.named("email", address)
    [inbound_id] = inbox.keep([inbox.piped(raw, account)])
    click.echo("kept before" if inbound_id is None else f"kept as {inbound_id}", err=True)


@click.command()
@click.argument("ids", nargs=-1, required=True, type=int)
@with_app
def replay(ids: tuple[int, ...]) -> None:
    """Process kept raw messages again, by their numbers."""
    again = inbox.replay(ids)
    for inbound_id in again:
        click.echo(inbound_id)
    left = sorted(set(ids) - set(again))
    if left:
        click.echo(f"left alone (unknown, or a ticket already): {', '.join(map(str, left))}", err=True)
        sys.exit(1)
