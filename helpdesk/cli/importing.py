"""helpdesk import: what comes from elsewhere."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from helpdesk import clock
from helpdesk.cli.check import Progress
from helpdesk.cli.ground import with_app
from helpdesk.db import db
from helpdesk.errors import HelpdeskError
from helpdesk.services import stories


@click.group()
def importing() -> None:
    """Bring in what comes from elsewhere."""


@importing.command("stories")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--strict", is_flag=True, help="Check every line first, and stop at the first that is refused.")
@with_app
def import_stories(file: Path, strict: bool) -> None:
    """Let ticket lives happen again, each line of the file one ticket (docs/import-stories.md).

    A line is taken whole or not at all; one that is here already is left alone, so that a run can be repeated.
    Prints each line's ticket; exit 1 when a line was refused.
    """
    lines = list(_lines(file))
    if strict:
        _check_all(lines)
    refused, progress = 0, Progress()
    for done, (place, line) in enumerate(lines):
        progress("lines", done, len(lines))
        try:
            played = stories.play(stories.read(line), clock.now())
        except HelpdeskError as why:
            refused += 1
            click.echo(f"line {place}: {why.detail}", err=True)
            if strict:
                break
        else:
            click.echo(f"{played.number}{'' if played.new else ' is here already'}")
        finally:
            db.session.remove()
    if refused:
        sys.exit(1)


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise click.ClickException(f"{file} is not written in UTF-8") from None
    for place, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield place, line


def _check_all(lines: list[tuple[int, str]]) -> None:
    """Ends with every line that cannot be read named, before anything is changed."""
    bad = 0
    for place, line in lines:
        try:
            stories.read(line)
        except HelpdeskError as why:
            bad += 1
            click.echo(f"line {place}: {why.detail}", err=True)
    if bad:
        sys.exit(1)
