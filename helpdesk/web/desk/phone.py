"""An agent's telephone: the call in hand, who it may be, what to do with it; its sound is an ordinary telephone's."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock
from helpdesk.errors import HelpdeskError, Invalid
from helpdesk.permissions import Actor
from helpdesk.services import calling, calls, catalogue
from helpdesk.services.calls import reading
from helpdesk.services.conversation import Conversation
from helpdesk.vocabulary import CallState, Direction, RecordingState
from helpdesk.web.desk import given
from helpdesk.web.desk.called import FILES, OUTCOMES, RESULTS
from helpdesk.web.desk.room import room
from helpdesk.web.desk.words import Words
from helpdesk.web.guards import agent, current_actor
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


STATES: Mapping[str, str] = {
    CallState.OFFERED: _("Your telephone is ringing"),
    CallState.RINGING_AGENT: _("Your telephone is ringing: press 1 there"),
    CallState.RINGING_CITIZEN: _("The citizen's telephone is ringing"),
    CallState.TALKING: _("You are talking"),
    CallState.PARTING: _("The call is ending"),
    CallState.WRAP_UP: _("Write down what came of it"),
}
_CALL = "/phone/<int(max=999999999999999):id>"


@room.get("/phone")
@agent
def phone() -> str:
    """The telephone."""
    return _page()


@room.get("/phone/now")
@agent
def phone_now() -> str:
    """The part that changes by itself."""
    return render_template("desk/_phone_now.html", **_values())


def _page(error: HelpdeskError | None = None) -> str:
    return render_template("desk/phone.html", **_values(), **_refusal(error))


def _refusal(error: HelpdeskError | None) -> dict[str, Any]:
    wrong = error.fields if isinstance(error, Invalid) else {}
    return {"problem": say(error.detail) if error else "", "wrong": wrong, "typed": request.form.to_dict()}


def _values() -> dict[str, Any]:
    actor = current_actor()
    panel = reading.panel(actor, clock.now())
    state = panel.call.state if panel.call else ""
    return {
        "panel": panel, "call": panel.call, "state_word": say(STATES[state]) if state in STATES else "",
        "outcomes": [(code, say(word)) for code, word in OUTCOMES.items()], "colleagues": _colleagues(actor),
        "results": RESULTS, "departments": catalogue.current().departments,
    }  # fmt: skip


def _colleagues(actor: Actor) -> list[tuple[int, str]]:
    """Whom one may bring in: whoever has told a telephone."""
    lines, known = calls.telephones(), catalogue.current().colleagues
    found = [(id_, known[id_].name) for id_ in lines if id_ in known and id_ != actor.id]
    return sorted(found, key=lambda one: one[1])


def _done(act: Callable[[], object], told: str = "") -> ResponseReturnValue:
    """Does it and shows the page again; a refusal stands on it."""
    try:
        act()
    except HelpdeskError as error:
        return _page(error), error.status
    if told:
        flash({"text": say(told)}, "toast")  # type: ignore[arg-type]
    return redirect(url_for("desk.phone"), 303)


@room.post("/phone/line")
@agent
def phone_line() -> ResponseReturnValue:
    """At which telephone one is rung."""
    telephone = request.form.get("telephone", "")
    return _done(lambda: calls.sit_at(current_actor(), telephone), _("Your telephone was saved."))


@room.post("/phone/call")
@agent
def phone_call() -> ResponseReturnValue:
    """Calls a number: one's own telephone first."""
    ticket, person = (given.number(request.form, name) for name in ("ticket", "person"))
    number = request.form.get("number", "")
    return _done(lambda: calling.call(current_actor(), number, ticket_id=ticket, person_id=person))


@room.post(f"{_CALL}/hold")
@agent
def phone_hold(id: int) -> ResponseReturnValue:
    """The citizen hears music, or one again."""
    return _done(lambda: calls.hold(current_actor(), id, on=request.form.get("on") == "yes"))


@room.post(f"{_CALL}/bring-in")
@agent
def phone_bring_in(id: int) -> ResponseReturnValue:
    """Rings a colleague or a number into the call."""
    colleague = given.number(request.form, "colleague")
    number = request.form.get("number", "")
    return _done(lambda: calls.bring_in(current_actor(), id, colleague_id=colleague, number=number))


@room.post(f"{_CALL}/pass-on")
@agent
def phone_pass_on(id: int) -> ResponseReturnValue:
    """Leaves the citizen with whoever was brought in."""
    return _done(lambda: calls.pass_on(current_actor(), id), _("The call was passed on."))


@room.post(f"{_CALL}/hang-up")
@agent
def phone_hang_up(id: int) -> ResponseReturnValue:
    """Ends it."""
    return _done(lambda: calls.hang_up(current_actor(), id))


@room.post(f"{_CALL}/recording")
@agent
def phone_recording(id: int) -> ResponseReturnValue:
    """Pauses what is recorded, or goes on."""
    paused = request.form.get("paused") == "yes"
    told = _("The recording is paused.") if paused else _("The recording goes on.")
    return _done(lambda: calls.pause_recording(current_actor(), id, paused=paused), told)


@room.post(f"{_CALL}/who")
@agent
def phone_who(id: int) -> ResponseReturnValue:
    """Who it is, and which request it is about."""
    person, ticket = (given.number(request.form, name) for name in ("person", "ticket"))
    return _done(lambda: calls.choose(current_actor(), id, person_id=person, ticket_id=ticket))


@room.post(f"{_CALL}/identity")
@agent
def phone_identity(id: int) -> ResponseReturnValue:
    """The questions were answered."""
    return _done(lambda: calls.confirm_identity(current_actor(), id))


@room.post(f"{_CALL}/wrap-up")
@agent
def phone_wrap_up(id: int) -> ResponseReturnValue:
    """What came of it; leads to the request that it stands on."""
    form = request.form
    try:
        number = calls.wrap_up(current_actor(), id, form.get("outcome", ""), form.get("note", ""))
    except HelpdeskError as error:
        return _page(error), error.status
    return redirect(url_for("desk.ticket", number=number), 303)


@room.get("/recordings/<int(max=999999999999999):id>")
@agent
def recording(id: int) -> ResponseReturnValue:
    """A recording to listen to; that one did is written down."""
    sound, kind = reading.listen(current_actor(), id)
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "no-store"}
    return Response(sound, content_type=kind, headers=headers)


def panel(actor: Actor, found: Conversation, known: Words) -> Mapping[str, Any] | None:
    """Beside a ticket: its calls and recordings, and the citizen's number to call."""
    row = found.ticket
    lines = [_line(one) for one in reading.of_ticket(row.id)] if row.channel == "phone" else []
    number = getattr(row, "requester_phone", None) or getattr(row, "phone", None) or ""
    if not lines and not number:
        return None
    return {"lines": lines, "number": number, "may_call": "reply" in found.allowed}


def _line(one: Any) -> dict[str, Any]:
    talked = one.ended_at - one.bridged_at if one.bridged_at and one.ended_at else None
    return {
        "at": one.started_at, "out": one.direction == Direction.OUTBOUND,
        "word": say(OUTCOMES.get(one.outcome) or RESULTS.get(one.result) or _("In progress")), "talked": talked,
        "recording": one.recording_id if one.file == RecordingState.KEPT else None,
        "file": say(FILES[one.file]) if one.file and one.file != RecordingState.KEPT else "",
        "seconds": one.seconds, "transcript": one.transcript, "confidence": one.confidence,
    }  # fmt: skip
