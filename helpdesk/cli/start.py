"""helpdesk up: the command line of the supervisor."""

from pathlib import Path

import click

from helpdesk.cli import data_folder
from helpdesk.embedded.place import tell
from helpdesk.up.options import Options
from helpdesk.up.supervisor import run


@click.command("up")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port of the pages; 0 takes any free one.")
@click.option("--smtp-port", default=2525, show_default=True, help="Port for incoming mail; 0 takes any.")
@click.option("--no-demo", is_flag=True, help="Start empty, with a first administrator to be made.")
@click.option("--demo-public", is_flag=True, help="Show the demo body on an address others can reach.")
@click.option("--demo-carrier", is_flag=True, help="Simulate a telephone carrier, so that calls can be tried.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Workers for jobs.")
@click.option(
    "--ready-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write addresses and demo accounts there as JSON (mode 0600) when everything is ready.",
)
def start(
    host: str,
    port: int,
    smtp_port: int,
    no_demo: bool,
    demo_public: bool,
    demo_carrier: bool,
    workers: int,
    ready_file: Path | None,
) -> None:
    """Start everything; the first start makes the database and a demo body. Ctrl-C ends it."""
    data = data_folder()
    asked = Options(data, host, port, smtp_port, not no_demo, demo_public, workers, ready_file, demo_carrier)
    run(asked, tell)
