"""helpdesk channels parse: what a channel understands of raw inputs; needs no database and no setting."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from channels import registry
from channels.port import Raw, Unreadable
from channels.registry import NoSuchChannel


@click.group()
def channels() -> None:
    """Show what a channel understands of raw inputs."""


@channels.command()
@click.argument("kind")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--trust", default="", metavar="HOST", help="Whose Authentication-Results count.")
def parse(kind: str, files: tuple[Path, ...], trust: str) -> None:
    """Print one JSON object a line for each file; an unreadable one gives its error, and the rest go on."""
    try:
        registry.get(kind)
    except NoSuchChannel as unknown:
        raise click.UsageError(str(unknown)) from None
    for file in files:
        click.echo(json.dumps({"file": str(file), **_understood(kind, file, trust)}, ensure_ascii=False, default=str))
    sys.stdout.flush()


def _understood(kind: str, file: Path, trust: str) -> dict[str, Any]:
    try:
        raw = Raw(file.read_bytes(), envelope={"trust": trust} if trust else {})
        return {"error": None, **registry.get(kind).parse(raw).to_json()}
    except (Unreadable, OSError) as why:
        return {"error": str(why)}
