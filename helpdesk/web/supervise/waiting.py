"""The review of what waits: over-long first, then the oldest; ended from there, or let wait longer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock, i18n
from helpdesk.errors import Forbidden, HelpdeskError, Invalid, Stale
from helpdesk.services import waiting
from helpdesk.services.waiting import prospects
from helpdesk.vocabulary import WaitingReason
from helpdesk.web import language
from helpdesk.web.desk import given, pauses
from helpdesk.web.desk.lines import moment
from helpdesk.web.desk.words import Words, words
from helpdesk.web.guards import current_actor, supervisor
from helpdesk.web.supervise import told
from helpdesk.web.supervise.figures import department_names
from helpdesk.web.supervise.room import room
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


DONE = {"ended": _("Waiting was ended."), "extended": _("It may wait longer now.")}
REFUSED = {
    "stale-version": _("Somebody changed this ticket meanwhile. Nothing was changed."),
    "illegal-move": _("It does not wait any more. Nothing was changed."),
}
ACTS = {"end": "ended", "extend": "extended"}


@dataclass(frozen=True)
class Line:
    """A ticket that waits, ready to print."""

    number: int
    version: int
    subject: str
    language: str
    department: str
    reason: str
    since: str
    age: str
    until: str
    reminders: int
    set_by: str
    assignee: str
    over: bool
    extended: int
    told: Sequence[str]
    error: str


@dataclass(frozen=True)
class Asked:
    """What the query string asks for."""

    department: str
    reason: str
    agent: str

    def args(self, **other: Any) -> dict[str, Any]:
        """The same as a query string; what is empty is left out."""
        known = {"department": self.department, "reason": self.reason, "agent": self.agent} | other
        return {name: str(value) for name, value in known.items() if value}


@room.get("/waiting")
@supervisor
def waiting_list() -> ResponseReturnValue:
    """The list."""
    return _page()


def _page(number: int = 0, error: HelpdeskError | None = None) -> ResponseReturnValue:
    asked, now, here = _asked(), clock.now(), words(language.current())
    actor, names = current_actor(), department_names()
    place = request.args.get("cursor", "")
    part = waiting.listed(actor, _wanted(asked, names), place, now=now)
    page = render_template(
        "supervise/waiting.html",
        lines=[_line(row, names, now, here) for row in part.rows],
        asked=asked,
        places=[(key, name) for key, name in names.values()],
        reasons=[(reason.value, here["waiting"][reason.value]) for reason in WaitingReason],
        agents=[(str(id_), name) for id_, name in waiting.setters(actor)],
        done=say(DONE[request.args["done"]]) if request.args.get("done") in DONE else "",
        problem=say(REFUSED.get(error.code, error.detail)) if error else "",
        wrong=error.fields if error else {},
        failed=number,
        first_url=url_for("supervise.waiting_list", **asked.args()) if place else None,
        next_url=url_for("supervise.waiting_list", **asked.args(cursor=part.next)) if part.next else None,
    )
    return page, error.status if error else 200


def _asked() -> Asked:
    return Asked(*(request.args.get(name, "").strip() for name in ("department", "reason", "agent")))


def _wanted(asked: Asked, names: Mapping[int | None, tuple[str, str]]) -> waiting.Wanted:
    places = {key: id_ or 0 for id_, (key, _name) in names.items()}
    if asked.department and asked.department not in places:
        raise Invalid("There is no such department.", fields={"department": "unknown"})
    agent = int(asked.agent) if asked.agent.isdecimal() and len(asked.agent) < 16 else None
    return waiting.Wanted(places.get(asked.department), asked.reason, agent)


def _line(row: Any, names: Mapping[int | None, tuple[str, str]], now: datetime, here: Words) -> Line:
    coming = prospects.read(row)
    times = here["time"]
    return Line(
        number=row.id,
        version=row.version,
        subject=row.subject,
        language=row.language,
        department=i18n.pick(row.department, here.language) if row.department else times["triage"],
        reason=here["waiting"].get(row.reason, row.reason),
        since=moment(row.since, now, here.language),
        age=told.calendar((now - row.since).total_seconds(), here.language),
        until=moment(row.waiting_until, now, here.language) if row.waiting_until else "",
        reminders=row.reminders,
        set_by=row.set_by or times["nobody"],
        assignee=row.assignee or times["nobody"],
        over=row.short == 0,
        extended=row.extended,
        told=pauses.sentences(coming, now, here)[1:],
        error=row.error or "",
    )


@room.post("/waiting/<int(max=999999999999999):number>")
@supervisor
def review_waiting(number: int) -> ResponseReturnValue:
    """Ends it, or lets it wait longer."""
    form, act = request.form, request.form.get("act", "")
    try:
        _act(number, act, form)
    except (Stale, Invalid, Forbidden) as error:
        return _page(number, error)
    return redirect(url_for("supervise.waiting_list", **_asked().args(done=ACTS[act])), 303)


def _act(number: int, act: str, form: Mapping[str, str]) -> None:
    actor, why, version = current_actor(), form.get("reason", "").strip(), given.version(form)
    if act not in ACTS:
        raise Invalid("Choose what to do.", fields={"act": "is needed"})
    if not why:
        raise Invalid(_("Say why."), fields={"reason": _("Give the reason in a few words.")})
    if act == "end":
        waiting.end(actor, number, why, version=version)
        return
    until = given.moment(form, "until")
    if until is None:
        raise Invalid(_("Say until when."), fields={"until": _("A moment to come.")})
    waiting.extend(actor, number, until, why, version=version)
