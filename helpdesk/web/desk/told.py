"""What people were told about a ticket: when, what, to whom, by which rule, what became of it, or why not."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template

from helpdesk import i18n
from helpdesk.services import conversation
from helpdesk.services.informing.log import log
from helpdesk.vocabulary import PublicChange, Telling
from helpdesk.vocabulary import Reader as Heard
from helpdesk.web import language
from helpdesk.web.desk.informing_words import CHANGES, READERS, TELLINGS, TEMPLATES
from helpdesk.web.desk.room import NUMBER, room
from helpdesk.web.desk.words import words
from helpdesk.web.guards import agent, current_actor
from helpdesk.web.templating import say

HEAD = ("at", "what", "reader", "address", "outcome", "settled_at", "rules", "detail")


@dataclass(frozen=True)
class Line:
    """One letter, or one that was not written, in words."""

    at: str
    what: str
    reader: str
    address: str
    outcome: str
    tone: str
    settled_at: str
    rules: str
    detail: str


@room.get(f"/tickets/{NUMBER}/told")
@agent
def told(number: int) -> str:
    """The log of the ticket."""
    actor = current_actor()
    ticket = conversation.heading(actor, number)
    return render_template("desk/told.html", ticket=ticket, lines=[_line(row) for row in log(actor, number)])


@room.get(f"/tickets/{NUMBER}/told.csv")
@agent
def told_csv(number: int) -> Response:
    """The same as a file."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(HEAD)
    for row in log(current_actor(), number):
        rows.writerow([_cell(getattr(_line(row), name)) for name in HEAD])
    name = f"told-{number}.csv"
    given = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv", headers=given)


def _cell(value: str) -> str:
    """No table program takes it for a formula."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _line(row: Any) -> Line:
    here = language.current()
    outcome, tone = _outcome(row, words(here)["delivery"])
    return Line(
        i18n.moment(row.at, here), _what(row), say(READERS[Heard(row.reader)]) if row.reader else "",
        row.address or "", outcome, tone, i18n.moment(row.settled_at, here) if row.settled_at else "",
        row.rules or "", row.detail or "",
    )  # fmt: skip


def _what(row: Any) -> str:
    """The change, else what the letter was."""
    if row.change:
        return say(CHANGES[PublicChange(row.change)])
    return say(TEMPLATES.get(row.template, TEMPLATES[""]))


def _outcome(row: Any, delivery: Mapping[str, str]) -> tuple[str, str]:
    """What became of it, and its colour."""
    if row.state:
        tones = {
            "sent": "met", "delivered": "met", "read": "met", "waiting": "soon", "sending": "soon", "held": "soon",
            "withdrawn": "withdrawn",
        }  # fmt: skip
        return delivery[row.state], tones.get(row.state, "late")
    telling = Telling(row.telling)
    return say(TELLINGS[telling]), "met" if telling is Telling.COVERED else "withdrawn"
