"""Versions put in force, at once or when their day comes, and taken out of force again."""

import logging
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

import sla
from helpdesk import clock
from helpdesk.db import db, savepoint, table, unit
from helpdesk.errors import Invalid, Stale
from helpdesk.models.catalogue import Department
from helpdesk.models.people import Staff
from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services import house
from helpdesk.services.rulebook.agreeing import check_default
from helpdesk.services.rulebook.checking import check
from helpdesk.services.rulebook.drafting import LONGEST_WHY, draft_again, hold, make_draft, note, require
from helpdesk.services.rulebook.reading import ALWAYS, DEFAULT, ROWS, Version, all_in_force, forget, record, version
from helpdesk.vocabulary import RulebookKind, VersionState

log = logging.getLogger(__name__)
_OVER = (VersionState.RETIRED, VersionState.DISCARDED)


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


@unit()
def start(
    actor: Actor, id_: int, *, why: str, starts_at: datetime | None = None, at: datetime | None = None
) -> Row[Any]:
    """What an administrator decides: a version holds from now on, or from a moment that comes. Its row.

    An earlier version comes back as a new one. Raises Forbidden, NotFound, Invalid (also without a ``why``), and
    Stale when it is in force already.
    """
    require(actor)
    row, moment = hold(id_), at or clock.now()
    words = _reason(why)
    if row.state in _OVER:
        id_ = draft_again(actor, id_, why=words, at=moment)
    if starts_at is not None and starts_at > moment:
        _schedule(actor, hold(id_), starts_at, words, moment)
    else:
        put_in_force(actor, id_, why=words, at=moment)
        note(actor, "put-in-force", id_, moment)
    return record(id_)


def _reason(why: str) -> str:
    words = why.strip()
    if not words or len(words) > LONGEST_WHY or "\x00" in words:
        raise Invalid(_("Say why it changes."), fields={"why": _("Give the reason in a few words.")})
    return words


def _schedule(actor: Actor, row: Row[Any], starts_at: datetime, why: str, at: datetime) -> None:
    _refuse_in_force(row)
    _check_for_force(row)
    planned = {"state": VersionState.SCHEDULED, "starts_at": starts_at, "in_force_by_id": actor.id, "why": why}
    db.session.execute(update(ROWS).where(ROWS.c.id == row.id).values(planned))
    note(actor, "scheduled", row.id, at)


def _refuse_in_force(row: Row[Any]) -> None:
    if row.state == VersionState.IN_FORCE:
        raise Stale(_("This version is in force already."), code="in-force")


@unit()
def call_off(actor: Actor, id_: int, *, at: datetime | None = None) -> None:
    """Makes a version that waits for its day a draft again. Raises Forbidden, NotFound, and Stale when it does not."""
    require(actor)
    if hold(id_).state != VersionState.SCHEDULED:
        raise Stale(_("This version does not wait for a day."), code="not-scheduled")
    values = {"state": VersionState.DRAFT, "starts_at": None, "in_force_by_id": None}
    db.session.execute(update(ROWS).where(ROWS.c.id == id_).values(values))
    note(actor, "called-off", id_, at or clock.now())


@unit()
def put_in_force(actor: Actor, id_: int, *, why: str = "", at: datetime | None = None) -> Version:
    """Lets a version hold from now on and retires the one before; tickets keep theirs.

    Raises Forbidden, NotFound, Invalid; Stale when it is in force already.
    """
    require(actor)
    row, moment = hold(id_), at or clock.now()
    _refuse_in_force(row)
    _check_for_force(row)
    by = {"in_force_by_id": actor.id, "starts_at": None} if actor.is_staff else {}
    _take_over(row, moment, by | ({"why": why} if why else {}))
    return version(id_)


def _take_over(row: Row[Any], at: datetime, more: dict[str, Any]) -> None:
    before = (ROWS.c.kind == row.kind, ROWS.c.key == row.key, ROWS.c.state == VersionState.IN_FORCE)
    db.session.execute(update(ROWS).where(*before).values(state=VersionState.RETIRED, retired_at=at))
    now = {"state": VersionState.IN_FORCE, "in_force_at": at, "retired_at": None} | more
    db.session.execute(update(ROWS).where(ROWS.c.id == row.id).values(now))
    forget()


def _check_for_force(row: Row[Any]) -> None:
    """Raises Invalid when a version, though well formed, cannot hold now."""
    value = check(RulebookKind(row.kind), row.data)
    if isinstance(value, sla.Policy):
        check_default(row.key, value)
        _check_calendars(value)


def _check_calendars(value: sla.Policy) -> None:
    """A promise in the hours of a calendar that nobody knows would silently be one in other hours."""
    known = all_in_force(RulebookKind.CALENDAR)
    for place, target in enumerate(value.targets):
        if target.calendar and target.calendar not in known:
            field = f"targets[{place}].calendar"
            raise Invalid(f"No calendar {target.calendar} is in force.", fields={field: "a calendar in force"})


def start_due(now: datetime) -> int:
    """Puts in force what waited for a moment that has come, in order, each in a transaction of its own; how many."""
    due = (ROWS.c.state == VersionState.SCHEDULED, ROWS.c.starts_at <= now)
    ids = db.session.execute(select(ROWS.c.id).where(*due).order_by(ROWS.c.starts_at, ROWS.c.id)).scalars().all()
    return sum(_start(id_, now) for id_ in ids)


@unit()
def _start(id_: int, now: datetime) -> bool:
    """Only one of all clocks finds it still waiting, because the lock is held until the commit."""
    row = hold(id_)
    if row.state != VersionState.SCHEDULED or row.starts_at > now:
        return False
    try:
        with savepoint():
            put_in_force(SYSTEM, id_, at=now)
    except Invalid as refused:
        _set_aside(id_, now, refused)
        return False
    return True


def _set_aside(id_: int, now: datetime, refused: Invalid) -> None:
    """What cannot hold any more becomes a draft again and keeps its day, so that its page can tell what happened."""
    db.session.execute(update(ROWS).where(ROWS.c.id == id_).values(state=VersionState.DRAFT))
    house.record(SYSTEM, "could-not-start", "rulebook", id_, now)
    log.error("a version could not be put in force on its day", extra={"version": id_, "fields": list(refused.fields)})


@unit()
def retire(actor: Actor, id_: int, *, why: str = "", at: datetime | None = None) -> None:
    """Lets a version hold no longer for what opens from now on; tickets keep theirs.

    A person says why. Raises Forbidden, NotFound, and Invalid for the default and for a calendar in use.
    """
    require(actor)
    row, moment = hold(id_), at or clock.now()
    if row.state != VersionState.IN_FORCE:
        return
    if actor.is_staff:
        why = _reason(why)
    _check_spared(row)
    values = {"state": VersionState.RETIRED, "retired_at": moment, "retired_why": why}
    db.session.execute(update(ROWS).where(ROWS.c.id == id_).values(values))
    note(actor, "retired", id_, moment)
    forget()


def _check_spared(row: Row[Any]) -> None:
    if row.key == DEFAULT or (row.kind == RulebookKind.CALENDAR and row.key == ALWAYS):
        raise Invalid(_("The usual one stays in force until another version takes its place."), code="default")
    if row.kind != RulebookKind.CALENDAR:
        return
    departments, staff = table(Department), table(Staff)
    used = select(departments.c.id).where(departments.c.calendar_key == row.key).limit(1)
    worked = select(staff.c.person_id).where(staff.c.calendar_key == row.key).limit(1)
    policies = all_in_force(RulebookKind.POLICY).values()
    promised = any(target.calendar == row.key for policy in policies for target in policy.value.targets)
    if promised or db.session.execute(used).first() or db.session.execute(worked).first():
        raise Invalid(_("Departments, people or promises count in these hours. Give them others first."), code="in-use")


def enact(
    kind: RulebookKind, key: str, data: dict[str, Any], *, title: str = "", at: datetime, actor: Actor = SYSTEM
) -> Version:
    """Drafts a version and puts it in force at once."""
    return put_in_force(actor, make_draft(actor, kind, key, data, title=title, at=at), at=at)
