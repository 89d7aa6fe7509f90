"""The chat as administrators keep it: how long one waits, how much may come, words to notice, who is kept out."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock
from helpdesk.errors import HelpdeskError, Invalid
from helpdesk.services import chats
from helpdesk.services.chats import guarding, keeping_out, settings
from helpdesk.services.chats.settings import LIMITS, ChatSettings
from helpdesk.web.admin import fields
from helpdesk.web.admin.fields import Field, Group, Kind
from helpdesk.web.admin.room import room
from helpdesk.web.desk.chats import REASONS
from helpdesk.web.guards import admin, current_actor
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


def _number(name: str, label: str, hint: str = "") -> Field:
    least, most = LIMITS[name]
    told = say("From %(least)s to %(most)s.", least=least, most=most)
    return Field(name, label, Kind.NUMBER, f"{say(hint)} {told}" if hint else told, required=True)


def _groups() -> list[Group]:
    wait = _("Minutes in line until the citizen is asked: wait on, leave a request, or be called.")
    idle = _("Minutes without a word until the citizen is asked whether they are there; five more, and the chat ends.")
    house = _("New chats a minute in the whole house; beyond it, who comes is led to the form.")
    place = _("New chats an hour from one connection; whole schools and offices share one.")
    words = _("One on a line. Whoever answers sees a hint beside the line; nothing is held back or refused.")
    return [
        Group(_("Waiting and silence"), [
            _number("longest_wait", _("Asked after a wait of (minutes)"), wait),
            _number("idle", _("Asked after a silence of (minutes)"), idle),
        ]),
        Group(_("How much may come"), [
            _number("longest_line", _("Characters of a line")),
            _number("lines_a_minute", _("Lines a minute in one chat")),
            _number("files_a_line", _("Files with a line"), _("Of 10 MB at most, checked for viruses; 0 takes none.")),
            _number("from_one_place", _("New chats from one place"), place),
            _number("flood", _("New chats a minute, all together"), house),
        ]),
        Group("", [Field("watched", _("Words to notice"), Kind.AREA, words, most=8000, rows=5)]),
    ]  # fmt: skip


@room.get("/chat")
@admin
def chat_rules() -> ResponseReturnValue:
    """What holds, how much comes just now, and who is kept out."""
    now = chats.limits()
    return _page(fields.shown(_groups(), now) | {"watched": "\n".join(now.watched)})


def _page(values: Mapping[str, Any], error: HelpdeskError | None = None) -> ResponseReturnValue:
    at = clock.now()
    page = render_template(
        "admin/chat.html", groups=_groups(), values=values, problem=say(error.detail) if error else "",
        wrong=error.fields if error else {}, back=url_for("admin.overview"), reasons=REASONS,
        pressure=guarding.pressure(chats.limits(), at), blocks=keeping_out.running(current_actor(), at),
    )  # fmt: skip
    return page, error.status if error else 200


@room.post("/chat")
@admin
def change_chat() -> ResponseReturnValue:
    """Decides anew."""
    sent = fields.typed(_groups(), request.form)
    try:
        values = fields.read(_groups(), sent)
        values["watched"] = tuple(str(values["watched"] or "").splitlines())
        settings.decide(current_actor(), ChatSettings(**values), clock.now())
    except Invalid as error:
        return _page(sent, error)
    flash(say("The chat's rules were saved."), "done")
    return redirect(url_for("admin.chat_rules"), 303)


@room.post("/chat/blocks/<int(max=999999999999999):id>/lift")
@admin
def lift_block(id: int) -> ResponseReturnValue:
    """Lets somebody in again before their time."""
    keeping_out.lift(current_actor(), id, clock.now())
    flash(say("They can chat with us again."), "done")
    return redirect(url_for("admin.chat_rules", _anchor="kept-out"), 303)
