"""How one is there, what is on offer to one, and taking the next ticket."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from helpdesk import clock, i18n
from helpdesk.errors import HelpdeskError, Invalid, Stale
from helpdesk.services import assignment, presence
from helpdesk.services.assignment.share import offered, share
from helpdesk.vocabulary import PresenceState, WorkKind
from helpdesk.web import language
from helpdesk.web.desk import given
from helpdesk.web.desk.room import room
from helpdesk.web.guards import agent, current_actor
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


STATES = {
    PresenceState.AVAILABLE: _("Available"),
    PresenceState.BUSY: _("Busy"),
    PresenceState.AWAY: _("Away"),
}
KINDS = {WorkKind.TICKET: _("Requests"), WorkKind.CHAT: _("Chats"), WorkKind.CALL: _("Calls")}
QUICK = (
    ("available", None, _("Available")),
    ("busy", 15, _("Busy for 15 minutes")),
    ("busy", None, _("Busy until I say otherwise")),
    ("away", 30, _("Away for 30 minutes")),
    ("away", None, _("Away until I say otherwise")),
)
LASTS = (("", _("Until I say otherwise")), ("15", _("15 minutes")), ("30", _("30 minutes")), ("60", _("1 hour")),
         ("120", _("2 hours")))  # fmt: skip
OVER = _("This offer is over: somebody else has it, or it lapsed.")


@dataclass(frozen=True)
class Chip:
    """What the bar shows of it: the state with its word, when it ends, and how much is on offer."""

    person_id: int
    state: str
    word: str
    until: str
    offers: int


def chip() -> Chip | None:
    """Of whoever looks at the page; it was read together with their session."""
    if not current_user.is_authenticated:
        return None
    seen = current_user.signed_in
    there = seen.presence
    until = i18n.clock_time(there.until, language.current()) if there.until else ""
    return Chip(there.person_id, there.state.value, say(STATES[there.state]), until, seen.offers)


@room.app_context_processor
def _in_the_bar() -> dict[str, Any]:
    return {"presence_chip": chip, "presence_quick": QUICK}


@room.get("/presence")
@agent
def presence_page() -> str:
    """How one is there, which work one takes, and what is on offer."""
    return _page()


@room.get("/presence/bar")
@agent
def presence_bar() -> str:
    """The bar's part alone, for a page that hears that something was offered."""
    return render_template("desk/_presence.html")


def _page(error: HelpdeskError | None = None) -> str:
    actor, at = current_actor(), clock.now()
    there = current_user.signed_in.presence
    return render_template(
        "desk/presence.html",
        states=[(state.value, say(word)) for state, word in STATES.items()],
        kinds=[(kind.value, say(word), kind in there.kinds) for kind, word in KINDS.items()],
        lasts=[(minutes, say(word)) for minutes, word in LASTS],
        kind_words={kind.value: say(word) for kind, word in KINDS.items()},
        there=there, share=share(actor, at), offers=offered(actor, at),
        problem=say(error.detail) if error else "",
    )  # fmt: skip


@room.post("/presence")
@agent
def change_presence() -> ResponseReturnValue:
    """Says how one is there: by a button of the bar, or by the form with all of it."""
    form = request.form
    state, _sep, minutes = form.get("choice", form.get("state", "")).partition(":")
    lasts = given.number({"minutes": minutes or form.get("minutes", "")}, "minutes")
    kinds = form.getlist("kinds") if "with_kinds" in form else None
    presence.choose(current_actor(), state, minutes=lasts, kinds=kinds, at=clock.now())
    flash({"text": say(TOLD[PresenceState(state)])}, "toast")  # type: ignore[arg-type]
    return redirect(_back(form), 303)


TOLD: Mapping[PresenceState, str] = {
    PresenceState.AVAILABLE: _("You are available: new work may come."),
    PresenceState.BUSY: _("You are busy: no new work comes."),
    PresenceState.AWAY: _("You are away: no new work comes."),
}


def _back(form: Mapping[str, str]) -> str:
    """The page of ours on which the bar stood."""
    wish = form.get("back", "")
    inside = wish.startswith(("/desk", "/supervise", "/admin")) and "\\" not in wish and wish.isprintable()
    return wish if inside and not urlsplit(wish).netloc else url_for("desk.presence_page")


@room.post("/offers/<int(max=999999999999999):id>/accept")
@agent
def accept_offer(id: int) -> ResponseReturnValue:
    """Takes what is on offer."""
    try:
        mine = assignment.accept(current_actor(), id)
    except Stale:
        return _over()
    if mine.kind is WorkKind.CHAT:
        return redirect(url_for("desk.chats_page", _anchor=f"chat-{mine.work_id}"), 303)
    if mine.kind is WorkKind.TICKET:
        flash({"text": say(_("It is yours now."))}, "toast")  # type: ignore[arg-type]
        return redirect(url_for("desk.ticket", number=mine.work_id), 303)
    return redirect(url_for("desk.presence_page"), 303)


@room.post("/offers/<int(max=999999999999999):id>/decline")
@agent
def decline_offer(id: int) -> ResponseReturnValue:
    """Leaves it to others."""
    try:
        assignment.decline(current_actor(), id)
    except Stale:
        return _over()
    flash({"text": say(_("It is offered to somebody else."))}, "toast")  # type: ignore[arg-type]
    return redirect(url_for("desk.presence_page"), 303)


def _over() -> ResponseReturnValue:
    return _page(Invalid(OVER)), Stale.status


@room.post("/next")
@agent
def next_ticket() -> ResponseReturnValue:
    """Takes the most urgent ticket that one may and can answer, and leads to it."""
    taken = assignment.take_next(current_actor())
    if taken is None:
        flash({"text": say(_("There is nothing for you to take just now."))}, "toast")  # type: ignore[arg-type]
        return redirect(url_for("desk.queue"), 303)
    flash({"text": f"{taken.id}: {say(_('It is yours now.'))}"}, "toast")  # type: ignore[arg-type]
    return redirect(url_for("desk.ticket", number=taken.id, _anchor="text"), 303)
