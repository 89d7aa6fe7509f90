"""People who work here: invited by e-mail, changed, let go and taken back."""

import re
from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock, i18n
from helpdesk.errors import HelpdeskError, Invalid
from helpdesk.services import absences, access, catalogue, handovers
from helpdesk.web.admin import fields, words
from helpdesk.web.admin.fields import Field, Group, Kind
from helpdesk.web.admin.room import room
from helpdesk.web.desk import away
from helpdesk.web.guards import admin, current_actor
from helpdesk.web.templating import say
from routing import fold

MOST = 200


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


@room.get("/people")
@admin
def people() -> ResponseReturnValue:
    """Everybody who works here, or those a search finds."""
    wanted, left = request.args.get("q", "").strip()[:100], "left" in request.args
    found = [one for one in catalogue.colleagues(all_=True) if one.active is not left and _has(one, wanted)]
    return render_template(
        "admin/people.html", people=found[:MOST], more=len(found) > MOST, q=wanted, left=left,
        departments=catalogue.current().departments, roles=words.ROLE,
    )  # fmt: skip


def _has(person: catalogue.Colleague, wanted: str) -> bool:
    return not wanted or fold(wanted) in fold(" ".join((person.name, person.email, *person.skills)))


def _groups(row: Any) -> list[Group]:
    languages = list(i18n.LANGUAGES.items())
    email = Field("email", _("E-mail address"), Kind.EMAIL, required=True, most=254, fixed=row is not None)
    return [
        Group(
            _("Who it is"),
            [
                Field("name", _("Name"), required=True, most=120),
                email,
                Field("role", _("Role"), Kind.CHOICE, required=True, options=words.options(words.ROLE)),
                Field("language", _("Reads our pages in"), Kind.CHOICE, required=True, options=languages),
            ],
        ),
        Group(_("Where they work"), _places()),
        Group(_("What they can take"), _abilities(languages)),
    ]


def _places() -> list[Field]:
    offered = words.departments()
    return [
        Field("department_ids", _("Departments"), Kind.CHOICES, _("Their queue is made of these."), options=offered),
        Field("leads", _("Answers for"), Kind.CHOICES, _("Is told when a promise is about to fail."), options=offered),
    ]


def _abilities(languages: list[tuple[str, str]]) -> list[Field]:
    skills = _("Words that rules can ask for, with commas between: lighting, sign-language.")
    most = _("Open requests at the same time, when rules give out work.")
    return [
        Field("languages", _("Languages"), Kind.CHOICES, _("In which they answer."), options=languages),
        Field("skills", _("Skills"), hint=skills, most=300),
        Field("capacity", _("Capacity"), Kind.NUMBER, most, required=True),
        Field("calendar_key", _("Working hours"), Kind.CHOICE, options=words.calendars(), none=_("As the department")),
    ]


def _values(sent: Mapping[str, Any], groups: list[Group]) -> dict[str, Any]:
    values = fields.read(groups, sent)
    skills = (re.sub(r"\s+", "-", word.strip().lower()) for word in values["skills"].split(","))
    values["skills"] = list(dict.fromkeys(filter(None, skills)))
    return values


@room.get("/people/new")
@admin
def new_person() -> ResponseReturnValue:
    """An empty form."""
    start = {"role": "agent", "language": "el", "languages": ["el"], "capacity": "20"}
    return _form(None, fields.shown(_groups(None), None) | start)


@room.post("/people/new")
@admin
def make_person() -> ResponseReturnValue:
    """Makes a colleague and sends the invitation."""
    groups, at = _groups(None), clock.now()
    sent = fields.typed(groups, request.form)
    try:
        id_ = catalogue.create_staff(current_actor(), **_values(sent, groups), at=at)
    except Invalid as error:
        return _form(None, sent, error)
    return _invited(id_)


def _invited(id_: int) -> ResponseReturnValue:
    """Says that the link is on its way; where no address could send it, shows it once."""
    invitation = access.invite(current_actor(), id_, clock.now())
    if not invitation.sent:
        return render_template("admin/invitation.html", link=invitation.link, row=_record(id_))
    flash(say("An invitation is on its way to %(address)s.", address=_record(id_).email), "done")
    return redirect(url_for("admin.person", id=id_), 303)


@room.get("/people/<int:id>")
@admin
def person(id: int) -> ResponseReturnValue:
    """One colleague."""
    return _form(_record(id), _kept(id))


def _kept(id_: int) -> dict[str, Any]:
    row, known = _record(id_), catalogue.current().colleagues[id_]
    values = fields.shown(_groups(row), row) | {"skills": ", ".join(row.skills)}
    return values | {
        "department_ids": [str(place) for place in known.departments],
        "leads": [str(place) for place in known.leads],
    }


@room.post("/people/<int:id>")
@admin
def change_person(id: int) -> ResponseReturnValue:
    """Changes a colleague."""
    row = _record(id)
    groups = _groups(row)
    sent = fields.typed(groups, request.form)
    try:
        catalogue.change_staff(current_actor(), id, **_values(sent, groups))
    except Invalid as error:
        return _form(row, _kept(id) | sent, error)
    flash(say("The person was saved."), "done")
    return redirect(url_for("admin.person", id=id), 303)


@room.post("/people/<int:id>/invite")
@admin
def invite(id: int) -> ResponseReturnValue:
    """Sends a new link."""
    return _invited(_record(id).id)


@room.post("/people/<int:id>/leave")
@admin
def leave(id: int) -> ResponseReturnValue:
    """Lets somebody go: signed out everywhere at once."""
    return _activate(id, False, say("The person was signed out everywhere and takes no new work."))


@room.post("/people/<int:id>/return")
@admin
def come_back(id: int) -> ResponseReturnValue:
    """Takes somebody back."""
    return _activate(id, True, say("The person works here again."))


def _activate(id_: int, active: bool, told: str) -> ResponseReturnValue:
    try:
        _let_go_or_back(_record(id_).id, active=active)
    except Invalid as error:
        return _form(_record(id_), _kept(id_), error)
    flash(told, "done")
    return redirect(url_for("admin.person", id=id_), 303)


def _let_go_or_back(id_: int, *, active: bool) -> None:
    if active:
        catalogue.change_staff(current_actor(), id_, active=True)
    else:
        handovers.let_go(current_actor(), id_, request.form.get("successor", type=int), at=clock.now())


def _record(id_: int) -> Any:
    return catalogue.staff_record(id_) or abort(404)


def _form(row: Any, values: Mapping[str, Any], error: HelpdeskError | None = None) -> ResponseReturnValue:
    page = render_template(
        "admin/person.html", row=row, groups=_groups(row), values=values,
        problem=say(error.detail) if error else "", wrong=_placed(error.fields) if error else {},
        theirs=catalogue.open_tickets_of(row.id) if row is not None else 0, me=current_actor().id,
        successors=absences.deputies(row.id) if row is not None else [],
        away=away.lines(current_actor(), clock.now(), row.id) if row is not None else [],
    )  # fmt: skip
    return page, error.status if error else 200


def _placed(wrong: Mapping[str, str]) -> dict[str, str]:
    """Each error at its field of the form."""
    return {"department_ids" if name == "departments" else name: told for name, told in wrong.items()}
