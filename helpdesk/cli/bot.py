"""helpdesk bot ask, index: what the bot would answer and why; read all articles anew."""

import json
from dataclasses import asdict

import click

from helpdesk import clock, i18n
from helpdesk.cli.ground import with_app
from helpdesk.services import retrieval
from helpdesk.services.bot.explaining import Explained, explain


@click.group()
def bot() -> None:
    """Question the bot that answers from help articles."""


@bot.command()
@click.argument("question")
@click.option("--language", type=click.Choice(list(i18n.LANGUAGES)), default=i18n.DEFAULT, help="Of the page.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@with_app
def ask(question: str, language: str, as_json: bool) -> None:
    """Say what the bot would do with a question, and what it weighed. Nothing is kept of it."""
    found = explain(question, language, clock.now())
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False))
        return
    _tell(found)


def _tell(found: Explained) -> None:
    if found.article:
        click.echo(f"answers from {found.article} in {found.language}:\n")
        click.echo(found.passage + "\n")
    else:
        click.echo(f"does not answer ({found.wish})\n")
    click.echo(f"department  {found.department or 'nobody knows'}")
    click.echo(
        f"to answer   coverage {found.coverage_needed:.0%}, aim {found.aim_needed:.0%}, focus {found.focus_needed:.0%}"
    )
    for one in found.weighed:
        click.echo(
            f"  coverage {one.coverage:4.0%}  aim {one.aim:4.0%}  focus {one.focus:4.0%}  {one.article}  {one.title}"
        )


@bot.command()
@with_app
def index() -> None:
    """Read all articles anew for the words they are found by."""
    click.echo(f"{retrieval.complete(every=True)} articles were read.")
