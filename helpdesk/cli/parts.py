"""The parts of the Procfile that are one loop each, and the list of settings."""

import signal
import threading
from collections.abc import Callable
from dataclasses import fields

import click
from werkzeug.utils import import_string

from helpdesk.cli import data_folder
from helpdesk.cli.ground import bring_up_to_date, servers, with_app
from helpdesk.config import Settings, load


@click.command()
def migrate() -> None:
    """Bring the database up to the newest version."""
    with servers(data_folder()):
        changed = bring_up_to_date(load().database_url)
    click.echo("The database was brought up to date." if changed else "The database is up to date.", err=True)


@click.command()
@with_app
def clock() -> None:
    """Run what is due by the clock: deadlines, call-backs, sweeps."""
    run: Callable[[threading.Event], None] = import_string("helpdesk.jobs.schedule:run")
    run(stop_on_signal())


@click.command("receive-mail")
@with_app
def receive_mail() -> None:
    """Take in mail by SMTP and LMTP."""
    serve: Callable[[], None] = import_string("helpdesk.receive:serve")
    serve()


@click.command("fetch-mail")
@with_app
def fetch_mail() -> None:
    """Bring in mail by IMAP from every account that names a server to read from."""
    serve: Callable[[threading.Event], None] = import_string("helpdesk.fetch:serve")
    serve(stop_on_signal())


def stop_on_signal() -> threading.Event:
    """An event that SIGTERM or Ctrl-C sets, so that a loop ends between two steps."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


@click.command()
def settings() -> None:
    """List all settings, what they are now and what they mean; secrets are masked."""
    now = load()
    for item in fields(Settings):
        value = getattr(now, item.name)
        shown = ",".join(value) if isinstance(value, tuple) else str(value)
        if item.metadata["secret"] and shown:
            shown = "********"
        click.echo(f"{item.metadata['name']}={shown}")
        click.echo(f"    {item.metadata['help']}", err=True)
