"""The checklist of a ticket's model: how its steps stand, what the reader may do, and the acts on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import i18n
from helpdesk.errors import Forbidden, Invalid, Stale
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import catalogue, conversation, procedures, scope
from helpdesk.services.conversation import Conversation
from helpdesk.services.procedures import Procedure, Standing
from helpdesk.vocabulary import FINISHED, Role, StepKind, StepState
from helpdesk.web import language
from helpdesk.web.desk import given
from helpdesk.web.desk.deeds import Act, Before
from helpdesk.web.desk.given import Given
from helpdesk.web.desk.lines import moment
from helpdesk.web.desk.room import NUMBER, room
from helpdesk.web.desk.words import Words
from helpdesk.web.guards import agent, current_actor
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


STATE = {
    StepState.OPEN: _("open"), StepState.DONE: _("done"), StepState.SKIPPED: _("skipped"),
    StepState.FAILED: _("not verified"), StepState.ASKED: _("asked for"), StepState.APPROVED: _("approved"),
    StepState.REFUSED: _("refused"), StepState.NOT_NEEDED: _("not needed for this amount"),
}  # fmt: skip
KIND = {
    StepKind.TASK: _("Task"), StepKind.CHECK: _("Check"), StepKind.ASK: _("Script"),
    StepKind.VERIFY: _("Check of identity"), StepKind.APPROVE: _("Approval"), StepKind.DELIVER: _("Delivery"),
}  # fmt: skip
DONE = {
    StepKind.TASK: _("Done"), StepKind.CHECK: _("Checked"), StepKind.DELIVER: _("The citizen has it"),
}  # fmt: skip
SYMBOL = {
    StepState.DONE: "circle-check", StepState.APPROVED: "circle-check", StepState.SKIPPED: "corner-up-left",
    StepState.NOT_NEEDED: "circle-check", StepState.FAILED: "circle-x", StepState.REFUSED: "circle-x",
    StepState.ASKED: "clock",
}  # fmt: skip
TONE = {
    StepState.DONE: "met", StepState.APPROVED: "met", StepState.NOT_NEEDED: "met", StepState.FAILED: "late",
    StepState.REFUSED: "late", StepState.ASKED: "paused", StepState.SKIPPED: "quiet",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A step, ready to print. ``acts``: what the reader may do to it now."""

    key: str
    name: str
    kind: str
    code: str
    state: str
    symbol: str
    tone: str
    next: bool
    optional: bool
    where: str
    who: str
    guide: str
    does: str
    acts: frozenset[str]


@dataclass(frozen=True)
class Panel:
    """What the template shows: the model's name and version, its steps, and what the citizen gets in the end."""

    name: str
    version: str
    output: str
    done: int
    lines: Sequence[Line]


def panel(actor: Actor, found: Conversation, known: Words) -> Panel | None:
    """None where no model holds."""
    procedure = procedures.of(found.ticket)
    if procedure is None:
        return None
    here, model = known.language, procedure.model
    return Panel(
        name=i18n.pick(model.names, here),
        version=procedure.version.name,
        output=i18n.pick(model.output or {}, here),
        done=sum(one.is_settled for one in procedure.steps),
        lines=[_line(actor, found, procedure, one, known) for one in procedure.steps],
    )


def _line(actor: Actor, found: Conversation, procedure: Procedure, one: Standing, known: Words) -> Line:
    step, here = one.step, known.language
    return Line(
        key=step.key,
        name=i18n.pick(step.texts, here),
        kind=say(KIND[step.kind]),
        code=step.kind.value,
        state=say(STATE[one.state]),
        symbol=SYMBOL.get(one.state, "circle"),
        tone=TONE.get(one.state, ""),
        next=one.next,
        optional=not step.mandatory,
        where=_where(one, here),
        who=_who(one, known),
        guide=i18n.pick(step.guide or {}, here),
        does=say(DONE.get(step.kind, DONE[StepKind.TASK])),
        acts=_acts(actor, found, procedure, one),
    )


def _where(one: Standing, here: str) -> str:
    """The department and team that do it, and the time they have."""
    known, step = catalogue.current(), one.step
    place = next((row for row in known.departments.values() if row.key == step.department), None)
    team = next((row for row in known.teams.values() if row.key == step.team), None)
    parts = [i18n.pick(row.names, here) for row in (place, team) if row is not None]
    if step.hours:
        parts.append(say(_("within %(hours)s open hours"), hours=step.hours))
    return ", ".join(parts)


def _who(one: Standing, known: Words) -> str:
    person = catalogue.current().colleagues.get((one.by_id if one.is_settled else one.asked_by_id or one.by_id) or 0)
    when = one.at if one.is_settled else one.asked_at or one.at
    if when is None or one.state is StepState.NOT_NEEDED:
        return ""
    return f"{person.name if person else say(_('The system'))}, {moment(when, when, known.language)}"


def _acts(actor: Actor, found: Conversation, procedure: Procedure, one: Standing) -> frozenset[str]:
    ticket = found.ticket
    if ticket.status in FINISHED or one.is_settled or one.waits_for is not None:
        return frozenset()
    if one.state is StepState.ASKED:
        mine = procedures.may_approve(actor, ticket, one, procedure.home_id)
        return frozenset({"approve", "refuse"} if mine else ())
    if not procedures.may_do(actor, ticket, one.step):
        return frozenset()
    if one.step.kind is StepKind.APPROVE:
        return frozenset({"ask"})
    skips = one.step.kind is not StepKind.VERIFY and (not one.step.mandatory or actor.role is not Role.AGENT)
    return frozenset({"do", "skip"} if skips else {"do"})


def _step(form: Given) -> str:
    return form.get("step", "")


def _do(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    told = {"outcome": form.get("outcome", ""), "note": form.get("note", ""), "answers": _places(form)}
    return procedures.do(actor, number, _step(form), version=given.version(form), **told)  # type: ignore[arg-type]


def _places(form: Given) -> list[int]:
    """The answers of a script, as its page collected them: ``1.0.2``."""
    path = [part for part in form.get("path", "").split(".") if part]
    if not all(part.isdecimal() and len(part) < 4 for part in path):
        raise Invalid("The script has no such answer.", fields={"answers": "places of its answers"})
    return [int(part) for part in path]


def _skip(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return procedures.skip(actor, number, _step(form), form.get("reason", ""), version=given.version(form))


def _ask(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return procedures.ask(actor, number, _step(form), form.get("note", ""), version=given.version(form))


def _approve(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return procedures.approve(actor, number, _step(form), form.get("reason", ""), version=given.version(form))


def _refuse(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return procedures.refuse(actor, number, _step(form), form.get("reason", ""), version=given.version(form))


ACTS: Mapping[str, Act] = {
    "do-step": Act(_do, _("The step is done."), focus="checklist"),
    "skip-step": Act(_skip, _("The step was left out."), focus="checklist"),
    "ask-approval": Act(_ask, _("Those who may approve were told."), focus="checklist"),
    "approve-step": Act(_approve, _("It is approved."), focus="checklist"),
    "refuse-step": Act(_refuse, _("It is refused, and may be asked for again."), focus="checklist"),
}


@room.get(f"/tickets/{NUMBER}/script/<step>")
@agent
def script(number: int, step: str) -> str:
    """A script for first diagnosis, a question at a time; the answers so far stand in the address."""
    actor = current_actor()
    found = conversation.heading(actor, number)
    standing = _script_of(actor, number, step)
    path = request.args.get("path", "")
    try:
        asked = procedures.script(standing.step, _places({"path": path}))
    except Invalid:
        abort(404)
    return render_template(
        "desk/script.html", ticket=found, step=standing.step, asked=asked, path=path, settled=standing.is_settled,
        before=path.rpartition(".")[0],
    )  # fmt: skip


def _script_of(actor: Actor, number: int, step: str) -> Standing:
    procedure = procedures.of(scope.find(actor, number))
    one = next((one for one in procedure.steps if one.step.key == step), None) if procedure else None
    if one is None or one.step.kind is not StepKind.ASK:
        abort(404)
    return one


@room.get("/approvals")
@agent
def approvals() -> ResponseReturnValue:
    """What the reader is asked to approve, the oldest first."""
    return _approvals()


@room.post(f"/approvals/{NUMBER}")
@agent
def decide(number: int) -> ResponseReturnValue:
    """Approves or refuses, and stays on the page."""
    form, actor = request.form, current_actor()
    act = {"approve": _approve, "refuse": _refuse}.get(form.get("act", ""))
    if act is None:
        abort(404)
    try:
        act(actor, number, form, {})
    except (Stale, Invalid, Forbidden) as error:
        return _approvals(error, number)
    told = DECIDED[form["act"]]
    flash({"text": say(told)}, "toast")  # type: ignore[arg-type]
    return redirect(url_for("desk.approvals"), 303)


DECIDED = {"approve": _("It is approved."), "refuse": _("It is refused, and may be asked for again.")}


def _approvals(error: Any = None, failed: int = 0) -> ResponseReturnValue:
    here = language.current()
    lines = [
        (one, i18n.pick(one.step.texts, here), i18n.moment(one.asked_at, here))
        for one in procedures.to_approve(current_actor())
    ]
    page = render_template(
        "desk/approvals.html", lines=lines, failed=failed, problem=say(error.detail) if error else "",
        wrong=error.fields if error else {}, typed=request.form,
    )  # fmt: skip
    return page, error.status if error else 200
