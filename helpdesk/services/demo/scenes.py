"""What a visitor finds on the desk at whatever hour they come: late and urgent work, waiting, triage, failed post."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from helpdesk.services import replies, tickets
from helpdesk.services.demo import courses
from helpdesk.services.demo.case import Case
from helpdesk.services.demo.cases_english import CASES as ENGLISH
from helpdesk.services.demo.cases_greek import CASES as GREEK
from helpdesk.services.demo.departments import DEPARTMENTS
from helpdesk.services.demo.life import Life
from helpdesk.services.demo.offers import SERVICES
from helpdesk.services.demo.promises import TARGETS
from helpdesk.services.demo.stage import Stage, Story
from helpdesk.services.demo.talk import TALK
from helpdesk.services.demo.words import say
from helpdesk.vocabulary import Level
from sla import DEFAULT_MATRIX, Calendar
from sla import Level as MatrixLevel

_CALENDARS = {item["key"]: item["calendar_key"] for item in DEPARTMENTS}
_OFFERS = {item["key"]: item for item in SERVICES}

Plot = Callable[[Life], Story]


def enter(stage: Stage, now: datetime) -> None:
    """Lets every scene begin early enough that it stands so at ``now``; those before the stage's past are left out."""
    for plot, case, begins in _scenes(stage, now):
        if begins > stage.now:
            stage.enter(plot(Life(stage, case)), begins)
    if now - timedelta(hours=5) > stage.now:
        stage.enter(courses.unreadable(stage), now - timedelta(hours=5))


def _scenes(stage: Stage, now: datetime) -> Iterator[tuple[Plot, Case, datetime]]:
    """Each with its beginning: as much worked time ago as its promise needs to be late, or nearly so."""
    for service, place, left in (
        ("water-leak", 0, 2.5), ("water-leak", 1, 1.0), ("street-light", 1, 1.5), ("bulky-waste", 0, 2.0),
        ("street-light", 0, -3.0), ("missed-collection", 1, -9.0), ("water-bill", 0, -6.0),
        ("rent-support", 0, -4.0),
    ):  # fmt: skip
        yield _left_lying, _about(service, place), _ago(stage, service, now, left)
    for service, place, hours in (
        ("water-leak", 1, 0.2), ("road-damage", 0, 0.6), ("missed-collection", 0, 1.4), ("online-payment", 0, 2.3),
    ):  # fmt: skip
        yield _just_in, _about(service, place), now - timedelta(hours=hours)
    for place, hours in ((0, 0.4), (1, 3.5)):
        yield _unplaced, _about("", place), now - timedelta(hours=hours)
    yield _unplaced, _about("", 0, ENGLISH), now - timedelta(hours=1)
    for service, reason, days in (
        ("family-certificate", "needs_information", 4), ("road-damage", "supplier_works", 5),
        ("tree-danger", "appointment", 6), ("birth-certificate", "other_department", 4),
    ):  # fmt: skip
        yield partial(_waits, reason=reason, until=now + timedelta(days=2)), _about(service), now - timedelta(days=days)
    yield _undelivered, _about("family-certificate", 1), now - timedelta(days=4)
    yield _kept_apart, _about("rent-support"), now - timedelta(days=5)
    yield _seen_twice, _about("water-leak"), now - timedelta(days=6)
    yield _long_talk, _about("water-bill"), now - timedelta(days=19)


def _about(service: str, place: int = 0, cases: tuple[Case, ...] = GREEK) -> Case:
    known = [case for case in cases if case.service == service]
    return known[place % len(known)]


def _ago(stage: Stage, service: str, now: datetime, left: float) -> datetime:
    """When it must have begun so that of its promise so many worked hours are left."""
    offer = _OFFERS[service]
    impact, urgency = (MatrixLevel(offer.get(name, Level.MEDIUM)) for name in ("impact", "urgency"))
    promised = TARGETS["resolution"][DEFAULT_MATRIX.priority(impact, urgency).value]
    calendar = stage.calendars[_CALENDARS[offer["department"]]]
    return _before(calendar, now, timedelta(seconds=promised) - timedelta(hours=left))


def _before(calendar: Calendar, now: datetime, amount: timedelta) -> datetime:
    """The latest moment since which so much was worked, to the minute; at most sixty days ago."""
    near, far = now, now - timedelta(days=60)
    while near - far > timedelta(minutes=1):
        middle = far + (near - far) / 2
        near, far = (near, middle) if calendar.worked(middle, now) >= amount else (middle, far)
    return far


def _begun(life: Life) -> Story:
    """Asked by form, taken, answered; what comes then is another matter."""
    life.by_form()
    life.look()
    yield life.worked(3, 25)
    life.choose_agent()
    tickets.take(life.agent, life.number, at=life.now)
    replies.reply(life.agent, life.number, say("begun", life.citizen.language), at=life.now)


def _left_lying(life: Life) -> Story:
    """Well begun, and then nobody had the time."""
    life.pace = 1.0
    yield from _begun(life)


def _just_in(life: Life) -> Story:
    """Has just come in; nobody has it yet."""
    life.by_form()
    yield from ()


def _unplaced(life: Life) -> Story:
    """No rule knows whose it is: it waits in triage."""
    life.by_mail()
    yield from ()


def _waits(life: Life, reason: str, until: datetime) -> Story:
    """Waits for somebody else until a moment that is still to come."""
    yield from _begun(life)
    yield life.worked(5, 40)
    if reason == "needs_information":
        replies.reply(life.agent, life.number, life.case.ask, at=life.now)
    tickets.wait(life.agent, life.number, reason, until, say(reason, "el"), at=life.now)


def _undelivered(life: Life) -> Story:
    """The citizen gave an address that cannot be reached any more: our answer came back."""
    life.citizen = life.citizen.moved()
    yield from _begun(life)


def _kept_apart(life: Life) -> Story:
    """Nobody outside the department may read what is told here."""
    life.by_form()
    life.look()
    yield life.worked(3, 25)
    life.choose_agent()
    tickets.take(life.agent, life.number, at=life.now)
    tickets.restrict(life.agent, life.number, at=life.now)
    replies.note(life.agent, life.number, say("apart", "el"), at=life.now)
    yield life.worked(10, 60)
    replies.reply(life.agent, life.number, life.case.ask, at=life.now)


def _seen_twice(life: Life) -> Story:
    """Two neighbours report the same; the second is told where the first stands."""
    yield from _begun(life)
    other = Life(life.stage, life.case)
    yield life.now + timedelta(minutes=50)
    other.by_form()
    other.look()
    yield other.worked(5, 30)
    other.agent = life.agent
    tickets.take(other.agent, other.number, at=other.now)
    tickets.link(other.agent, other.number, life.number, "duplicate", at=other.now)
    replies.reply(other.agent, other.number, say("same", other.citizen.language), at=other.now)


def _long_talk(life: Life) -> Story:
    """A dispute about a bill: many words on both sides."""
    yield from _begun(life)
    for ours, theirs in TALK:
        yield life.worked(20, 90)
        replies.reply(life.agent, life.number, ours, at=life.now)
        yield life.later(1, 20)
        life.says(theirs)
