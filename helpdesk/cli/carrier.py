"""The carrier of the demo, as a part of ``helpdesk up --demo-carrier``."""

import signal
import threading

import click

from helpdesk import democarrier
from helpdesk.cli.ground import with_app


@click.command()
@click.option("--port", type=int, required=True, help="Port on this machine.")
@with_app
def carrier(port: int) -> None:
    """Simulates a telephone carrier for the demo body."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    democarrier.serve(democarrier.build(port), stop)
