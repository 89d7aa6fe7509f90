"""How well breach risk foretells: learned on the earlier past, judged on the later; and the list of what is at risk."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for

from helpdesk import clock, i18n
from helpdesk.permissions import Actor
from helpdesk.services import people, risks
from helpdesk.services.risks import AtRisk
from helpdesk.web import language
from helpdesk.web.desk.foretelling import Foretold, foretold, percent
from helpdesk.web.desk.lines import moment
from helpdesk.web.desk.words import words
from helpdesk.web.guards import current_actor, supervisor
from helpdesk.web.supervise import pictures, told
from helpdesk.web.supervise.figures import department_names
from helpdesk.web.supervise.room import room
from helpdesk.web.templating import say
from sla.backtest import BackTest, Score


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


SORTS = ("risk", "due", "department")
ENOUGH = 200
"""Fewer judged forecasts than this say little about how well it foretells."""


@dataclass(frozen=True)
class Line:
    """A ticket that may be missed, ready to print."""

    number: int
    subject: str
    language: str
    department: str
    assignee: str
    clock: str
    due: str
    left: str
    risk: Foretold


def at_risk(actor: Actor, now: Any, sort: str) -> list[Line]:
    """The likeliest to be missed, in that order."""
    here, names = language.current(), department_names()
    found = risks.likeliest(actor, now)
    working = people.names(one.assignee_id for one in found if one.assignee_id is not None)
    orders = {
        "due": lambda one: (one.due_at, one.number),
        "department": lambda one: (names[one.department_id][1], -one.risk.share, one.number),
    }
    ordered = sorted(found, key=orders[sort]) if sort in orders else found
    return [_line(one, names[one.department_id][1], working, now, here) for one in ordered]


def _line(one: AtRisk, department: str, working: dict[int, str], now: Any, here: str) -> Line:
    known = words(here)
    return Line(
        one.number,
        one.subject,
        one.language,
        department,
        working.get(one.assignee_id or 0, known["time"]["nobody"]),
        known["clock"].get(one.clock, one.clock),
        moment(one.due_at, now, here),
        i18n.duration(one.due_at - now, here),
        foretold(one.risk),
    )


def sort_asked() -> str:
    """By what the list is ordered; risk where nothing known is asked."""
    wished = request.args.get("sort", "risk")
    return wished if wished in SORTS else "risk"


@dataclass(frozen=True)
class Judged:
    """A line of a table of scores."""

    name: str
    n: str
    missed: str
    brier: str
    base: str
    by_age: str
    saved: str


@room.get("/risk")
@supervisor
def risk() -> str:
    """The trial, its picture and its tables."""
    now, here = clock.now(), language.current()
    past, trial = risks.trial(current_actor(), now)
    return render_template(
        "supervise/risk.html",
        trial=trial,
        verdict=verdict(trial),
        plot=pictures.calibration(trial.bins),
        bins=[_bin(one, here) for one in trial.bins],
        whole=_judged(say(_("All together")), trial.whole, here),
        ages=[_judged(say(_("%(age)s%% used"), age=age), score, here) for age, score in trial.ages.items() if score.n],
        clocks=[_judged(words(here)["clock"].get(name, name), score, here) for name, score in trial.clocks.items()],
        since=told.whole_day((past.at - risks.YEAR).astimezone(i18n.ZONE).date(), here),
        parted=told.whole_day(past.parted_at.astimezone(i18n.ZONE).date(), here) if past.parted_at else "",
        loaded=i18n.moment(past.at, here),
        counts={name: told.number(getattr(trial, name), here) for name in ("learned", "judged", "unforetold")},
        board_url=url_for("supervise.now_board", _anchor="at-risk"),
    )


def verdict(trial: BackTest) -> str:
    """In one sentence whether to rely on it."""
    skill = trial.whole.skill
    if trial.whole.n < ENOUGH or skill is None:
        return say(_("There is too little past yet to say how well it foretells. Look again when more has ended."))
    if skill < 0.02:
        return say(_("It foretells no better than the usual share of missed ones: do not rely on it."))
    return say(
        _("On later cycles, which it had not seen, it saved %(saved)s of the error of always saying the usual share."),
        saved=percent(skill),
    )


def _judged(name: str, score: Score, here: str) -> Judged:
    skill = score.skill
    return Judged(
        name,
        told.number(score.n, here),
        percent(score.share),
        told.decimal(score.brier, here),
        told.decimal(score.base, here),
        told.decimal(score.by_age, here),
        told.NOTHING if skill is None else f"{round(100 * skill)}%",
    )


def _bin(one: Any, here: str) -> Sequence[str]:
    low, high = one.interval
    reach = f"{round(100 * low)}–{round(100 * high)}%"
    span = f"{round(100 * one.low)}–{round(100 * one.high)}%"
    return span, told.number(one.n, here), percent(one.foretold), percent(one.came), reach
