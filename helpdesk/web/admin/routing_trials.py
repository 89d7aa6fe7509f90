"""Routing rules tried before they are in force: on a text, and on past requests, with what that costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row
from werkzeug.exceptions import NotFound as NoPage

from helpdesk import clock, i18n
from helpdesk.errors import HelpdeskError, Invalid
from helpdesk.services import accounts, catalogue, rulebook, trials
from helpdesk.services.triage import Decided
from helpdesk.vocabulary import ChannelKind, RulebookKind, RunState
from helpdesk.web import language
from helpdesk.web.admin import trying_told, words
from helpdesk.web.admin.room import room
from helpdesk.web.desk.reasons import Why, why
from helpdesk.web.desk.words import words as desk_words
from helpdesk.web.guards import admin, current_actor
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


USUAL_DAYS, MOST_MOVES = 90, 20
STATE = {
    RunState.WAITING: _("waits for a worker"),
    RunState.RUNNING: _("is under way"),
    RunState.DONE: _("is done"),
    RunState.FAILED: _("failed"),
}


@dataclass(frozen=True)
class Outcome:
    """Where a text goes by one version, and why."""

    version: str
    department: str
    service: str
    why: Why | None


@room.get("/rulebook/<int:id>/try-routing")
@admin
def try_routing(id: int) -> ResponseReturnValue:
    """Where routing rules are tried."""
    return _page(_ruleset(id), _usual())


def _usual() -> dict[str, str]:
    last = clock.now().astimezone(i18n.ZONE).date()
    return {"from": (last - timedelta(days=USUAL_DAYS)).isoformat(), "to": last.isoformat(), "channel": "email"}


def _ruleset(id_: int) -> Row[Any]:
    row = rulebook.record(id_)
    if row.kind != RulebookKind.RULESET:
        raise NoPage
    return row


def _page(
    row: Row[Any], values: Mapping[str, str], error: HelpdeskError | None = None, outcomes: Sequence[Outcome] = ()
) -> ResponseReturnValue:
    known = desk_words(language.current())
    page = render_template(
        "admin/try_routing.html", row=row, name=words.titled(row), state=words.STATE[row.state], values=values,
        outcomes=outcomes, differs=len({(one.department, one.service) for one in outcomes}) > 1,
        channels=[(kind.value, known["channel"][kind]) for kind in ChannelKind],
        addresses=[one.address for one in accounts.book().accounts if one.kind == "email"],
        services=[(one.key, words.name(one.names)) for one in catalogue.services()],
        problem=say(error.detail) if error else "", wrong=error.fields if error else {},
        runs=[(one, say(STATE[RunState(one.state)])) for one in trials.trials(row.id)],
    )  # fmt: skip
    return page, error.status if error else 200


@room.post("/rulebook/<int:id>/try-routing")
@admin
def try_routing_text(id: int) -> ResponseReturnValue:
    """Decides a text by the rules in force and by these; or begins to try these on past requests."""
    row, form = _ruleset(id), request.form
    if form.get("on") == "past":
        return _start(row)
    said = {name: form.get(name, "").replace("\x00", "")[:50_000] for name in ("subject", "text", "address", "sender")}
    tried = trials.try_text(
        current_actor(), id, said["subject"], said["text"], channel=_one_of(form, "channel", set(ChannelKind), "email"),
        address=said["address"], sender=said["sender"], service=form.get("service", "")[:80],
        language=_one_of(form, "language", set(i18n.LANGUAGES), i18n.DEFAULT),
    )  # fmt: skip
    return _page(row, _usual() | form.to_dict(), outcomes=[_outcome(tried.now, ""), _outcome(tried.then, _name(row))])


def _one_of(form: Mapping[str, str], name: str, words_: set[str], usual: str) -> str:
    return form.get(name, usual) if form.get(name) in words_ else usual


def _name(row: Row[Any]) -> str:
    return f"{row.key}@{row.number}"


def _outcome(decided: Decided, version: str) -> Outcome:
    known = catalogue.current()
    place = known.departments.get(decided.department_id or 0)
    service = known.services.get(decided.service_id or 0)
    return Outcome(
        version or decided.ruleset,
        words.name(place.names) if place is not None else say(_("Triage")),
        words.name(service.names) if service is not None else "",
        why(decided.routing(), desk_words(language.current())),
    )


def _start(row: Row[Any]) -> ResponseReturnValue:
    try:
        id_ = trials.start(current_actor(), row.id, _day("from"), _day("to"))
    except Invalid as error:
        return _page(row, _usual() | request.form.to_dict(), error)
    return redirect(url_for("admin.routing_trial", id=id_), 303)


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        raise Invalid(_("Please correct what is marked."), fields={name: _("Give a day.")}) from None


@room.get("/routing-trials/<int(max=999999999999999):id>")
@admin
def routing_trial(id: int) -> str:
    """What a trial on past requests came to; how far it is, alone, for a page that refreshes itself."""
    run = trials.trial(current_actor(), id)
    under_way = run.state in (RunState.WAITING, RunState.RUNNING)
    template = "admin/_routing_progress.html" if "HX-Request" in request.headers else "admin/routing_trial.html"
    row = rulebook.record(run.version_id)
    found, here = trials.Tally(**run.found), language.current()
    return render_template(
        template, run=run, under_way=under_way, state=say(STATE[RunState(run.state)]), row=row, name=words.titled(row),
        found=found, moves=_moves(found), shown=[_shown(one) for one in found.shown],
        share=100 * run.done / run.total if run.total else None, at=url_for("admin.routing_trial", id=id),
        first=i18n.plain_day(run.first_on, here), last=i18n.plain_day(run.last_on, here),
        now_right=_percent(found.right_now, found.known), then_right=_percent(found.right_then, found.known),
    )  # fmt: skip


def _percent(part: int, whole: int) -> str:
    return f"{trying_told.number(100 * part / whole)}%" if whole else "–"


def _moves(found: trials.Tally) -> list[tuple[str, str, int]]:
    """From where to where, the most first."""
    ranked = sorted(found.moves.items(), key=lambda item: -item[1])[:MOST_MOVES]
    return [(*(_place(int(part)) for part in move.split(">")), count) for move, count in ranked]  # type: ignore[misc]


def _place(id_: int | None) -> str:
    place = catalogue.current().departments.get(id_ or 0)
    return words.name(place.names) if place is not None else say(_("Triage"))


def _shown(one: Mapping[str, Any]) -> dict[str, Any]:
    right = _place(one["right"]) if one["right"] is not None else ""
    better = one["right"] is not None and (one["then"] == one["right"], one["now"] == one["right"])
    verdict = "" if not better else "better" if better == (True, False) else "worse" if better == (False, True) else ""
    return {**one, "now": _place(one["now"]), "then": _place(one["then"]), "right": right, "verdict": verdict}
