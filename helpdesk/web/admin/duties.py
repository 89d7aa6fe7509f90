"""Who answers, as administrators set it up: owners by default, silence, levels of escalation, the process manager."""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock
from helpdesk.errors import HelpdeskError, Invalid
from helpdesk.services import catalogue, duties, silence
from helpdesk.services.duties import MOST_LEVELS, Duties
from helpdesk.vocabulary import Role
from helpdesk.web.admin import fields, words
from helpdesk.web.admin.fields import Field, Group, Kind
from helpdesk.web.admin.room import room
from helpdesk.web.guards import admin, current_actor
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


@room.get("/escalation")
@admin
def escalation() -> ResponseReturnValue:
    """Every department with its path, and who manages the process."""
    return _overview()


def _overview(error: HelpdeskError | None = None) -> ResponseReturnValue:
    known = catalogue.current()
    page = render_template(
        "admin/escalation.html",
        rows=[_row(department) for department in catalogue.departments()],
        groups=_manager_groups(), values={"person_id": str(known.process_manager or "")},
        problem=say(error.detail) if error else "", wrong=error.fields if error else {},
    )  # fmt: skip
    return page, error.status if error else 200


def _row(department: Any) -> dict[str, Any]:
    known, kept = catalogue.current(), duties.of(department.id)
    people = known.colleagues
    owner = people.get(kept.default_owner_id or 0)
    here = catalogue.colleagues(department.id)
    leads = [one.name for one in here if department.id in one.leads]
    supervisors = [one.name for one in here if one.role == Role.SUPERVISOR]
    return {
        "id": department.id,
        "name": words.name(department.names),
        "owner": owner.name if owner else ", ".join(leads),
        "named": owner is not None,
        "days": silence.USUAL_DAYS if kept.silent_days is None else kept.silent_days,
        "levels": [words.name(known.teams[team_id].names) for team_id in kept.levels],
        "above": list(dict.fromkeys(leads + supervisors)),
    }


def _manager_groups() -> list[Group]:
    about = _("Above the supervisors of all departments; what they cannot settle is escalated to this person.")
    people = [(one.id, one.name) for one in catalogue.colleagues()]
    chosen = Field("person_id", _("Process manager"), Kind.CHOICE, about, options=people, none=_("Nobody yet"))
    return [Group("", [chosen])]


@room.post("/escalation")
@admin
def name_manager() -> ResponseReturnValue:
    """Names who manages the process."""
    groups = _manager_groups()
    try:
        person_id = fields.read(groups, fields.typed(groups, request.form))["person_id"]
        duties.name_manager(current_actor(), person_id, at=clock.now())
    except Invalid as error:
        return _overview(error)
    flash(say("The process manager was saved."), "done")
    return redirect(url_for("admin.escalation"), 303)


def _groups(department: Any) -> list[Group]:
    known = catalogue.current()
    own = [team for team in known.teams.values() if team.department_id == department.id]
    return [
        Group(_("Who answers for a case"), _ownership(department)),
        Group(_("Levels of teams"), _levels()),
        *([Group(_("Who leads a team"), [_lead(team) for team in own])] if own else []),
    ]


def _ownership(department: Any) -> list[Field]:
    people = [
        (one.id, one.name)
        for one in catalogue.colleagues()
        if one.role != Role.AGENT or department.id in one.departments
    ]
    owner = _("Until somebody takes it. Left open, those who lead the department take turns.")
    days = _("Working days without a word; then the owner is reminded, and after twice as many who leads. 0: never.")
    return [
        Field("default_owner_id", _("Owner by default"), Kind.CHOICE, owner, options=people, none=_("Whoever leads")),
        Field("silent_days", _("Days until a case is silent"), Kind.NUMBER, days),
    ]


def _levels() -> list[Field]:
    known = catalogue.current()
    teams = [
        (team.id, f"{words.name(team.names)} ({words.name(known.departments[team.department_id].names)})")
        for team in known.teams.values()
    ]
    about = _("Called first, when more knowledge is needed than those have who work on it.")
    return [
        Field(
            f"level-{number}", say(_("Level %(number)s"), number=number), Kind.CHOICE, about if number == 1 else "",
            options=teams, none=_("No team"),
        )
        for number in range(1, MOST_LEVELS + 1)
    ]  # fmt: skip


def _lead(team: Any) -> Field:
    people = [(one.id, one.name) for one in catalogue.colleagues()]
    return Field(
        f"lead-{team.id}", words.name(team.names), Kind.CHOICE, options=people, none=_("Whoever leads the department")
    )


@room.get("/escalation/<int:id>")
@admin
def department_duties(id: int) -> ResponseReturnValue:
    """The form of one department."""
    return _form(_department(id), _kept(id))


def _department(id_: int) -> Any:
    return catalogue.current().departments.get(id_) or abort(404)


def _kept(id_: int) -> dict[str, str]:
    known = duties.of(id_)
    levels = {f"level-{number}": "" for number in range(1, MOST_LEVELS + 1)}
    levels |= {f"level-{number}": str(team_id) for number, team_id in enumerate(known.levels, start=1)}
    leads = {f"lead-{team_id}": str(lead_id or "") for team_id, lead_id in known.leads.items()}
    days = silence.USUAL_DAYS if known.silent_days is None else known.silent_days
    return {"default_owner_id": str(known.default_owner_id or ""), "silent_days": str(days)} | levels | leads


@room.post("/escalation/<int:id>")
@admin
def change_duties(id: int) -> ResponseReturnValue:
    """Keeps it."""
    row = _department(id)
    groups = _groups(row)
    sent = fields.typed(groups, request.form)
    try:
        duties.change(current_actor(), id, _read(fields.read(groups, sent)), at=clock.now())
    except Invalid as error:
        return _form(row, sent, error)
    flash(say("Who answers was saved."), "done")
    return redirect(url_for("admin.department_duties", id=id), 303)


def _read(values: Mapping[str, Any]) -> Duties:
    """The levels close up where one was left out."""
    levels = [values[f"level-{number}"] for number in range(1, MOST_LEVELS + 1)]
    leads = {int(name.removeprefix("lead-")): value for name, value in values.items() if name.startswith("lead-")}
    return Duties(values["default_owner_id"], values["silent_days"], [one for one in levels if one is not None], leads)


def _form(row: Any, values: Mapping[str, Any], error: HelpdeskError | None = None) -> ResponseReturnValue:
    wrong = {"level-1" if name == "levels" else name: told for name, told in error.fields.items()} if error else {}
    page = render_template(
        "admin/department_duties.html", name=words.name(row.names), groups=_groups(row), values=values,
        problem=say(error.detail) if error else "", wrong=wrong,
    )  # fmt: skip
    return page, error.status if error else 200
