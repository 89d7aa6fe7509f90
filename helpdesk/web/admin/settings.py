"""What the body decides as a whole: its name, how patient it is with resolved requests, how long it keeps raw post."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock
from helpdesk.errors import HelpdeskError, Invalid
from helpdesk.services import body, care, patience
from helpdesk.vocabulary import TicketType
from helpdesk.web.admin import fields, words
from helpdesk.web.admin.fields import Field, Group, Kind
from helpdesk.web.admin.room import room
from helpdesk.web.desk.words import TYPE
from helpdesk.web.guards import admin, current_actor
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


def _by_type(key: str) -> list[Field]:
    """A field for each type that may differ."""
    return [Field(f"{key}.{kind}", TYPE.get(kind.value, kind.value), Kind.NUMBER) for kind in TicketType]


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
    Group(_("Days until it closes, where a type differs (empty: as above)"), _by_type(patience.CLOSE)),
    Group(_("Days in which it reopens, where a type differs (empty: as above)"), _by_type(patience.REOPEN)),
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
    types = {f"{key}.{kind}": str(n) for key, found in body.days_by_type().items() for kind, n in found.items()}
    return _form({"names": dict(body.names())} | days | floors | types)


@room.post("/settings")
@admin
def change_settings() -> ResponseReturnValue:
    """Changes them."""
    groups, actor, now = _groups(), current_actor(), clock.now()
    sent = fields.typed(groups, request.form)
    try:
        values = fields.read(groups, sent)
        floors = {kind: values.pop(f"care_{kind}") for kind in CARE}
        types = _taken_out(values)
        body.save(actor, values.pop("names"), values, now, types)
        care.decide(actor, floors, at=now)
    except Invalid as error:
        return _form(sent, error)
    flash(say("The settings were saved."), "done")
    return redirect(url_for("admin.settings"), 303)


def _taken_out(values: dict[str, Any]) -> dict[str, dict[str, int]]:
    """The days of types that differ, taken out of what was read."""
    types: dict[str, dict[str, int]] = {key: {} for key in patience.DAYS}
    for name in [name for name in values if "." in name]:
        key, _dot, kind = name.partition(".")
        number = values.pop(name)
        if number is not None:
            types[key][kind] = number
    return types


def _form(values: dict[str, Any], error: HelpdeskError | None = None) -> ResponseReturnValue:
    problem, wrong = (say(error.detail), error.fields) if error else ("", {})
    page = render_template("admin/settings.html", groups=_groups(), values=values, problem=problem, wrong=wrong)
    return page, error.status if error else 200
