"""What the body decides as a whole: its name, how patient it is with resolved requests, how long it keeps raw post."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock
from helpdesk.errors import HelpdeskError, Invalid
from helpdesk.services import body, care
from helpdesk.web.admin import fields, words
from helpdesk.web.admin.fields import Field, Group, Kind
from helpdesk.web.admin.room import room
from helpdesk.web.guards import admin, current_actor
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


GROUPS = [
    Group(
        _("The body"),
        [
            Field(
                "names", _("Name"), Kind.TEXTS, _("On every page and in every letter."), required=True,
                most=body.LONGEST,
            )
        ],
    ),
    Group(
        _("Resolved requests"),
        [
            Field(
                "close_after_days", _("Days until it closes"), Kind.NUMBER,
                _("When the citizen says nothing, a resolved request closes by itself."), required=True,
            ),
            Field(
                "reopen_within_days", _("Days in which it reopens"), Kind.NUMBER,
                _("An answer within these days takes it up again; later it opens a new request."), required=True,
            ),
        ],
    ),
    Group(
        _("Post"),
        [
            Field(
                "raw_kept_days", _("Days for which post is kept as it came"), Kind.NUMBER,
                _("Messages and files stay; the raw mail behind them, in and out, is deleted after that."),
                required=True,
            )
        ],
    ),
]  # fmt: skip


CARE = {"vulnerable": _("Vulnerable people"), "vip": _("People of special standing")}


def _groups() -> list[Group]:
    """With the rule for people who are handled with care: its levels are words of the page."""
    levels = words.options(words.LEVEL)
    fields_ = [
        Field(f"care_{kind}", word, Kind.CHOICE, options=levels, none=_("Nothing beyond the usual"))
        for kind, word in CARE.items()
    ]
    return [*GROUPS, Group(_("Urgency that requests of people handled with care have at least"), fields_)]


@room.get("/settings")
@admin
def settings() -> ResponseReturnValue:
    """The body's settings."""
    days = {name: str(number) for name, number in body.days().items()}
    floors = {f"care_{kind}": level or "" for kind, level in care.rule().items()}
    return _form({"names": dict(body.names())} | days | floors)


@room.post("/settings")
@admin
def change_settings() -> ResponseReturnValue:
    """Changes them."""
    groups, actor, now = _groups(), current_actor(), clock.now()
    sent = fields.typed(groups, request.form)
    try:
        values = fields.read(groups, sent)
        floors = {kind: values.pop(f"care_{kind}") for kind in CARE}
        body.save(actor, values.pop("names"), values, now)
        care.decide(actor, floors, at=now)
    except Invalid as error:
        return _form(sent, error)
    flash(say("The settings were saved."), "done")
    return redirect(url_for("admin.settings"), 303)


def _form(values: dict[str, Any], error: HelpdeskError | None = None) -> ResponseReturnValue:
    problem, wrong = (say(error.detail), error.fields) if error else ("", {})
    page = render_template("admin/settings.html", groups=_groups(), values=values, problem=problem, wrong=wrong)
    return page, error.status if error else 200
