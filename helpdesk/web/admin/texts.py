"""Short messages: which numbers take them and where the carrier hands them over, what they may cost, approved words."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock, i18n
from helpdesk.errors import HelpdeskError, Invalid
from helpdesk.services.texting import limits
from helpdesk.services.texts import keeping
from helpdesk.web.admin import fields
from helpdesk.web.admin.fields import Field, Group, Kind
from helpdesk.web.admin.room import room
from helpdesk.web.admin.telephony import problem
from helpdesk.web.guards import admin, current_actor
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


_ID = "<int(max=999999999999999):id>"


def _groups() -> list[Group]:
    stop = _("Off: nothing leaves; messages wait, and letters go where there is an address.")
    money = _("The carrier counts parts: 70 letters of Greek are one, longer texts are cut into parts of 67.")
    return [
        Group(
            "",
            [
                Field("sending", _("Messages are sent"), Kind.FLAG, stop),
                Field("parts_a_day", _("Parts a day, at most"), Kind.NUMBER, money, required=True),
                Field("to_one_a_day", _("Messages to one number a day"), Kind.NUMBER, required=True),
                Field("most_parts", _("Parts of one message, at most"), Kind.NUMBER, required=True),
            ],
        )
    ]


@room.get("/telephone/texts")
@admin
def texts_page() -> ResponseReturnValue:
    """Everything of it."""
    return _page(fields.shown(_groups(), limits.limits()))


def _page(values: dict[str, Any], error: HelpdeskError | None = None) -> ResponseReturnValue:
    page = render_template(
        "admin/texts.html", numbers=keeping.numbers(), templates=keeping.templates(), groups=_groups(), values=values,
        figures=keeping.figures(clock.now()), limits=limits.limits(), back=url_for("admin.telephone"),
        problem=say(error.detail) if error else "", wrong=error.fields if error else {}, languages=i18n.LANGUAGES,
    )  # fmt: skip
    return page, error.status if error else 200


@room.post("/telephone/texts")
@admin
def change_texts() -> ResponseReturnValue:
    """What they may cost."""
    sent = fields.typed(_groups(), request.form)
    try:
        limits.save(current_actor(), clock.now(), **fields.read(_groups(), sent))
    except Invalid as error:
        return _page(dict(sent), error)
    flash(say(_("What messages may cost was saved.")), "done")
    return redirect(url_for("admin.texts_page"), 303)


@room.get("/telephone/texts/words/new")
@admin
def new_approved() -> ResponseReturnValue:
    """An empty form."""
    return _words(None, {"active": True, "language": "el"})


@room.get(f"/telephone/texts/words/{_ID}")
@admin
def approved(id: int) -> ResponseReturnValue:
    """One of the approved words."""
    row = keeping.template(id)
    return _words(id, dict(row._mapping) | {f"name_{code}": row.names.get(code, "") for code in i18n.LANGUAGES})


def _words(id_: int | None, typed: dict[str, Any], error: HelpdeskError | None = None) -> ResponseReturnValue:
    page = render_template("admin/text_words.html", id=id_, languages=i18n.LANGUAGES, **problem(error, typed))
    return page, error.status if error else 200


@room.post("/telephone/texts/words/new")
@admin
def make_approved() -> ResponseReturnValue:
    """Others."""
    return _save(None)


@room.post(f"/telephone/texts/words/{_ID}")
@admin
def change_approved(id: int) -> ResponseReturnValue:
    """These, or takes them out of use."""
    return _save(id)


def _save(id_: int | None) -> ResponseReturnValue:
    try:
        keeping.save_template(current_actor(), id_, request.form, clock.now())
    except Invalid as error:
        return _words(id_, {}, error)
    flash(say(_("The approved words were saved.")), "done")
    return redirect(url_for("admin.texts_page"), 303)
