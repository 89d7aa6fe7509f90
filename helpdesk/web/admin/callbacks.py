"""Calls back: what each department offers and how many that makes, and the brakes against cost and misuse."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock, i18n
from helpdesk.errors import HelpdeskError, Invalid
from helpdesk.services import catalogue, dialling, slots
from helpdesk.services.slots import CallbackRule
from helpdesk.web import language
from helpdesk.web.admin import fields, words
from helpdesk.web.admin.fields import Field, Group, Kind
from helpdesk.web.admin.room import room
from helpdesk.web.guards import admin, current_actor
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


@dataclass(frozen=True)
class Line:
    """A department in the list: whether it calls back, how many calls fit into a week, when the earliest is."""

    id: int
    name: str
    offered: bool
    places: int
    free: int
    earliest: str


@room.get("/callbacks")
@admin
def callbacks_list() -> ResponseReturnValue:
    """Every department, and the brakes."""
    return _list(_brake_values())


def _list(values: Mapping[str, Any], error: HelpdeskError | None = None) -> ResponseReturnValue:
    known, now = slots.rules(), clock.now()
    lines = [_line(row, known.get(row.id) or CallbackRule(row.id)) for row in catalogue.departments()]
    page = render_template(
        "admin/callbacks.html", lines=lines, groups=_brakes(), values=values, back=url_for("admin.overview"),
        problem=say(error.detail) if error else "", wrong=error.fields if error else {}, spent=dialling.spent(now),
        brake=dialling.braked(now), limits=slots.brakes(),
    )  # fmt: skip
    return page, error.status if error else 200


def _line(row: Any, rule: CallbackRule) -> Line:
    found = slots.windows(row.id, clock.now(), rule)
    first = next((one for one in found if one.free), None)
    earliest = i18n.moment(first.begins_at, language.current()) if first else ""
    places, free = sum(one.capacity for one in found), sum(one.free for one in found)
    return Line(row.id, words.name(row.names), rule.offered, places, free, earliest)


def _brakes() -> list[Group]:
    stop = _("Off: nobody is dialled by the system; promised calls are made by hand from the list.")
    return [
        Group(
            "",
            [
                Field("dialling", _("The system dials"), Kind.FLAG, stop),
                Field("calls_a_day", _("Calls a day, at most"), Kind.NUMBER, required=True),
                Field("minutes_a_day", _("Minutes a day, at most"), Kind.NUMBER, required=True),
                Field("calls_to_one", _("Attempts to one number a day"), Kind.NUMBER, required=True),
                Field("countries", _("Countries we ring"), Kind.TEXT, _("Two letters each, like GR CY."), most=100),
            ],
        )
    ]


def _brake_values() -> dict[str, Any]:
    now = slots.brakes()
    return fields.shown(_brakes(), now) | {"countries": " ".join(now.countries)}


@room.post("/callbacks")
@admin
def change_brakes() -> ResponseReturnValue:
    """Changes the brakes."""
    sent = fields.typed(_brakes(), request.form)
    try:
        values = fields.read(_brakes(), sent)
        countries = tuple(str(values.pop("countries") or "").upper().replace(",", " ").split())
        slots.save_brakes(current_actor(), **values, countries=countries)
    except Invalid as error:
        return _list(sent, error)
    flash(say("The brakes were saved."), "done")
    return redirect(url_for("admin.callbacks_list"), 303)


@room.get("/callbacks/<int:id>")
@admin
def department_callbacks(id: int) -> ResponseReturnValue:
    """What one department offers."""
    row = _department(id)
    return _form(row, fields.shown(_groups(), slots.of(id)))


@room.post("/callbacks/<int:id>")
@admin
def change_callbacks(id: int) -> ResponseReturnValue:
    """Changes it."""
    row = _department(id)
    sent = fields.typed(_groups(), request.form)
    try:
        slots.save(current_actor(), id, **fields.read(_groups(), sent))
    except Invalid as error:
        return _form(row, sent, error)
    flash(say("What the department offers was saved."), "done")
    return redirect(url_for("admin.department_callbacks", id=id), 303)


def _department(id_: int) -> Any:
    return catalogue.current().departments.get(id_) or abort(404)


def _groups() -> list[Group]:
    share = _("Of the working time of those on shift, how much goes to calls back.")
    days = _("How far ahead citizens may choose.")
    return [
        Group("", [Field("offered", _("Citizens may ask to be called back"), Kind.FLAG)]),
        Group(
            _("How many calls fit"),
            [
                Field("slot_minutes", _("Length of a time (minutes)"), Kind.NUMBER, required=True),
                Field("handling_minutes", _("One call takes (minutes)"), Kind.NUMBER, required=True),
                Field("share_percent", _("Share of the time (percent)"), Kind.NUMBER, share, required=True),
            ],
        ),
        Group(
            _("When"),
            [
                Field("notice_minutes", _("Earliest after (minutes)"), Kind.NUMBER, required=True),
                Field("days_ahead", _("Days ahead"), Kind.NUMBER, days, required=True),
            ],
        ),
        Group(
            _("Not reached"),
            [
                Field("most_retries", _("Tried again, at most"), Kind.NUMBER, _RETRIES, required=True),
                Field("soon_minutes", _("Again after (minutes)"), Kind.NUMBER, _HOURS, required=True),
                Field("later_minutes", _("Then after (minutes)"), Kind.NUMBER, _HOURS, required=True),
            ],
        ),
    ]


_RETRIES = _("From the third time on they are rung on the next day that is open, in its other half.")
_HOURS = _("Where the department is closed by then: when it opens again.")


def _form(row: Any, values: Mapping[str, Any], error: HelpdeskError | None = None) -> ResponseReturnValue:
    page = render_template(
        "admin/callbacks_form.html", row=row, name=words.name(row.names), groups=_groups(), values=values,
        line=_line(row, slots.of(row.id)), problem=say(error.detail) if error else "",
        wrong=error.fields if error else {}, back=url_for("admin.callbacks_list"),
    )  # fmt: skip
    return page, error.status if error else 200
