"""The table of moves as a page: drawn, as a table, and what the body decided about silence and reopening."""

from collections.abc import Sequence
from typing import Any

from flask import render_template

from helpdesk.services import courses, patience, published
from helpdesk.services.published import Published
from helpdesk.vocabulary import Status, rules
from helpdesk.web import language
from helpdesk.web.desk import moves_picture
from helpdesk.web.desk.room import room
from helpdesk.web.desk.words import Words, words
from helpdesk.web.guards import agent
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


GROUPS = {courses.WORK: _("Being worked on"), courses.WAITS: _("Waiting")}
BEGINS = _("first work on it")


@room.get("/moves")
@agent
def moves() -> str:
    """Which moves there are, for whom, and on what conditions."""
    known, table = words(language.current()), published.table()
    verbs = {**known["verb"], "begin": say(BEGINS)}
    return render_template(
        "desk/moves.html",
        words=known,
        boxes=[(box, _name(box.name, known)) for box in moves_picture.BOXES.values()],
        arrows=moves_picture.arrows(courses.edges(table), verbs),
        width=moves_picture.WIDTH,
        height=moves_picture.HEIGHT,
        groups=_groups(table, known),
        workers=_people(_workers(table), known),
        hidden=_people(_workers(table) - frozenset(table[0].restricted), known),
        patience=_patience(known),
    )


def _groups(table: Sequence[Published], known: Words) -> list[tuple[str, list[dict[str, Any]]]]:
    """The lines by where they start from, in the order of the table, each group under its name."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in table:
        place = ", ".join(_statuses(line.sources, known))
        found.setdefault(place, []).append(_line(line, _workers(table), known))
    return list(found.items())


def _name(place: str, known: Words) -> str:
    return say(GROUPS[place]) if place in GROUPS else known["status"][place]


def _workers(table: Sequence[Published]) -> frozenset[str]:
    """Who may do all of it, so that no line need name them."""
    return frozenset.intersection(*(frozenset(line.who) for line in table)) - {"system"}


def _people(positions: frozenset[str], known: Words) -> list[str]:
    return [words for name, words in known["position"].items() if name in positions]


def _line(line: Published, workers: frozenset[str], known: Words) -> dict[str, Any]:
    """One line in words; all live statuses together are called by one name."""
    return {
        "verb": known["verb"].get(line.verb, line.verb),
        "code": line.verb,
        "to": _statuses(line.targets, known),
        "needs": [known["field"].get(name, name) for name in line.needs],
        "also": _people(frozenset(line.who) - workers, known),
        "conditions": [say(told) for _, told in line.conditions],
    }


def _statuses(statuses: Sequence[Status], known: Words) -> list[str]:
    left, found = set(statuses), []
    for place, group in ((courses.WORK, courses.GROUPS[courses.WORK]), (courses.WAITS, courses.GROUPS[courses.WAITS])):
        if group <= left:
            found.append(_name(place, known))
            left -= group
    return found + [known["status"][status] for status in Status if status in left]


def _patience(known: Words) -> list[tuple[str, int, int]]:
    """Each type with the days after which silence closes and those within which a word reopens."""
    settings = patience.current()
    return [
        (
            name,
            settings.days(patience.CLOSE, kind) if rules(kind).closes_itself else 0,
            settings.days(patience.REOPEN, kind),
        )
        for kind, name in known["type"].items()
    ]
