"""Makes the demo body in one transaction: killed on the way, nothing of it is there and the next start begins anew."""

import random
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import insert, select, update

from helpdesk.db import after_commit, db, savepoint, table, unit
from helpdesk.errors import HelpdeskError, Stale
from helpdesk.models.people import Person, Staff
from helpdesk.models.rulebook import Setting
from helpdesk.services import news, tokens
from helpdesk.services.access import needs_first_administrator, passwords
from helpdesk.services.body import DEMO, forget_name
from helpdesk.services.body import KEY as BODY
from helpdesk.services.demo import (
    answering,
    bot_talks,
    calls,
    chats,
    courses,
    house,
    known_errors,
    outage,
    procedures,
    scenes,
    shelf,
    telephone,
)
from helpdesk.services.demo.cases_english import CASES as ENGLISH
from helpdesk.services.demo.cases_greek import CASES as GREEK
from helpdesk.services.demo.departments import NAMES
from helpdesk.services.demo.life import Life
from helpdesk.services.demo.people import AGENTS, address_of
from helpdesk.services.demo.stage import Stage

DAYS = 35
"""How far the demo's past reaches."""

A_DAY = (2, 8, 7, 7, 6, 6, 2)
"""Requests by day of the week, from Sunday."""

_SETTINGS = table(Setting)
Progress = Callable[[float], None]


def is_demo() -> bool:
    """Whether this database holds a demo body."""
    return db.session.execute(select(_SETTINGS.c.key).where(_SETTINGS.c.key == DEMO)).scalar() is not None


def make(now: datetime, progress: Progress, *, days: int = DAYS) -> dict[str, Any]:
    """The demo body, made where it is missing, and what its visitors are told; the password is new each time.

    Raises Stale where the database holds a body of its own.
    """
    password = secrets.token_urlsafe(12)
    kept = passwords.hashed(password)
    if not _made(kept, now, progress, days):
        _renew(kept)
    return _facts(password, now)


@unit()
def _made(password_hash: str, now: datetime, progress: Progress, days: int) -> bool:
    if is_demo():
        return False
    if not needs_first_administrator():
        raise Stale("This database holds a body of its own; a demo is made in an empty one.", code="own-body")
    begins = now - timedelta(days=days)
    built = house.build(password_hash, begins - timedelta(days=30))
    answering.arrange(begins - timedelta(days=30))
    calls.offer(begins - timedelta(days=30))
    shelf.fill(built, now)
    telephone.connect(begins)
    known_errors.note(built, begins)
    procedures.enact(begins)
    _tell(Stage(built, random.Random(715), begins), now, progress, days)  # noqa: S311 - a story, no secret
    for besides in (
        partial(known_errors.link, built, now),
        partial(procedures.show, built, now),
        partial(answering.go_on_leave, now),
        partial(calls.promise, now),
        partial(bot_talks.hold, now),
        partial(chats.show, now),
    ):
        _try(besides)
    marks = {DEMO: {"days": days}, BODY: {"names": NAMES}}
    rows = [{"key": key, "data": data, "changed_at": now} for key, data in marks.items()]
    db.session.execute(insert(_SETTINGS).values(rows))
    after_commit(forget_name)
    return True


def _try(act: Callable[[], object]) -> None:
    """What a service refuses is left out: chance may have given a request to others than were meant."""
    with suppress(HelpdeskError), savepoint():
        act()


def _tell(stage: Stage, now: datetime, progress: Progress, days: int) -> None:
    """Requests of every day, most of them in office hours, and what went wrong with the post."""
    midnight = stage.now.replace(hour=0, minute=0, second=0, microsecond=0)
    for day in range(days + 1):
        at = midnight + timedelta(days=day)
        for _ in range(A_DAY[at.isoweekday() % 7]):
            cases = ENGLISH if stage.chance.random() < 0.2 else GREEK
            hour = min(max(stage.chance.gauss(9, 3.5), 3), 20)
            begins = at + timedelta(hours=hour, seconds=stage.chance.uniform(0, 59))
            if stage.now < begins < now:
                stage.enter(courses.ordinary(Life(stage, stage.chance.choice(cases))), begins)
    scenes.enter(stage, now)
    outage.enter(stage, now)
    with news.silence():
        stage.play(now, progress)


@unit()
def _renew(password_hash: str) -> None:
    """A new password for the demo's people: perhaps nobody has read the one before."""
    people, staff = table(Person), table(Staff)
    ours = select(people.c.id).where(people.c.email.in_([address_of(person["user"]) for person in AGENTS]))
    db.session.execute(update(staff).where(staff.c.person_id.in_(ours)).values(password_hash=password_hash))


def _facts(password: str, now: datetime) -> dict[str, Any]:
    """What a visitor needs: accounts, addresses, a token."""
    boxes = house.mailboxes()
    accounts = [
        {"role": person["role"], "email": address_of(person["user"]), "password": password} for person in AGENTS
    ]
    token = tokens.create(address_of("admin"), name="demo", at=now)
    return {
        "accounts": sorted(accounts, key=lambda account: account["role"]),
        "mailboxes": boxes,
        "smtp": {"address": boxes["citizen-service"]},
        "phone": telephone.facts(),
        "api_token": token,
    }
