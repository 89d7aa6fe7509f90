"""helpdesk moves: the table of moves in Markdown, from the code that enforces it; docs/moves.md is its output."""

from collections.abc import Iterator, Sequence

import click

from helpdesk.services import conditions, courses, published
from helpdesk.services.published import Published
from helpdesk.services.stages import STEPS
from helpdesk.vocabulary import Status

HEAD = """# Moves

What can be done to a ticket, from which status, to which, by whom, with which fields, on what conditions. This file is
made by `helpdesk moves > docs/moves.md`; the same table is `GET /api/v1/transitions` and, drawn, `/desk/moves`.

A refused move is 409 (the state or a condition does not allow it), 422 (a field is missing, named) or 403 (not for
this person). It changes nothing; the journal keeps `move_refused` with verb, code and names of fields, the same once a
minute.
"""


@click.command()
def moves() -> None:
    """Print the table of moves in Markdown."""
    conditions.register()
    for line in written(published.table()):
        click.echo(line)


def written(table: Sequence[Published]) -> Iterator[str]:
    """The whole page, line by line."""
    yield HEAD
    yield from _picture(table)
    yield from _moves(table)
    yield from _conditions(table)
    yield from _stages()


def _picture(table: Sequence[Published]) -> Iterator[str]:
    """For whatever draws Mermaid."""
    yield "```mermaid\nstateDiagram-v2"
    yield "  state work {"
    yield "    new --> open : any work"
    yield "    state waiting {"
    yield from (f"      {status.value}" for status in Status if status in courses.GROUPS[courses.WAITS])
    yield "    }"
    yield "  }"
    yield from (f"  {edge.source} --> {edge.target} : {', '.join(edge.verbs)}" for edge in courses.edges(table))
    yield "```"


def _moves(table: Sequence[Published]) -> Iterator[str]:
    yield "\n## The table\n\n| verb | from | to | needs | who |\n|---|---|---|---|---|"
    for line in table:
        who = ", ".join(f"{name}*" if name not in line.restricted else name for name in line.who)
        needs = ", ".join(line.needs) or "–"
        yield f"| `{line.verb}` | {_named(line.sources)} | {_named(line.targets) or 'stays'} | {needs} | {who} |"
    yield "\n`*`: not where the ticket is restricted. `holder`: an agent of elsewhere who works on it or owns it."
    yield "`work`: every status but the finished ones; `waiting`: the four that wait."


def _named(statuses: Sequence[Status]) -> str:
    left, found = set(statuses), []
    for name, group in courses.GROUPS.items():
        if group <= left:
            found.append(name)
            left -= group
    return ", ".join(found + [status.value for status in Status if status in left])


def _conditions(table: Sequence[Published]) -> Iterator[str]:
    yield "\n## Conditions\n\n| verb | refused with code | which says |\n|---|---|---|"
    for line in table:
        yield from (f"| `{line.verb}` | `{code}` | {told} |" for code, told in line.conditions)


def _stages() -> Iterator[str]:
    yield "\n## Stages\n\nFiner than the status, computed from the ticket's row: the first that fits, else the status."
    yield "\n| stage | statuses | and |\n|---|---|---|"
    for step in STEPS:
        statuses = ", ".join(status.value for status in Status if status in step.statuses)
        known = ", ".join(f"{name} {'set' if wanted else 'empty'}" for name, wanted in step.known.items()) or "–"
        yield f"| `{step.stage}` | {statuses} | {known} |"
