"""helpdesk sla risk: how well breach risk would have foretold the later part of the body's own past."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

import click

from helpdesk import clock
from helpdesk.cli.ground import with_app
from helpdesk.permissions import SYSTEM
from helpdesk.services import risks
from helpdesk.services.risks import Known
from sla.backtest import BackTest, Score


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@with_app
def risk(as_json: bool) -> None:
    """Learn breach risk from the earlier past, judge it on the later, and show how far off it was."""
    past, trial = risks.trial(SYSTEM, clock.now())
    if as_json:
        told = {"at": past.at, "parted_at": past.parted_at} | asdict(trial)
        click.echo(json.dumps(told, default=datetime.isoformat, indent=1))
        return
    for line in _lines(past, trial):
        click.echo(line)


def _lines(past: Known, trial: BackTest) -> Iterator[str]:
    if not trial.judged or past.parted_at is None:
        yield "There is no past to try it on."
        return
    yield f"Learned from {trial.learned} clocks decided before {past.parted_at:%Y-%m-%d %H:%M} UTC,"
    yield f"judged on {trial.judged} decided after; {trial.unforetold} forecasts had too few comparable ones."
    yield ""
    yield f"{'':<22}{'forecasts':>10}{'missed':>9}{'Brier':>9}{'base':>9}{'by age':>9}{'saved':>8}"
    for age, score in trial.ages.items():
        yield _score(f"{age}% of target used", score)
    for name, score in trial.clocks.items():
        yield _score(name, score)
    yield _score("together", trial.whole)
    yield ""
    yield f"{'foretold between':<22}{'forecasts':>10}{'foretold':>9}{'came':>9}{'19 in 20':>12}"
    for one in trial.bins:
        low, high = one.interval
        span, reach = f"{one.low:.0%} and {one.high:.0%}", f"{low:.0%}-{high:.0%}"
        yield f"{span:<22}{one.n:>10}{one.foretold:>9.1%}{one.came:>9.1%}{reach:>12}"


def _score(name: str, score: Score) -> str:
    saved = "-" if score.skill is None else f"{score.skill:.0%}"
    figures = f"{score.brier:>9.4f}{score.base:>9.4f}{score.by_age:>9.4f}"
    return f"{name:<22}{score.n:>10}{score.share:>9.1%}{figures}{saved:>8}"
