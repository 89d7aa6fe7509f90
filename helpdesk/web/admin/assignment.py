"""How departments hand out their work, and what each kind of work takes of a person's capacity."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.errors import HelpdeskError, Invalid
from helpdesk.services import assignment, catalogue
from helpdesk.services.assignment import DepartmentRule
from helpdesk.vocabulary import AssignmentMode
from helpdesk.web.admin import fields, words
from helpdesk.web.admin.fields import Field, Group, Kind
from helpdesk.web.admin.room import room
from helpdesk.web.desk.words import CHANNEL
from helpdesk.web.guards import admin, current_actor
from helpdesk.web.templating import say
from routing import Turn


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


MODE: Mapping[str, str] = {
    AssignmentMode.PULL: _("People take it"),
    AssignmentMode.OFFER: _("It is offered to one after the other"),
    AssignmentMode.PUSH: _("It is given"),
}
TURN: Mapping[str, str] = {
    Turn.LEAST_LOADED: _("Who has least to do"),
    Turn.ROUND_ROBIN: _("One after the other"),
}
RUNNING = {"running_chat": _("A running chat"), "running_call": _("A running call")}
_SKILLS = "skills-"


@dataclass(frozen=True)
class Line:
    """A department in the list: how it hands out, whose turn it is, what becomes of work that nobody does."""

    id: int
    name: str
    mode: str
    turn: str
    overflow: str
    take_back: str


@room.get("/assignment")
@admin
def assignments() -> ResponseReturnValue:
    """Every department, and the weights."""
    return _list(_weight_values())


def _list(values: Mapping[str, Any], error: HelpdeskError | None = None) -> ResponseReturnValue:
    rules = assignment.rules()
    lines = [_line(row, rules.get(row.id) or DepartmentRule(row.id)) for row in catalogue.departments()]
    page = render_template(
        "admin/assignment.html", lines=lines, groups=_weight_groups(), values=values, back=url_for("admin.overview"),
        problem=say(error.detail) if error else "", wrong=error.fields if error else {},
    )  # fmt: skip
    return page, error.status if error else 200


def _line(row: Any, rule: DepartmentRule) -> Line:
    known = catalogue.current()
    team, place = known.teams.get(rule.overflow_team_id or 0), known.departments.get(rule.overflow_department_id or 0)
    to = team or place
    asked = words.name(to.names) if to is not None else ""
    overflow = f"{_minutes(rule.overflow_minutes)}: {asked}" if rule.overflow_minutes is not None else ""
    turn = say(TURN[rule.turn]) if rule.hands_out else ""
    return Line(row.id, words.name(row.names), say(MODE[rule.mode]), turn, overflow, _minutes(rule.take_back_minutes))


def _minutes(number: int | None) -> str:
    return say(_("%(number)s min"), number=number) if number is not None else ""


def _weight_groups() -> list[Group]:
    open_ = [Field(code, word, Kind.NUMBER, required=True) for code, word in CHANNEL.items()]
    running = [Field(code, word, Kind.NUMBER, required=True) for code, word in RUNNING.items()]
    share = _("In percent of an open one; 0: it takes nothing.")
    waiting = Field("waiting_percent", _("A waiting request"), Kind.NUMBER, share, required=True)
    return [
        Group(_("An open request, by channel"), open_),
        Group(_("What is running, and what waits"), [*running, waiting]),
    ]


def _weight_values() -> dict[str, Any]:
    known = assignment.weights()
    return {name: str(number) for name, number in known.of.items()} | {"waiting_percent": str(known.waiting_percent)}


@room.post("/assignment")
@admin
def change_weights() -> ResponseReturnValue:
    """Changes what work takes of a capacity."""
    sent = fields.typed(_weight_groups(), request.form)
    try:
        values = fields.read(_weight_groups(), sent)
        assignment.save_weights(current_actor(), values, values.pop("waiting_percent"))
    except Invalid as error:
        return _list(sent, error)
    flash(say("The weights were saved."), "done")
    return redirect(url_for("admin.assignments"), 303)


@room.get("/assignment/<int:id>")
@admin
def department_assignment(id: int) -> ResponseReturnValue:
    """How one department hands out its work."""
    return _form(_department(id), _values(id))


@room.post("/assignment/<int:id>")
@admin
def change_assignment(id: int) -> ResponseReturnValue:
    """Changes it."""
    row = _department(id)
    groups = _groups(row)
    sent = fields.typed(groups, request.form)
    try:
        assignment.save_department(current_actor(), id, **_read(fields.read(groups, sent)))
    except Invalid as error:
        return _form(row, sent, error)
    flash(say("The department's way to hand out work was saved."), "done")
    return redirect(url_for("admin.department_assignment", id=id), 303)


def _department(id_: int) -> Any:
    return catalogue.current().departments.get(id_) or abort(404)


def _read(values: dict[str, Any]) -> dict[str, Any]:
    """Skills stand in a field a service."""
    skills = {
        int(name.removeprefix(_SKILLS)): [
            re.sub(r"\s+", "-", one.strip().lower()) for one in text.split(",") if one.strip()
        ]
        for name, text in values.items()
        if name.startswith(_SKILLS)
    }
    return {name: value for name, value in values.items() if not name.startswith(_SKILLS)} | {"skills": skills}


def _word(text: str) -> str:
    """As skills are written with people."""
    return re.sub(r"\s+", "-", text.strip().lower())


def _values(id_: int) -> dict[str, Any]:
    rule = assignment.rules().get(id_) or DepartmentRule(id_)
    groups = _groups(_department(id_))
    skills = {f"{_SKILLS}{service}": ", ".join(sorted(asked)) for service, asked in rule.skills.items()}
    return fields.shown(groups, rule) | skills


def _groups(row: Any) -> list[Group]:
    return [
        Group(_("How work comes to people"), _ways()),
        Group(_("When nobody takes it"), _overflow(row)),
        Group(_("When who has it is absent"), _absence()),
        *_skills(row),
    ]


def _ways() -> list[Field]:
    sticky = _("Who answered a person last in this department gets their next request, while able.")
    return [
        Field("mode", _("Work"), Kind.CHOICE, required=True, options=words.options(MODE)),
        Field("turn", _("Who is next"), Kind.CHOICE, required=True, options=words.options(TURN)),
        Field("sticky", _("The same person again"), Kind.FLAG, sticky),
        Field("offer_minutes", _("An offer lasts (minutes)"), Kind.NUMBER, required=True),
    ]


def _overflow(row: Any) -> list[Field]:
    teams = [(team.id, words.name(team.names)) for team in catalogue.current().teams.values()]
    others = [(id_, name) for id_, name in words.departments(None) if id_ != row.id]
    never = _("Minutes of opening hours. Empty: it stays.")
    return [
        Field("overflow_minutes", _("After minutes"), Kind.NUMBER, never),
        Field("overflow_department_id", _("Ask the department"), Kind.CHOICE, options=others, none=_("None")),
        Field("overflow_team_id", _("Or the team"), Kind.CHOICE, options=teams, none=_("None")),
    ]


def _absence() -> list[Field]:
    never = _("Minutes of their working hours without a sign of life. Empty: it stays theirs.")
    warned = _("So long after a letter to them, what they have not begun goes to others.")
    return [
        Field("take_back_minutes", _("After minutes"), Kind.NUMBER, never),
        Field("warn_minutes", _("Warning (minutes)"), Kind.NUMBER, warned, required=True),
    ]


def _skills(row: Any) -> list[Group]:
    offered = [one for one in catalogue.services(all_=True) if one.department_id == row.id and one.phase != "retired"]
    asked = [Field(f"{_SKILLS}{one.id}", words.name(one.names), most=300) for one in offered]
    return [Group(_("Skills that its services ask for, with commas between"), asked)] if asked else []


def _form(row: Any, values: Mapping[str, Any], error: HelpdeskError | None = None) -> ResponseReturnValue:
    page = render_template(
        "admin/assignment_form.html", row=row, name=words.name(row.names), groups=_groups(row), values=values,
        problem=say(error.detail) if error else "", wrong=error.fields if error else {},
        back=url_for("admin.assignments"),
    )  # fmt: skip
    return page, error.status if error else 200
