"""Tickets that may have one cause, on the board: shown with what they share, and decided about."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import i18n
from helpdesk.errors import Stale
from helpdesk.permissions import Actor
from helpdesk.services import catalogue, surges
from helpdesk.web import language
from helpdesk.web.guards import current_actor, supervisor
from helpdesk.web.supervise.room import room
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


SHOWN = 8
DONE = {
    "dismissed": _("It was dismissed."),
    "gathered": _("They are linked with the oldest one."),
    "declared": _("A major incident was proposed."),
    "over": _("Somebody has decided already, or the tickets are finished."),
}


@dataclass(frozen=True)
class Line:
    """A surge, ready to print: what it is about, since when, its tickets, and how many more there are."""

    id: int
    about: str
    count: int
    since: Any
    words: Sequence[str]
    tickets: Sequence[Any]
    more: int


def lines(actor: Actor) -> list[Line]:
    """What waits for a decision."""
    known, here = catalogue.current(), language.current()
    found = []
    for one in surges.proposed(actor):
        thing = known.services.get(one.service_id or 0) or known.departments.get(one.department_id or 0)
        about = i18n.pick(thing.names, here) if thing is not None else say(_("Triage"))
        count, first = len(one.tickets), min(row.received_at for row in one.tickets)
        found.append(Line(one.id, about, count, first, one.words, one.tickets[:SHOWN], max(0, count - SHOWN)))
    return found


def done() -> str:
    """What was just decided."""
    word = request.args.get("surge", "")
    return say(DONE[word]) if word in DONE else ""


@room.post("/surges/<int(max=999999999999999):id>/dismiss")
@supervisor
def dismiss_surge(id: int) -> ResponseReturnValue:
    """They have no cause in common."""
    return _decided("dismissed", lambda actor: surges.dismiss(actor, id))


@room.post("/surges/<int(max=999999999999999):id>/gather")
@supervisor
def gather_surge(id: int) -> ResponseReturnValue:
    """Links them with the oldest."""
    return _decided("gathered", lambda actor: surges.gather(actor, id))


@room.post("/surges/<int(max=999999999999999):id>/propose-major")
@supervisor
def declare_surge(id: int) -> ResponseReturnValue:
    """Proposes a major incident."""
    return _decided("declared", lambda actor: surges.propose_major(actor, id))


def _decided(word: str, act: Callable[[Actor], object]) -> ResponseReturnValue:
    try:
        act(current_actor())
    except Stale:
        word = "over"
    return redirect(url_for("supervise.now_board", surge=word, _anchor="surges"), 303)
