"""A promised call on the desk: how it stands, ringing, noting how it went, moving it, and choosing a free time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from helpdesk import clock, i18n
from helpdesk.errors import Invalid
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import callbacks, conversation, slots
from helpdesk.services.callbacks import Standing
from helpdesk.services.conversation import Conversation
from helpdesk.vocabulary import PromiseState
from helpdesk.web import language
from helpdesk.web.desk import given
from helpdesk.web.desk.deeds import Act, Before, Undo
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
    PromiseState.SCHEDULED: _("promised"),
    PromiseState.RINGING: _("being rung"),
    PromiseState.RETRY_WAIT: _("not reached yet"),
}
ORIGIN = {
    "portal": _("asked for on the portal"),
    "agent": _("promised by a colleague"),
    "queue": _("kept their place in the queue"),
    "chat": _("asked for in a chat"),
    "api": _("asked for through a program"),
}


WAY = {"chat": _("in writing, in a chat"), "email": _("in writing, by e-mail")}
"""For who cannot hear or speak, or would rather write."""


@dataclass(frozen=True)
class Try:
    """One attempt, ready to print."""

    number: int
    when: str
    who: str
    outcome: str
    reached: bool


@dataclass(frozen=True)
class Panel:
    """The call that is owed: its window, by which number, how it stands, what was tried, and what the reader may do."""

    window: str
    phone: str
    state: str
    origin: str
    tone: str
    late: bool
    due: str
    tries: Sequence[Try]
    ringing: bool
    mine: bool
    connects: bool
    way: str


def panel(actor: Actor, found: Conversation, known: Words) -> Panel | None:
    """None where no call is owed, which the journal tells; else one statement."""
    if found.call_back is None:
        return None
    standing = callbacks.standing(found.ticket.id, actor.id)
    return _panel(actor, standing, known) if standing else None


def _panel(actor: Actor, standing: Standing, known: Words) -> Panel:
    row, now, here = standing.promise, clock.now(), known.language
    ringing, late = standing.ringing, standing.is_late(now)
    return Panel(
        window=window(row.begins_at, row.ends_at, here),
        phone=row.phone,
        state=say(STATE[PromiseState(row.state)]),
        origin=say(ORIGIN.get(row.origin, row.origin)),
        tone="late" if late else "soon" if row.begins_at <= now else "",
        late=late,
        due=moment(row.due_at, now, here) if row.state == PromiseState.RETRY_WAIT else "",
        tries=[_try(one, now, known) for one in standing.attempts],
        ringing=ringing is not None,
        mine=ringing is not None and ringing["agent_id"] == actor.id,
        connects=standing.connects and bool(row.phone),
        way=say(WAY[row.way]) if row.way in WAY else "",
    )


def window(begins: datetime, ends: datetime, here: str) -> str:
    """``Tuesday 24 November, 10:00–10:30``."""
    return f"{i18n.day(begins, here)}, {i18n.clock_time(begins, here)}–{i18n.clock_time(ends, here)}"


def _try(one: Mapping[str, Any], now: datetime, known: Words) -> Try:
    outcome = known["outcome"].get(one["outcome"], say(_("ringing now"))) if one["outcome"] else say(_("ringing now"))
    return Try(one["number"], moment(one["begun_at"], now, known.language), one["agent"] or "", outcome,
               one["outcome"] == "reached")  # fmt: skip


@room.get(f"/tickets/{NUMBER}/call-back")
@agent
def call_back(number: int) -> ResponseReturnValue:
    """The times at which the department can call back, to promise one or move the promise there."""
    actor, here, now = current_actor(), language.current(), clock.now()
    found = conversation.heading(actor, number)
    owed = callbacks.standing(number)
    return render_template(
        "desk/call_back.html", ticket=found, owed=owed, days=days(found.department_id, now, here),
        window=window(owed.promise.begins_at, owed.promise.ends_at, here) if owed else "",
        chosen=request.args.get("slot", ""),
    )  # fmt: skip


def days(department_id: int | None, now: datetime, here: str) -> list[tuple[str, list[tuple[str, str, int]]]]:
    """The free windows by day: the moment as forms send it, the hours in words, and how many calls still fit."""
    found = slots.offered(department_id, now) if department_id else []
    by_day = groupby(found, lambda one: one.begins_at.astimezone(i18n.ZONE).date())
    listed = [list(many) for _day, many in by_day]
    return [(i18n.day(many[0].begins_at, here), [_slot(one, here) for one in many]) for many in listed]


def _slot(one: slots.Window, here: str) -> tuple[str, str, int]:
    hours = f"{i18n.clock_time(one.begins_at, here)}–{i18n.clock_time(one.ends_at, here)}"
    return one.begins_at.isoformat(), hours, one.free


def _times(form: Given) -> tuple[datetime, datetime | None]:
    """One of the windows offered, or moments of one's own."""
    if chosen := given.instant(form, "slot"):
        return chosen, None
    begins_at, ends_at = given.moment(form, "begins_at"), given.moment(form, "ends_at")
    if begins_at is None or ends_at is None:
        name = "ends_at" if begins_at else "begins_at"
        raise Invalid("Say between which moments.", fields={name: "is needed"})
    return begins_at, ends_at


def _promise(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return callbacks.promise(actor, number, *_times(form), form.get("note", ""), version=given.version(form))


def _no_call(before: Before, after: Ticket) -> Undo | None:
    return "cancel-call-back", {}


def _move(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return callbacks.move(actor, number, *_times(form), form.get("note", ""), version=given.version(form))


def _ring(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return callbacks.ring(actor, number, version=given.version(form))


def _dial(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return callbacks.dial(actor, number, form.get("outcome", ""), form.get("note", ""), version=given.version(form))


def _cancel(actor: Actor, number: int, form: Given, before: Before) -> Ticket:
    return callbacks.cancel(actor, number, form.get("note", ""), version=given.version(form))


ACTS: Mapping[str, Act] = {
    "promise-call-back": Act(_promise, _("The call is promised."), _no_call),
    "move-call-back": Act(_move, _("The call is moved, and the citizen is told."), focus="call-back"),
    "ring-call-back": Act(_ring, _("You are ringing them. Say afterwards how it went."), focus="call-back"),
    "dial-call-back": Act(_dial, _("The call is on record.")),
    "cancel-call-back": Act(_cancel, _("No call is promised any more.")),
}
"""By the name that stands in the address; the API's verbs have the same names."""
