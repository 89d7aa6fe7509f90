"""helpdesk sla what-if: what other rules would have made of past tickets; nothing is written."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from helpdesk import clock, i18n
from helpdesk.cli.check import Progress
from helpdesk.cli.ground import with_app
from helpdesk.errors import Invalid, NotFound
from helpdesk.services import catalogue, replay, rulebook
from helpdesk.services.replay import AFTER, BEFORE, CHANGES, Choice, Flip, Found, Tally
from helpdesk.services.rulebook import Version
from helpdesk.vocabulary import RulebookKind

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])
_KINDS = {"policy": RulebookKind.POLICY, "calendar": RulebookKind.CALENDAR, "matrix": RulebookKind.MATRIX,
          "waiting": RulebookKind.WAITING}  # fmt: skip


@click.command("what-if")
@click.option("--draft", "drafts", type=int, multiple=True, metavar="ID", help="A version of the rulebook, by its id.")
@click.option("--policy", type=_FILE, help="A policy as JSON.")
@click.option("--calendar", type=_FILE, help="A calendar as JSON.")
@click.option("--matrix", type=_FILE, help="A priority matrix as JSON.")
@click.option("--waiting", type=_FILE, help="Rules of waiting as JSON.")
@click.option("--key", default=rulebook.DEFAULT, show_default=True, help="What the files are versions of.")
@click.option("--from", "first", type=_DAY, help="Tickets received on this day or later.")
@click.option("--to", "last", type=_DAY, help="Tickets received on this day or earlier.")
@click.option("--department", default="", help="Tickets of this department, by its key.")
@click.option("--tickets", "most", default=50, show_default=True, help="How many tickets that change are listed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with every ticket that changes.")
@with_app
def what_if(
    drafts: tuple[int, ...],
    key: str,
    first: datetime | None,
    last: datetime | None,
    department: str,
    most: int,
    as_json: bool,
    **files: Path | None,
) -> None:
    """Recompute past tickets as if other rules had held from their opening, and compare."""
    try:
        tried = [*map(_draft, drafts), *_supposed(files, key)]
        chosen = Choice(first.date() if first else None, last.date() if last else None, _department(department))
        found = _gathered(tried, chosen)
    except Invalid as wrong:
        told = "; ".join(f"{field}: {reason}" for field, reason in wrong.fields.items())
        raise click.UsageError(f"{wrong.detail} {told}".strip()) from None
    if as_json:
        click.echo(json.dumps(_record(tried, chosen, found), default=datetime.isoformat, ensure_ascii=False, indent=1))
        return
    for line in _lines(tried, found, most):
        click.echo(line)


def _draft(id_: int) -> Version:
    try:
        rulebook.record(id_)
    except NotFound:
        raise click.UsageError(f"The rulebook has no version {id_}.") from None
    return rulebook.version(id_)


def _supposed(files: Mapping[str, Path | None], key: str) -> Iterator[Version]:
    for name, path in files.items():
        if path is None:
            continue
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as wrong:
            raise click.UsageError(f"{path} is no JSON: {wrong}") from None
        whole = _KINDS[name] in (RulebookKind.MATRIX, RulebookKind.WAITING)
        yield rulebook.suppose(_KINDS[name], rulebook.DEFAULT if whole else key, data)


def _department(key: str) -> int | None:
    if not key:
        return None
    found = next((row.id for row in catalogue.departments(all_=True) if row.key == key), None)
    if found is None:
        raise click.UsageError(f"There is no department {key}.")
    return int(found)


def _gathered(tried: list[Version], chosen: Choice) -> Found:
    progress, whole = Progress(), Found()
    for found in replay.what_if(tried, chosen, clock.now(), lambda done, total: progress("tickets", done, total)):
        whole.tally.add(found.tally)
        whole.flips += found.flips
    return whole


def _record(tried: list[Version], chosen: Choice, found: Found) -> dict[str, Any]:
    tally, places = found.tally, _places()
    return {
        "tried": [{"kind": one.kind.value, "key": one.key, "version": one.number or None} for one in tried],
        "from": chosen.first.isoformat() if chosen.first else None,
        "to": chosen.last.isoformat() if chosen.last else None,
        "tickets": tally.tickets,
        "tickets_changed": tally.flipped,
        "not_computed": tally.failed,
        "clocks": {name: {side: _attainment(tally, name, side) for side in (BEFORE, AFTER)} for name in tally.clocks()},
        "flips": [
            {"change": change, "clock": name, "department": places.get(place), "priority": priority, "count": count}
            for (change, name, place, priority), count in _ordered(tally)
        ],
        "changed": [vars(flip) | {"department": places.get(flip.department_id)} for flip in found.flips],
    }


def _attainment(tally: Tally, name: str, side: str) -> dict[str, Any]:
    found = tally.attainment(name, side)
    return {"met": found.met, "breached": found.breached, "n": found.n, "share": found.share}


def _places() -> dict[int | None, str]:
    return {row.id: row.key for row in catalogue.departments(all_=True)}


def _ordered(tally: Tally) -> list[tuple[tuple[str, str, int | None, str], int]]:
    return sorted(tally.flips.items(), key=lambda pair: (CHANGES.index(pair[0][0]), -pair[1], str(pair[0])))


def _lines(tried: list[Version], found: Found, most: int) -> Iterator[str]:
    tally, places = found.tally, _places()
    names = ", ".join(f"{one.kind} {one.name if one.number else one.key}" for one in tried)
    yield f"{tally.tickets} tickets under {names}: {tally.flipped} would have gone otherwise"
    if tally.failed:
        yield f"{tally.failed} could not be computed"
    yield ""
    for name in tally.clocks():
        sides = " -> ".join(_share(tally.attainment(name, side)) for side in (BEFORE, AFTER))
        yield f"{name:<15} {sides}"
    if tally.flips:
        yield ""
    for (change, name, place, priority), count in _ordered(tally):
        yield f"{count:>7} {change:<9} {name:<15} {places.get(place, 'triage')}, {priority}"
    if found.flips:
        yield ""
    for flip in found.flips[:most]:
        yield _line(flip, places)
    if len(found.flips) > most:
        yield f"and {len(found.flips) - most} more (--tickets, --json)"


def _share(found: Any) -> str:
    return f"{found.share:.1%} of {found.n}" if found.n else "nothing judged"


def _line(flip: Flip, places: Mapping[int | None, str]) -> str:
    states = f"{flip.state_before or 'none'} -> {flip.state_after or 'none'}"
    dues = " -> ".join(_moment(due) for due in (flip.due_before, flip.due_after))
    where = f"{places.get(flip.department_id, 'triage')}, {flip.priority}"
    return f"{flip.ticket_id} {flip.clock} {flip.cycle}: {flip.change} ({states}), due {dues}; {where}"


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(i18n.ZONE):%Y-%m-%d %H:%M}" if at else "never"
