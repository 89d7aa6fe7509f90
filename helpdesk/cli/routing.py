"""helpdesk routing train, evaluate, explain, models, put-back: the classifier from the command line."""

import json
from dataclasses import asdict

import click

from helpdesk import clock
from helpdesk.cli.ground import with_app
from helpdesk.permissions import SYSTEM
from helpdesk.services import learning


@click.group()
def routing() -> None:
    """Train, measure and question the classifier that proposes departments."""


@routing.command()
@with_app
def train() -> None:
    """Learn from resolved tickets, descriptions and help articles; put the new version in force."""
    number = learning.train(SYSTEM)
    learning.review(clock.now())
    click.echo(f"Version {number} of the classifier is in force.")


@routing.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@with_app
def evaluate(as_json: bool) -> None:
    """Learn from the older resolved tickets, ask for the newest fifth, and show what people made of proposals."""
    held, lived = learning.evaluate(), learning.measured(clock.now())
    if as_json:
        click.echo(json.dumps({"held_out": asdict(held), "proposals": asdict(lived)}))
        return
    click.echo(f"Held out: learned from {held.learned} texts, asked {held.told} newer ones")
    click.echo(f"  right                     {held.accuracy:.1%}")
    click.echo(f"  confidence and truth apart {held.calibration_error:.3f}")
    click.echo(f"  could be sent by itself at 95 % right: {held.coverage:.1%}")
    click.echo(f"  seemed to be none of ours {held.none_of_ours:.1%}")
    click.echo(f"Proposals of the last 30 days that people settled: {lived.settled}")
    if lived.right is not None:
        click.echo(f"  right {lived.right:.1%}; sent by itself {lived.routed}, right {_share(lived.routed_right)}")
    if lived.drift:
        click.echo(f"  worse than in the 30 days before ({_share(lived.before)})", err=True)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


@routing.command()
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@with_app
def explain(text: str, as_json: bool) -> None:
    """Say where a text would go, how surely, and which of its words counted."""
    model = learning.in_force()
    if model is None:
        raise click.ClickException("The classifier was never trained: helpdesk routing train")
    found = model.classifier.predict(text)
    if as_json:
        click.echo(json.dumps(asdict(found) | {"model": model.number}, ensure_ascii=False))
        return
    click.echo(f"{found.label}  {found.confidence:.1%}{'' if found.known else '  (new to it, or none of ours)'}")
    for label, confidence in found.alternatives:
        click.echo(f"  or {label}  {confidence:.1%}")
    for reason in found.reasons:
        click.echo(f"  because of: {reason.word}  ({reason.weight:+.2f})")
    needed = model.thresholds.get(found.label)
    click.echo("  suggested only: too few settled proposals of this department" if needed is None
               else f"  sent without a human from {needed:.1%}")  # fmt: skip


@routing.command()
@with_app
def models() -> None:
    """List the versions that are kept."""
    for row in learning.versions():
        held = "in force" if row.state == "in_force" else ""
        click.echo(f"{row.number:>4}  {row.trained_at:%Y-%m-%d %H:%M}  {row.examples:>6} texts  {row.why:<12} {held}")


@routing.command("put-back")
@click.argument("number", type=int)
@with_app
def put_back(number: int) -> None:
    """Let an earlier version be asked again."""
    learning.put_back(SYSTEM, number)
    click.echo(f"Version {number} of the classifier is in force.")
