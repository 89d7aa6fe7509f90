"""Absences on the desk: one's own, and those of the people one leads; entered, called off, ended early."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock, i18n
from helpdesk.errors import HelpdeskError, Invalid
from helpdesk.permissions import Actor
from helpdesk.services import absences, catalogue
from helpdesk.services.absences import Leave
from helpdesk.vocabulary import Handing
from helpdesk.web import language
from helpdesk.web.desk import given
from helpdesk.web.desk.room import room
from helpdesk.web.guards import agent, current_actor
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


DONE = {"entered": _("The absence was entered."), "ended": _("The absence was ended.")}
HANDING = {
    Handing.RETURN: _("They go to the deputy, and come back at the end"),
    Handing.STAY: _("They go to the deputy, and stay there"),
    Handing.KEEP: _("They stay where they are: it is only short"),
}
"""What becomes of open cases, as the form asks."""
FIELDS = {
    "person_id": _("Who is away"),
    "from_day": _("First day away"),
    "from_time": _("From what time"),
    "until_day": _("Last day away"),
    "until_time": _("Until what time"),
    "deputy_id": _("Who stands in"),
    "handing": _("Open cases"),
}
_PLACED = {"from_at": "from_day", "until_at": "until_day"}


@dataclass(frozen=True)
class Line:
    """An absence, ready to print."""

    id: int
    who: str
    mine: bool
    since: str
    until: str
    deputy: str
    handing: str
    now: bool


@room.get("/absences")
@agent
def absences_page() -> ResponseReturnValue:
    """Who is away and who will be, as far as the reader enters it; and the form."""
    return _page()


@room.post("/absences")
@agent
def enter_absence() -> ResponseReturnValue:
    """Enters one."""
    try:
        absences.enter(current_actor(), _leave(request.form), at=clock.now())
    except Invalid as error:
        return _page(error, request.form)
    return redirect(url_for("desk.absences_page", done="entered"), 303)


@room.post("/absences/<int(max=999999999999999):id>/end")
@agent
def end_absence(id: int) -> ResponseReturnValue:
    """Calls it off, or ends it now."""
    try:
        absences.end(current_actor(), id, at=clock.now())
    except HelpdeskError as error:
        return _page(error)
    return redirect(url_for("desk.absences_page", done="ended"), 303)


def _leave(form: Mapping[str, str]) -> Leave:
    """What was typed; raises Invalid that names the field. The last day counts whole, unless a time is given."""
    first, last = _day(form, "from_day"), _day(form, "until_day")
    begin, end = absences.days(first, last)
    if (early := _time(form, "from_time")) is not None:
        begin = datetime.combine(first, early, i18n.ZONE)
    if (late := _time(form, "until_time")) is not None:
        end = datetime.combine(last, late, i18n.ZONE)
    person = given.number(form, "person_id") or current_actor().id or 0
    return Leave(person, begin, end, given.number(form, "deputy_id"), form.get("handing", Handing.RETURN))


def _day(form: Mapping[str, str], name: str) -> date:
    try:
        return date.fromisoformat(form.get(name, "").strip())
    except ValueError:
        raise Invalid("The absence cannot be entered like this.", fields={name: "Give a day."}) from None


def _time(form: Mapping[str, str], name: str) -> time | None:
    try:
        return time.fromisoformat(text) if (text := form.get(name, "").strip()) else None
    except ValueError:
        raise Invalid("The absence cannot be entered like this.", fields={name: "Give a time, like 14:30."}) from None


def _page(error: HelpdeskError | None = None, typed: Mapping[str, str] | None = None) -> ResponseReturnValue:
    actor, at = current_actor(), clock.now()
    people = absences.subordinates(actor)
    about = request.args.get("person", type=int) or actor.id
    page = render_template(
        "desk/absences.html",
        lines=lines(actor, at),
        people=[(str(one.id), one.name) for one in people] if len(people) > 1 else [],
        deputies=[(str(one.id), one.name) for one in _deputies(len(people) > 1)],
        handing=[(code.value, say(word)) for code, word in HANDING.items()],
        fields={name: say(word) for name, word in FIELDS.items()},
        usual=str(about if any(one.id == about for one in people) else actor.id),
        act="away", typed=typed or {}, problem=say(error.detail) if error else "",
        wrong={_PLACED.get(name, name): told for name, told in error.fields.items()} if error else {},
        done=say(DONE[request.args["done"]]) if request.args.get("done") in DONE else "",
    )  # fmt: skip
    return page, error.status if error else 200


def _deputies(all_: bool) -> list[catalogue.Colleague]:
    """Who can stand in for the reader; whoever enters it for others chooses among all, and the service refuses."""
    return catalogue.colleagues() if all_ else absences.deputies(current_actor().id or 0)


def lines(actor: Actor, at: datetime, person_id: int | None = None) -> list[Line]:
    """The absences that are not over and that the actor may enter or end; of one person, where one is named."""
    found = absences.coming(actor, at)
    return [_line(row, at) for row in found if person_id is None or row.person_id == person_id]


def _line(row: Any, at: datetime) -> Line:
    known = catalogue.current().colleagues
    deputy = known.get(row.deputy_id or 0)
    return Line(
        row.id,
        known[row.person_id].name,
        row.person_id == current_actor().id,
        _moment(row.from_at),
        _moment(row.until_at, end=True),
        deputy.name if deputy else "",
        say(HANDING[Handing(row.handing)]),
        row.from_at <= at,
    )


def _moment(at: datetime, *, end: bool = False) -> str:
    """A day where it lies at midnight (an end: the last day), else with its time."""
    here, reads = at.astimezone(i18n.ZONE), language.current()
    if here.time() != time():
        return i18n.moment(at, reads)
    return i18n.plain_day(here.date() - timedelta(days=1) if end else here.date(), reads)
