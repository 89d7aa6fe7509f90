"""The queue: views with counts, filters, search, keyset paging; the same as a fragment that refreshes in place."""

from datetime import datetime
from typing import Any

from flask import render_template, request

from helpdesk import clock
from helpdesk.services import live, search, silence, views
from helpdesk.services.filters import Filters
from helpdesk.services.views import View
from helpdesk.web import language
from helpdesk.web.desk import asked, choices
from helpdesk.web.desk.lines import line, moment
from helpdesk.web.desk.room import room
from helpdesk.web.desk.words import Words, words
from helpdesk.web.guards import agent, current_actor

_ICONS = {
    "mine": "user", "duties": "eye", "risk": "clock-alert", "unassigned": "inbox", "departments": "building-2",
    "waiting": "pause",
    "triage": "route", "undelivered": "mail", "resolved": "circle-check", "all": "list", "any": "archive",
}  # fmt: skip


@room.get("")
@agent
def queue() -> str:
    """The queue."""
    return render_template("desk/queue.html", **_shown(), since=live.newest_fact())


@room.get("/rows")
@agent
def rows() -> str:
    """The list and the counts alone, for a page that refreshes itself."""
    return render_template("desk/_rows.html", **_shown())


def _shown() -> dict[str, Any]:
    actor, now, known = current_actor(), clock.now(), words(language.current())
    filters = asked.read(request.args)
    cursor = request.args.get("cursor")
    page = search.queue(actor, filters, cursor, at=now)
    offered = choices.of(known.language)
    return {
        "filters": filters,
        "lines": [line(row, now, known) for row in page.rows],
        "counts": views.counts(actor, now),
        "most": views.MOST,
        "icons": _ICONS,
        "words": known,
        "silent": _silent(filters, [row.number for row in page.rows], now, known),
        "choices": offered,
        "chips": asked.chips(filters, offered.names(), known),
        "kept": _kept(filters),
        "rows_url": asked.address(filters, "desk.rows", cursor=cursor),
        "first_url": asked.address(filters) if cursor else None,
        "next_url": asked.address(filters, cursor=page.next) if page.next else None,
    }


def _silent(filters: Filters, numbers: list[int], now: datetime, known: Words) -> dict[int, str]:
    """Since when which of the cases that the reader answers for are silent, in words."""
    found = silence.known(numbers) if filters.view == View.DUTIES and not filters.q else {}
    return {number: moment(since, now, known.language) for number, since in found.items()}


def _kept(filters: Filters) -> dict[str, str]:
    """What the search form keeps of the list: its view, unless that is the usual one."""
    return {name: value for name, value in asked.written(filters).items() if name == "view"}
