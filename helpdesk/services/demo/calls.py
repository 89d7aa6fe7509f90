"""Calls back of the demo: departments that offer them, and citizens who were promised one, in different states."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import insert, select

from helpdesk.db import db, table
from helpdesk.errors import HelpdeskError
from helpdesk.models.callbacks import DepartmentCallback
from helpdesk.models.catalogue import Department
from helpdesk.permissions import SYSTEM
from helpdesk.services import asking_calls, callbacks, slots
from helpdesk.services.asking_calls import Asked
from helpdesk.services.assignment.people import actor_of
from helpdesk.services.catalogue import colleagues

OFFERING = ("citizen-service", "water", "registry", "social")
ASKED = (
    ("2103300111", "Ελένη Βασιλείου", "Δεν κατάλαβα τον λογαριασμό νερού", "el"),
    ("6944400222", "Γιώργος Αντωνίου", "Ποια έγγραφα χρειάζομαι για το πιστοποιητικό;", "el"),
    ("6955500333", "Μαρία Σταύρου", "Το επίδομα στέγασης", "el"),
    ("6936600444", "Helen Carter", "My new address", "en"),
    ("2106600555", "Κώστας Ιωαννίδης", "Διακανονισμός οφειλής", "el"),
)
OUTCOMES = (("reached",), ("no_answer", "busy", "left_message", "no_answer"))
"""How it went with the first two; the second could not be reached at all."""


def offer(at: datetime) -> None:
    """Departments with people who answer the telephone call back."""
    rows = table(Department).c
    known = db.session.execute(select(rows.id).where(rows.active, rows.key.in_(OFFERING))).scalars().all()
    places = known or db.session.execute(select(rows.id).where(rows.active).limit(3)).scalars().all()
    values = [{"department_id": id_, "share_percent": 50, "handling_minutes": 8, "changed_at": at} for id_ in places]
    db.session.execute(insert(table(DepartmentCallback)), values)


def promise(now: datetime) -> None:
    """Some ask on the days before, and are rung, or not reached; others wait for their time."""
    for number, (place, told) in enumerate(zip(_places(), ASKED, strict=False)):
        with suppress(HelpdeskError):
            _ask(place, told, number, now)


def _places() -> Iterator[int]:
    ids = sorted(slots.rules())
    for number in range(len(ASKED)):
        yield ids[number % len(ids)]


def _ask(place: int, told: tuple[str, str, str, str], number: int, now: datetime) -> None:
    phone, name, about, language = told
    earlier = now if number > 1 else now - timedelta(days=3)
    free = slots.offered(place, earlier)
    first = free[min(number, len(free) - 1)].begins_at
    opened = asking_calls.ask(SYSTEM, Asked(place, first, phone, name, about, language=language), at=earlier)
    agent = next((actor_of(one) for one in colleagues() if place in one.departments), None)
    if number > 1 or agent is None:
        return
    rung = first + timedelta(minutes=4)
    callbacks.ring(agent, opened.number, at=rung)
    callbacks.dial(agent, opened.number, OUTCOMES[number][0], at=rung + timedelta(minutes=3))
    for later, outcome in enumerate(OUTCOMES[number][1:], 1):
        callbacks.dial(agent, opened.number, outcome, at=rung + timedelta(hours=later))
