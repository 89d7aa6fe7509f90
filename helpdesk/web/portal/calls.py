"""Being called back: choose the department, a time that is free, say which number; later another time, or none."""

from datetime import datetime
from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from helpdesk import clock, i18n
from helpdesk.errors import Forbidden, HelpdeskError, Invalid, Stale
from helpdesk.permissions import SYSTEM
from helpdesk.services import appointments, asking_calls, callbacks, catalogue, following, intake, slots
from helpdesk.services.asking_calls import Asked
from helpdesk.services.slots import Held, Window
from helpdesk.vocabulary import PromiseWay
from helpdesk.web import language
from helpdesk.web.contact import is_mail
from helpdesk.web.guards import citizen, current_actor, public
from helpdesk.web.portal import fields, keyring
from helpdesk.web.portal.doors import portal
from helpdesk.web.portal.fields import Filled
from helpdesk.web.portal.requests import ONE
from helpdesk.web.safety import limiter
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


MOST_DAYS = 5
"""Days of which a page shows the times."""

LONGEST_ABOUT = 500
Days = list[tuple[str, list[tuple[str, str]]]]


@portal.get("/callback")
@public
def callback() -> ResponseReturnValue:
    """The departments that call back, each with its earliest time; of a named one all times that are free."""
    key = request.args.get("department", "")
    return _times(_department(key)) if key else _departments()


def _departments() -> ResponseReturnValue:
    now, rules = clock.now(), slots.rules()
    offering = [row for row in catalogue.departments() if row.id in rules and rules[row.id].offered]
    earliest = {row.id: next(iter(slots.offered(row.id, now, rules[row.id])), None) for row in offering}
    told = {id_: when(one) for id_, one in earliest.items() if one}
    return render_template("portal/callback.html", departments=offering, told=told)


def _department(key: str) -> Any:
    """The department of that key that calls back; else not found."""
    row = next((one for one in catalogue.departments() if one.key == key), None)
    if row is None or not slots.of(row.id).offered:
        raise NotFound
    return row


def _times(row: Any, problem: dict[str, str] | None = None, status: int = 422) -> ResponseReturnValue:
    days = free(row.id, clock.now())
    page = render_template("portal/callback_times.html", department=row, days=days, problem=problem or {})
    return page, status if problem else 200


def free(department_id: int, now: datetime) -> Days:
    """The free times by day: the moment as the form sends it, and the hours in words."""
    here = language.current()
    by_day = groupby(slots.offered(department_id, now), lambda one: one.begins_at.astimezone(i18n.ZONE).date())
    days = [list(many) for _day, many in by_day][:MOST_DAYS]
    return [
        (i18n.day(many[0].begins_at, here), [(one.begins_at.isoformat(), _hours(one, here)) for one in many])
        for many in days
    ]


def _hours(one: Window | Held, here: str) -> str:
    return f"{i18n.clock_time(one.begins_at, here)} – {i18n.clock_time(one.ends_at, here)}"


def when(one: Window | Held) -> str:
    """``Tuesday 24 November 2026, 10:00 – 10:30``."""
    here = language.current()
    return f"{i18n.day(one.begins_at, here)}, {_hours(one, here)}"


@portal.post("/callback/time")
@public
@limiter.limit("15/minute;60/hour")
def callback_time() -> ResponseReturnValue:
    """Keeps the chosen time for five minutes, and asks for the number."""
    row = _department(request.form.get("department", ""))
    begins = chosen()
    if begins is None:
        return _times(row, {"slot": say("Choose a time.")})
    try:
        held = slots.hold(row.id, begins, clock.now())
    except (Invalid, Stale):
        return _times(row, {"slot": say("This time was taken meanwhile. Choose another one.")}, 409)
    return redirect(url_for("portal.callback_details", hold=held.token), 303)


def chosen() -> datetime | None:
    """The time that the form names."""
    try:
        at = datetime.fromisoformat(request.form.get("slot", ""))
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


@portal.get("/callback/details")
@public
def callback_details() -> ResponseReturnValue:
    """Which number, and who: while the place is kept."""
    held = slots.held(request.args.get("hold", "")[:100], clock.now())
    if held is None:
        return _lapsed()
    return _details(held, Filled({"language": language.current(), "way": PromiseWay.PHONE.value}))


def _lapsed() -> ResponseReturnValue:
    flash(say("We kept your time for five minutes. Please choose again; it may still be free."), "notice")
    return redirect(url_for("portal.callback"), 303)


def _details(held: Held, filled: Filled, status: int = 422) -> ResponseReturnValue:
    page = render_template(
        "portal/callback_details.html", held=held, when=when(held), values=filled.values, problem=filled.errors,
        department=catalogue.current().departments[held.department_id], ways=[(key, say(told)) for key, told in WAYS],
        until=i18n.clock_time(held.expires_at, language.current()), countries=_countries(),
    )  # fmt: skip
    return page, status if filled.errors else 200


@portal.post("/callback/details")
@public
@limiter.limit("10/minute;30/hour")
def callback_send() -> ResponseReturnValue:
    """Books the time and opens the request."""
    now = clock.now()
    token = request.form.get("hold", "")[:100]
    held = slots.held(token, now)
    if held is None:
        return _lapsed()
    filled = _filled()
    if filled.errors:
        return _details(held, filled)
    try:
        opened = asking_calls.ask(SYSTEM, _asked(held, filled), at=now)
    except (Invalid, Stale) as error:
        filled.errors |= _refused(error)
        return _details(held, filled, error.status)
    keyring.remember(opened.number, opened.tracking_version)
    return redirect(url_for("portal.track_called", number=opened.number), 303)


def _filled() -> Filled:
    filled = Filled(fields.typed(["way", "phone", "name", "email", "about", "language"]))
    values = filled.values
    if values["way"] not in set(PromiseWay):
        values["way"] = PromiseWay.PHONE.value
    if values["way"] == PromiseWay.PHONE:
        filled.require("phone", say("Write the telephone number on which we can reach you."))
    else:
        filled.require("email", say("Write the e-mail address at which we can reach you."))
    filled.require("name", say("Tell us your name."))
    values["name"] = " ".join(values["name"].split())
    if values["email"] and not is_mail(values["email"]):
        filled.errors["email"] = say("Write the e-mail address in Latin letters, like name@example.com.")
    for name, most in {"name": 200, "phone": 40, "about": LONGEST_ABOUT}.items():
        if len(values[name]) > most:
            filled.errors[name] = say("Use at most %(count)s characters.", count=most)
    if request.form.get(fields.TRAP):
        filled.errors[fields.TRAP] = say("Leave the field “Website” empty; your browser may have filled it in.")
    return filled


def _asked(held: Held, filled: Filled) -> Asked:
    values = filled.values
    return Asked(
        held.department_id, held.begins_at, values["phone"], values["name"], values["about"], values["email"],
        language.current(), hold=held.token, way=PromiseWay(values["way"]),
    )  # fmt: skip


WAYS = (
    (PromiseWay.PHONE.value, _("On the telephone")),
    (PromiseWay.CHAT.value, _("In writing, in a chat on these pages")),
    (PromiseWay.EMAIL.value, _("In writing, by e-mail")),
)
"""How somebody wants to be spoken with; who cannot hear or speak needs no telephone."""

MET_ALREADY = _("An appointment with this address is promised already. The link in our letter changes it.")
_REFUSALS = {
    "number-refused": _("We can ring fixed and mobile telephones (%(countries)s), like 2101234567 or 6912345678."),
    "call-asked": _("A call to this number is promised already. The link in our letter changes it."),
    "call-too-often": _("There were several calls to this number today. Please try again tomorrow, or ring us."),
}


def _countries() -> str:
    """Whose telephones we ring, by name."""
    return i18n.countries(slots.brakes().countries, language.current())


def _refused(error: HelpdeskError) -> dict[str, str]:
    if error.code == "appointment-asked":
        return {"email": say(MET_ALREADY)}
    told = _REFUSALS.get(error.code)
    if not told:
        return {"hold": say("This time was taken meanwhile. Choose another one.")}
    return {"phone": say(told, countries=_countries())}


@portal.get(f"{ONE}/called")
@citizen
def track_called(number: int) -> ResponseReturnValue:
    """After asking: when we ring, and how to find the request again."""
    call = callbacks.standing(number)
    if call is None:
        return redirect(url_for("portal.track_request", number=number), 303)
    opened = intake.opened(number)
    department = catalogue.current().departments.get(opened.department_id or 0)
    return render_template("portal/called.html", opened=opened, call=call.promise, department=department)


@portal.get(f"{ONE}/call")
@citizen
def track_call(number: int) -> ResponseReturnValue:
    """The promised call, with other times that are free: from a letter's link, reading changes nothing."""
    return _call(number)


def _call(number: int, problem: dict[str, str] | None = None, status: int = 422) -> ResponseReturnValue:
    row, call = following.request(number), callbacks.standing(number)
    place = call.promise.department_id if call else callbacks.department_of(number)
    page = render_template(
        "portal/call.html", row=row, call=call.promise if call else None, ringing=call.ringing if call else None,
        chat_now=appointments.may_open(number, clock.now()),
        days=free(place, clock.now()) if place and row.status not in _OVER else [], problem=problem or {},
    )  # fmt: skip
    return page, status if problem else 200


_OVER = frozenset({"resolved", "closed", "cancelled", "merged"})


@portal.post(f"{ONE}/call")
@citizen
@limiter.limit("10/minute;40/hour")
def track_move_call(number: int) -> ResponseReturnValue:
    """Another time; where no call is owed any more, a new one."""
    begins = chosen()
    if begins is None:
        return _call(number, {"slot": say("Choose a time.")})
    try:
        if callbacks.is_owed(number):
            callbacks.move(current_actor(), number, begins)
        else:
            callbacks.choose_again(current_actor(), number, begins)
    except (Invalid, Stale, Forbidden) as error:
        told = say("This time was taken meanwhile. Choose another one.") if error.code in _TAKEN else say(error.detail)
        return _call(number, {"slot": told}, error.status)
    flash(say("We will ring you then."), "done")
    return redirect(url_for("portal.track_called", number=number), 303)


_TAKEN = frozenset({"slot-full", "invalid"})


@portal.post(f"{ONE}/call/cancel")
@citizen
@limiter.limit("10/minute")
def track_cancel_call(number: int) -> ResponseReturnValue:
    """No call any more; the request goes on in writing. A second press changes nothing."""
    try:
        callbacks.cancel(current_actor(), number)
        flash(say("We will not ring you. Your request goes on as before."), "done")
    except (Stale, Forbidden):
        flash(say("Your request changed meanwhile. This is how it stands now."), "done")
    return redirect(url_for("portal.track_request", number=number), 303)
