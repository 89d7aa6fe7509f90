"""Problems and known errors: their lists, and the page on which an owner keeps one."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock, i18n
from helpdesk.errors import Forbidden, HelpdeskError, Invalid, Stale
from helpdesk.models.problems import Problem
from helpdesk.permissions import Actor
from helpdesk.services import catalogue, conversation, problems
from helpdesk.vocabulary import Audience, ProblemState
from helpdesk.web import language
from helpdesk.web.desk import choices, given
from helpdesk.web.desk.given import Given
from helpdesk.web.desk.room import room
from helpdesk.web.desk.words import words
from helpdesk.web.guards import agent, current_actor
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


VIEWS = {
    "known": _("Known errors"), "open": _("Causes looked for"), "review": _("To be looked at again"),
    "resolved": _("Resolved"), "inactive": _("Not in use"),
}  # fmt: skip
EMPTY = {
    "known": _("No known error yet. Where the same trouble comes back, open a problem and note the way round it."),
    "open": _("No cause is looked for."),
    "review": _("Every known error was looked at in time."),
    "resolved": _("No problem was resolved yet."),
    "inactive": _("Every known error is in use."),
}
STATE = {
    ProblemState.OPEN: _("Cause looked for"), ProblemState.KNOWN_ERROR: _("Known error"),
    ProblemState.RESOLVED: _("Resolved"),
}  # fmt: skip
AUDIENCE = {Audience.INTERNAL: _("Colleagues only"), Audience.PUBLIC: _("Citizens, too")}
TEXTS = ("titles", "symptoms", "causes", "workarounds")
_NUMBERS = ("service_id", "category_id", "owner_id")
ID = "<int(max=999999999999999):id>"


@room.get("/problems")
@agent
def problem_list() -> str:
    """The problems of a view, the newest first."""
    view = request.args.get("view", "known")
    if view not in VIEWS:
        abort(404)
    part = problems.listed(view, clock.now(), given.number(request.args, "before"))
    return render_template(
        "desk/problems.html", view=view, views=VIEWS, empty=EMPTY[view], part=part, states=STATE, audiences=AUDIENCE,
        today=clock.now().astimezone(i18n.ZONE).date(), choices=choices.of(language.current()), day=_day,
    )  # fmt: skip


def _day(on: date | None) -> str:
    return i18n.plain_day(on, language.current()) if on is not None else "–"


@room.get("/problems/new")
@agent
def new_problem() -> ResponseReturnValue:
    """An empty form; ``ticket`` names the one it begins with, whose subject, service and category it takes over."""
    return _new(_begun(current_actor(), given.number(request.args, "ticket")))


def _begun(actor: Actor, number: int | None) -> dict[str, Any]:
    if number is None:
        return {"owner_id": str(actor.id)}
    ticket = conversation.heading(actor, number)
    begun = {f"titles-{ticket.language}": ticket.subject, "ticket": str(number), "owner_id": str(actor.id)}
    return begun | {name: str(getattr(ticket, name) or "") for name in ("service_id", "category_id")}


@room.post("/problems/new")
@agent
def open_problem() -> ResponseReturnValue:
    """Opens it, and links the ticket it began with."""
    actor, form = current_actor(), request.form
    try:
        opened = problems.open_(actor, ticket=given.number(form, "ticket"), **_read(form))
    except (Invalid, Forbidden) as error:
        return _new(form, error)
    flash({"text": say(_("The problem is open."))}, "toast")  # type: ignore[arg-type]
    return redirect(url_for("desk.problem", id=opened.id), 303)


def _new(typed: Mapping[str, Any], error: HelpdeskError | None = None) -> ResponseReturnValue:
    return _page(None, typed, error)


@room.get(f"/problems/{ID}")
@agent
def problem(id: int) -> ResponseReturnValue:
    """What is known of it, the tickets it caused, and, for who keeps it, the form."""
    return _page(problems.find(id))


@room.post(f"/problems/{ID}")
@agent
def change_problem(id: int) -> ResponseReturnValue:
    """Changes what it says."""
    return _do(id, lambda: problems.change(current_actor(), id, version=_version(), **_changed(request.form)))


def _changed(form: Given) -> dict[str, Any]:
    return _read(form) | {"active": form.get("active") == "yes"}


@room.post(f"/problems/{ID}/<verb>")
@agent
def move_problem(id: int, verb: str) -> ResponseReturnValue:
    """Declares it a known error, resolves it, opens it again, or notes that it was looked at."""
    if verb not in MOVES:
        abort(404)
    return _do(id, lambda: MOVES[verb](current_actor(), id, request.form), verb)


def _declare(actor: Actor, id_: int, form: Given) -> Problem:
    told = _texts(form, "workarounds")
    return problems.declare(actor, id_, none_yet=form.get("none_yet") == "yes", workarounds=told, version=_version())


def _reviewed(actor: Actor, id_: int, form: Given) -> Problem:
    on = _date(form, "review_on")
    if on is None:
        raise Invalid(_("Say when it is looked at again."), fields={"review_on": _("A day to come.")})
    return problems.reviewed(actor, id_, on, version=_version())


MOVES: Mapping[str, Callable[[Actor, int, Given], Problem]] = {
    "declare": _declare,
    "review": _reviewed,
    "withdraw": lambda actor, id_, form: problems.withdraw(actor, id_, version=_version()),
    "end": lambda actor, id_, form: problems.resolve(actor, id_, version=_version()),
    "open-again": lambda actor, id_, form: problems.reopen(actor, id_, version=_version()),
}


def _do(id_: int, act: Callable[[], Problem], verb: str = "change") -> ResponseReturnValue:
    try:
        act()
    except (Invalid, Forbidden, Stale) as error:
        return _page(problems.find(id_), request.form, error, verb)
    flash({"text": say(_("It was saved."))}, "toast")  # type: ignore[arg-type]
    return redirect(url_for("desk.problem", id=id_), 303)


def _version() -> int | None:
    return given.number(request.form, "version")


def _read(form: Given) -> dict[str, Any]:
    """What the form says, as the service takes it."""
    numbers = {name: given.number(form, name) for name in _NUMBERS}
    texts = {name: _texts(form, name) for name in TEXTS}
    return texts | numbers | {"audience": form.get("audience", ""), "review_on": _date(form, "review_on")}


def _texts(form: Given, name: str) -> dict[str, str]:
    typed = ((code, form.get(f"{name}-{code}", "").replace("\r\n", "\n").strip()) for code in i18n.LANGUAGES)
    return {code: told for code, told in typed if told}


def _date(form: Given, name: str) -> date | None:
    text = form.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid("That is no date.", fields={name: _("A day to come.")}) from None


def _page(
    row: Any, typed: Mapping[str, Any] | None = None, error: HelpdeskError | None = None, verb: str = ""
) -> ResponseReturnValue:
    actor, known = current_actor(), words(language.current())
    page = render_template(
        "desk/problem.html", row=row, typed=_filled(row) if typed is None else typed, verb=verb,
        tickets=problems.tickets_of(actor, row.id) if row is not None else (),
        keeps=row is None or problems.may_keep(actor, row), states=STATE, audiences=AUDIENCE, texts=TEXTS,
        languages=i18n.LANGUAGES, choices=choices.of(known.language), words=known, day=_day, most=problems.MOST,
        people=[(str(one.id), one.name) for one in catalogue.colleagues()],
        problem=say(error.detail) if error else "", wrong=error.fields if error else {},
    )  # fmt: skip
    return page, error.status if error else 200


def _filled(row: Any) -> dict[str, str]:
    """The form with what the problem says."""
    told = {f"{name}-{code}": getattr(row, name).get(code, "") for name in TEXTS for code in i18n.LANGUAGES}
    chosen = {name: str(getattr(row, name) or "") for name in (*_NUMBERS, "audience", "review_on")}
    return told | chosen | {"active": "yes" if row.active else "", "none_yet": "yes" if row.no_workaround else ""}
