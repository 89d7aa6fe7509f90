"""Priorities for agents to read: what impact and urgency give, what belongs where, and why a ticket has its own."""

from collections.abc import Mapping
from typing import Any

from flask import render_template

import sla
from helpdesk import i18n
from helpdesk.permissions import Actor
from helpdesk.services import rulebook
from helpdesk.services.conversation import Conversation
from helpdesk.services.rulebook import Version
from helpdesk.vocabulary import RulebookKind, TicketType
from helpdesk.web import language
from helpdesk.web.desk.room import room
from helpdesk.web.desk.words import Words, words
from helpdesk.web.guards import agent
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


@room.get("/priorities")
@agent
def priorities() -> str:
    """Every matrix in force: the usual one first, then those of types."""
    known, spoken = rulebook.all_in_force(RulebookKind.MATRIX), words(language.current())
    order = [rulebook.DEFAULT, *(rulebook.matrix_key(kind) for kind in TicketType)]
    tables = [_table(known[key], spoken) for key in order if key in known]
    return render_template("desk/priorities.html", tables=tables, words=spoken)


def _table(version: Version, known: Words) -> Mapping[str, Any]:
    matrix: sla.Matrix = version.value
    rows = [
        (known["level"][impact], [_cell(matrix, impact, urgency, known) for urgency in sla.Level])
        for impact in sla.Level
    ]
    return {"name": _name(version, known), "version": version.number, "key": version.key, "rows": rows}


def _cell(matrix: sla.Matrix, impact: sla.Level, urgency: sla.Level, known: Words) -> tuple[str, str, str]:
    code = matrix.priority(impact, urgency).value
    return code, known["priority"][code], _guidance(matrix, impact, urgency)


def _guidance(matrix: sla.Matrix, impact: sla.Level, urgency: sla.Level) -> str:
    told = dict(matrix.told(impact, urgency))
    return told.pop("", "") or (i18n.pick(told, language.current()) if told else "")


def _name(version: Version, known: Words) -> str:
    kinds = {rulebook.matrix_key(kind): known["type"][kind] for kind in TicketType}
    return kinds.get(version.key) or say(_("The usual one"))


_CHOSEN = {
    "overridden": _("A person set it by hand; their note says why."),
    "floor": _("A rule asks for at least this: see why it came here."),
}


def why(actor: Actor, found: Conversation, known: Words) -> Mapping[str, Any] | None:
    """The panel that says why a ticket has its priority, naming the version of the matrix."""
    row = found.ticket
    version = rulebook.version(row.matrix_id) if row.matrix_id else None
    sentences = [say(_CHOSEN[row.priority_reason])] if row.priority_reason in _CHOSEN else []
    if version is not None and not sentences:
        sentences = [_derived(row, version, known)]
    if row.priority_reason == "care":
        sentences.append(say(_("Its urgency was raised for the sake of who asks.")))
    if not sentences:
        sentences = [say(_("Nobody noted why."))]
    belongs = _guidance(version.value, sla.Level(row.impact), sla.Level(row.urgency)) if version else ""
    return {"sentences": sentences, "belongs": belongs, "level": (row.impact, row.urgency)}


def _derived(row: Any, version: Version, known: Words) -> str:
    told = _("Impact “%(impact)s” and urgency “%(urgency)s” give “%(priority)s”. Matrix: %(name)s, version %(number)s.")
    return say(
        told,
        impact=known["level"][row.impact],
        urgency=known["level"][row.urgency],
        priority=known["priority"][row.priority],
        name=_name(version, known),
        number=version.number,
    )
