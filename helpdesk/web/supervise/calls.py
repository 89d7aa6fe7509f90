"""Promised calls: what may be missed first, what comes, and how well promises of the last month were kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import render_template, request

from helpdesk import clock, i18n
from helpdesk.permissions import Actor
from helpdesk.services import dial_brake, dialling, people
from helpdesk.services.callbacks import crowding, supervising
from helpdesk.services.callbacks.supervising import Kept
from helpdesk.vocabulary import PromiseState
from helpdesk.web import language
from helpdesk.web.desk.call_back import ORIGIN, STATE, WAY, window
from helpdesk.web.desk.lines import moment
from helpdesk.web.guards import current_actor, supervisor
from helpdesk.web.supervise import told
from helpdesk.web.supervise.figures import department_names
from helpdesk.web.supervise.room import room
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


DAYS = 30


@dataclass(frozen=True)
class Line:
    """A call that is owed, ready to print; ``phone`` can be rung by hand where the system does not dial."""

    number: int
    subject: str
    language: str
    department: str
    window: str
    state: str
    origin: str
    phone: str
    due: str
    attempts: int
    who: str
    at_risk: bool
    late: bool


@dataclass(frozen=True)
class Full:
    """A window with too many calls, ready to print, with those that wait in it: number, subject, its language."""

    window: str
    department: str
    booked: int
    capacity: int
    over: int
    calls: list[tuple[int, str, str]]


@room.get("/calls")
@supervisor
def calls() -> str:
    """What is owed, and the figures."""
    actor, now, names = current_actor(), clock.now(), department_names()
    asked = request.args.get("department", "").strip()
    place = next((id_ for id_, (key, _name) in names.items() if key == asked and id_ is not None), None)
    rows = supervising.owed(actor, now, place)
    working = people.names(row.assignee_id for row in rows if row.assignee_id is not None)
    found = supervising.kept(actor, now - timedelta(days=DAYS), now, place)
    lines = [_line(row, names[row.department_id][1], working, now) for row in rows]
    return render_template(
        "supervise/calls.html", risky=[one for one in lines if one.at_risk],
        coming=[one for one in lines if not one.at_risk], cards=cards(found, language.current()), days=DAYS,
        full=_full(actor, now, place, names), brake=_brake(now), tripped=dial_brake.tripped(), asked=asked,
        places=[(key, name) for id_, (key, name) in names.items() if id_ is not None],
    )  # fmt: skip


def _full(actor: Actor, now: datetime, place: int | None, names: Mapping[int | None, tuple[str, str]]) -> list[Full]:
    """The windows with too many calls, and which calls of those the reader sees."""
    found = crowding.crowds(now, place)
    waiting = crowding.promised_in([one.slot_id for one in found], actor) if found else []
    here = language.current()
    return [
        Full(
            window(one.begins_at, one.ends_at, here), names[one.department_id][1], one.booked, one.capacity, one.over,
            [(row.ticket_id, row.subject, row.language) for row in waiting if row.slot_id == one.slot_id],
        )
        for one in found
    ]  # fmt: skip


BRAKES = {
    "off": _("The system dials nobody: it was switched off. Ring these by hand; each has its number beside it."),
    "calls": _("Today's calls are spent, so that the system dials nobody. Ring these by hand."),
    "minutes": _("Today's minutes are spent, so that the system dials nobody. Ring these by hand."),
}


def _brake(now: datetime) -> str:
    """Why nothing is dialled by itself, in words; empty while it is."""
    found = dialling.braked(now)
    return say(BRAKES[found]) if found else ""


def _line(row: Any, department: str, working: dict[int, str], now: Any) -> Line:
    here = language.current()
    return Line(
        number=row.ticket_id,
        subject=row.subject,
        language=row.language,
        department=department,
        window=window(row.begins_at, row.ends_at, here),
        state=say(STATE[PromiseState(row.state)]),
        origin=say(WAY[row.way]) if row.way in WAY else say(ORIGIN.get(row.origin, row.origin)),
        phone=row.phone,
        due=moment(row.due_at, now, here) if row.state == PromiseState.RETRY_WAIT else "",
        attempts=row.attempts,
        who=row.ringing or working.get(row.assignee_id or 0, ""),
        at_risk=row.at_risk,
        late=row.first_dialled_at is None and row.ends_at <= now,
    )


KEPT = _("%(kept)s of %(all)s windows: the citizen's phone rang before the window ended.")
LATE = _("Half of the late ones were less late; nine in ten less than %(p90)s.")
REACHED = _("%(reached)s reached, %(unreached)s not at all.")
COUNTED = _("On average, the one that reached them counted.")
MIDDLE = _("The middle one of all reached; nine in ten within %(p90)s.")
NET = _("The same without attempts that did not reach them; nine in ten within %(p90)s.")


def cards(found: Kept, here: str) -> list[tuple[str, str, str]]:
    """Label, value and how it is counted; a dash where nothing counts."""
    tries = found.attempts_per_reach
    late = say(_("None was late.")) if found.late_p90 is None else say(LATE, p90=_length(found.late_p90, here))
    return [
        (say(_("Promises kept")), _share(found.share_kept, here), say(KEPT, kept=found.kept, all=found.promised)),
        (say(_("How late, where late")), _length(found.late_median, here), late),
        (
            say(_("Reached")),
            _share(found.reach_rate, here),
            say(REACHED, reached=found.reached, unreached=found.unreachable),
        ),
        (say(_("Attempts for one reached")), told.number(round(tries, 1), here) if tries else "–", say(COUNTED)),
        (
            say(_("From asking to talking")),
            _length(found.to_talk_median, here),
            say(MIDDLE, p90=_length(found.to_talk_p90, here)),
        ),
        (
            say(_("From asking to the first ring")),
            _length(found.to_ring_median, here),
            say(NET, p90=_length(found.to_ring_p90, here)),
        ),
    ]


def _share(share: float | None, here: str) -> str:
    return "–" if share is None else f"{told.number(round(100 * share), here)}%"


def _length(seconds: float | None, here: str) -> str:
    return "–" if seconds is None else i18n.duration(timedelta(seconds=round(seconds)), here)
