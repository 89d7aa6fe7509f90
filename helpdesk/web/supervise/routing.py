"""How well requests reach those who answer them: handed on, come back, time lost; and the classifier's figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock, i18n
from helpdesk.errors import HelpdeskError, Invalid
from helpdesk.permissions import may
from helpdesk.services import catalogue, learning
from helpdesk.services.learning import Demands
from helpdesk.services.reports import routing
from helpdesk.services.reports.routing import Means, Measures
from helpdesk.web import language
from helpdesk.web.guards import admin, current_actor, supervisor
from helpdesk.web.supervise import told
from helpdesk.web.supervise.figures import asked, department_names, frame
from helpdesk.web.supervise.room import room
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


MEANS = {
    "rule": _("Rule: %(title)s"),
    "service": _("The service's department"),
    "address": _("The address that was written to"),
    "classifier": _("The classifier"),
    "staff": _("A colleague, from triage or when taking it down"),
    "default": _("The default of the rules"),
}
WHY = {"nightly": _("at night"), "corrections": _("after corrections"), "by hand": _("by hand")}


@dataclass(frozen=True)
class Row:
    """A department's or a means' line."""

    name: str
    n: str
    handed_on: str
    share: str
    came_back: str
    lost: str
    lost_most: str


@dataclass(frozen=True)
class Version:
    """A version of the classifier, ready to print."""

    number: int
    trained: Any
    examples: str
    why: str
    in_force: bool


@dataclass(frozen=True)
class Model:
    """The classifier's standing: what people made of its proposals in the period, and what it may do."""

    versions: Sequence[Version]
    settled: str
    right: str
    apart: str
    routed: str
    routed_right: str
    before: str
    drift: bool
    alone: Sequence[tuple[str, str]]
    """Departments it may send to without a human, and from which confidence."""
    missing: int
    """Proposals that people must still settle before it may send anything."""
    asked: Demands


DONE = {
    "put-back": _("That version of the classifier is asked from now on."),
    "demanded": _("That is asked of the classifier from now on."),
}


@room.get("/routing")
@supervisor
def routing_report() -> ResponseReturnValue:
    """The page."""
    return _page()


def _page(error: HelpdeskError | None = None) -> ResponseReturnValue:
    now, actor = clock.now(), current_actor()
    wanted = asked(now)
    report = routing.report(actor, wanted.period, wanted.department_id)
    names = department_names()
    page = render_template(
        "supervise/routing.html",
        firsts=[_row(names[id_][1], one) for id_, one in report.by_department.items() if id_ in names],
        means=[_row(_means(key), one) for key, one in report.by_means.items()],
        whole=_row("", report.whole),
        counted=report.whole.n,
        model=_model(wanted.period),
        may_put_back=may(actor, "administer"),
        done=say(DONE[request.args["done"]]) if request.args.get("done") in DONE else "",
        problem=say(error.detail) if error else "",
        wrong=error.fields if error else {},
        **frame(wanted, now),
    )
    return page, error.status if error else 200


def _row(name: str, measures: Measures) -> Row:
    here = language.current()
    times = (measures.lost_median, measures.lost_p90)
    lost, most = (told.NOTHING if value is None else told.calendar(value, here) for value in times)
    percent = told.NOTHING if measures.share is None else f"{told.number(measures.share, here)}%"
    number, handed_on, came_back = (
        told.number(count, here) for count in (measures.n, measures.handed_on, measures.came_back)
    )
    return Row(name, number, handed_on, percent, came_back, lost, most)


def _means(key: Means) -> str:
    by, title = key
    template = MEANS.get(by, MEANS["default"])
    return say(template, title=title) if "%(" in template else say(template)


def _model(period: Any) -> Model | None:
    kept = learning.versions()
    if not kept:
        return None
    here, found = language.current(), learning.measured(period.end, period.end - period.begin)
    demands = learning.demands()
    held = next((row for row in kept if row.state == "in_force"), None)
    return Model(
        [_version(row, here) for row in kept],
        told.number(found.settled, here),
        _share(found.right),
        _share(found.calibration_error),
        told.number(found.routed, here),
        _share(found.routed_right),
        _share(found.before),
        found.drift,
        _alone(held.thresholds if held else {}, here),
        max(0, demands.proven - learning.proven()),
        demands,
    )


def _version(row: Any, here: str) -> Version:
    why = say(WHY[row.why]) if row.why in WHY else row.why
    return Version(row.number, row.trained_at, told.number(row.examples, here), why, row.state == "in_force")


def _alone(thresholds: dict[str, float], here: str) -> list[tuple[str, str]]:
    names = {row.key: i18n.pick(row.names, here) for row in catalogue.departments()}
    return [(names[key], _share(lowest)) for key, lowest in sorted(thresholds.items()) if key in names]


def _share(value: float | None) -> str:
    return told.NOTHING if value is None else f"{value:.0%}"


@room.post("/routing/put-back")
@admin
def put_back_model() -> ResponseReturnValue:
    """Lets an earlier version of the classifier be asked again."""
    number = request.form.get("number", "")
    if not (number.isdecimal() and len(number) < 10):
        raise Invalid("There is no such version of the classifier.", fields={"number": "unknown"})
    learning.put_back(current_actor(), int(number))
    return redirect(url_for("supervise.routing_report", done="put-back", _anchor="classifier"), 303)


@room.post("/routing/demands")
@admin
def demand_of_model() -> ResponseReturnValue:
    """Says how often the classifier must be right, and how long people must have watched it, before it sends alone."""
    try:
        learning.demand(current_actor(), Demands(_number("precision"), _number("proven")))
    except Invalid as error:
        return _page(error)
    return redirect(url_for("supervise.routing_report", done="demanded", _anchor="classifier"), 303)


def _number(name: str) -> int:
    given = request.form.get(name, "").strip()
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0
