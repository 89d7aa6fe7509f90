"""Versions applied to open tickets, and taken back: portion by portion, each ticket once, told in its journal."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, any_, func, insert, literal, select, text

from helpdesk import clock, events
from helpdesk.background import later
from helpdesk.db import db, insert_many, table, unit
from helpdesk.errors import Invalid, Stale
from helpdesk.models.replay import ApplicationTicket
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import house, journal, rulebook, scope
from helpdesk.services.replay import kept, tickets
from helpdesk.services.replay.kept import APPLICATIONS, UNDER_WAY
from helpdesk.services.replay.previewing import rebound_all
from helpdesk.services.replay.rebinding import Rebound, Versions, taken_back
from helpdesk.services.replay.rules import require_appliable
from helpdesk.services.replay.tickets import HEARD, Known
from helpdesk.services.rulebook.drafting import LONGEST_WHY, require
from helpdesk.services.sharing import Portion
from helpdesk.vocabulary import ActorKind, RunState, VersionState

_TICKETS, _APPLIED = table(Ticket), table(ApplicationTicket)
_HELD = text("select id from ticket where id = any(:ids) and is_open order by id for update")
_SET = text(
    """
    update ticket set policy_id = new.policy, priority = new.priority, matrix_id = new.matrix, priority_reason = new.why
    from unnest(cast(:ids as bigint[]), cast(:policies as bigint[]), cast(:priorities as text[]),
                cast(:matrices as bigint[]), cast(:whys as text[])) as new(id, policy, priority, matrix, why)
    where ticket.id = new.id
    """
)


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


@unit()
def apply(actor: Actor, version_ids: Sequence[int], why: str, *, at: datetime | None = None) -> int:
    """Lets a worker apply versions in force to all open tickets; the id of the application.

    Raises Forbidden, NotFound, Invalid, and Stale for a version that is not in force or while another is applied.
    """
    require(actor)
    rows = [rulebook.record(id_) for id_ in version_ids]
    require_appliable([rulebook.version(row.id) for row in rows])
    if any(row.state != VersionState.IN_FORCE for row in rows):
        raise Stale(_("Only a version in force can be applied to open requests."), code="not-in-force")
    return _ask(actor, version_ids, why, None, at or clock.now())


@unit()
def undo(actor: Actor, application_id: int, why: str, *, at: datetime | None = None) -> int:
    """Lets a worker give open tickets back the versions they had; the id of that application.

    Raises Forbidden, NotFound, Invalid, and Stale where that was done, or other versions were applied since.
    """
    require(actor)
    row = kept.application(application_id)
    if row.undoes_id is not None or row.state in UNDER_WAY:
        raise Stale(_("This cannot be taken back."), code="no-application")
    last = select(func.max(APPLICATIONS.c.id)).where(
        APPLICATIONS.c.undoes_id.is_(None), APPLICATIONS.c.id.not_in(_undone())
    )
    if db.session.execute(last).scalar() != application_id:
        raise Stale(_("Take back what was applied later first."), code="not-the-last")
    return _ask(actor, row.version_ids, why, application_id, at or clock.now())


def _undone() -> Select[Any]:
    return select(APPLICATIONS.c.undoes_id).where(APPLICATIONS.c.undoes_id.is_not(None))


def _ask(actor: Actor, version_ids: Sequence[int], why: str, undoes_id: int | None, at: datetime) -> int:
    words = why.strip()
    if not words or len(words) > LONGEST_WHY or "\x00" in words:
        raise Invalid(_("Say why it changes."), fields={"why": _("Give the reason in a few words.")})
    db.session.execute(text("select pg_advisory_xact_lock(hashtext('application'))"))
    if db.session.execute(select(APPLICATIONS.c.id).where(APPLICATIONS.c.state.in_(UNDER_WAY))).first():
        raise Stale(_("Other versions are being applied. Wait until that is done."), code="under-way")
    row = {
        "version_ids": list(version_ids),
        "undoes_id": undoes_id,
        "why": words,
        "state": RunState.WAITING,
        "asked_at": at,
        "asked_by_id": actor.id,
    }
    id_ = int(db.session.execute(insert(APPLICATIONS).values(row).returning(APPLICATIONS.c.id)).scalar_one())
    for version_id in version_ids:
        house.record(actor, "applied" if undoes_id is None else "taken-back", "rulebook", version_id, at)
    later("replay.apply", id_, on="bulk")
    return id_


@unit()
def stop(actor: Actor, application_id: int, *, at: datetime | None = None) -> None:
    """Ends it before it is done; what was done so far stays and can be taken back. Raises Forbidden and NotFound."""
    require(actor)
    kept.application(application_id)
    kept.halt(APPLICATIONS, application_id, at or clock.now())


def concerned(row: Row[Any], after: int) -> Sequence[int]:
    """The tickets that an application looks at, after a number: all open ones, or those it once changed."""
    query = select(_TICKETS.c.id).where(_TICKETS.c.is_open, _TICKETS.c.id > after).order_by(_TICKETS.c.id)
    if row.undoes_id is not None:
        query = query.join(_APPLIED, _APPLIED.c.ticket_id == _TICKETS.c.id)
        query = query.where(_APPLIED.c.application_id == row.undoes_id)
    return db.session.execute(query).scalars().all()


@unit()
def portion(row: Row[Any], ids: Portion, last_id: int, now: datetime) -> bool:
    """Does its part to these tickets, in one transaction with the note how far it is; False where it was stopped."""
    done = APPLICATIONS.c.done + len(ids)
    if not kept.advance(APPLICATIONS, row.id, last_id, {"last_id": ids[-1], "done": done, "beat_at": now}):
        return False
    held = db.session.execute(_HELD, {"ids": list(ids)}).scalars().all()
    found = [one for one in changes(held, row, now) if one is not None]
    if found:
        _write(row, found, now)
    return True


def _write(row: Row[Any], found: Sequence[Rebound], now: datetime) -> None:
    actor = Actor(ActorKind.STAFF if row.asked_by_id else ActorKind.SYSTEM, row.asked_by_id)
    for one in found:
        for fact in one.facts:
            journal.record(one.told.id, _signed(fact, row.id), actor, now)
    told = [one.told for one in found]
    values = {
        "ids": [one.id for one in told],
        "policies": [one.policy_id for one in told],
        "priorities": [one.priority for one in told],
        "matrices": [one.matrix_id for one in told],
        "whys": [one.priority_reason for one in told],
    }
    db.session.execute(_SET, values)
    insert_many(_APPLIED, [_note(row.id, one) for one in found])


def _signed(fact: Any, application_id: int) -> Any:
    """The fact with the act it belongs to."""
    return replace(fact, application_id=application_id) if isinstance(fact, events.ClockRetargeted) else fact


def _note(application_id: int, one: Rebound) -> Mapping[str, Any]:
    return {
        "application_id": application_id,
        "ticket_id": one.told.id,
        "had": one.had,
        "clocks": len(one.had["clocks"]),
        "breached": len(one.breached),
        "late_before": one.late_before,
    }


def changes(ids: Portion, row: Row[Any], now: datetime) -> list[Rebound | None]:
    """What an application does to each of these tickets."""
    if row.undoes_id is None:
        return rebound_all(ids, Versions([*map(rulebook.version, row.version_ids)]), now)
    had = _had(row.undoes_id, ids)
    journals, known = journal.of_many(ids, HEARD), Known.now()
    return [
        taken_back(tickets.standing(one, known), journals.get(one.id, []), had[one.id], row.version_ids, now)
        for one in tickets.rows(ids)
        if one.id in had
    ]


def _had(application_id: int, ids: Portion) -> Mapping[int, Any]:
    same = (_APPLIED.c.application_id == application_id, _APPLIED.c.ticket_id.in_(ids))
    rows = db.session.execute(select(_APPLIED.c.ticket_id, _APPLIED.c.had).where(*same)).all()
    return {one.ticket_id: one.had for one in rows}


def applied(application_id: int) -> Mapping[str, int]:
    """What an application came to: tickets, clocks, late at once, missed before."""
    counted = [func.count().label("changed")]
    counted += [
        func.coalesce(func.sum(_APPLIED.c[name]), 0).label(name) for name in ("clocks", "breached", "late_before")
    ]
    row = db.session.execute(select(*counted).where(_APPLIED.c.application_id == application_id)).one()
    return {name: int(value) for name, value in row._mapping.items()}


def applications(version_id: int) -> Sequence[Row[Any]]:
    """The acts by which a version was applied or taken back, the newest first."""
    query = select(APPLICATIONS).where(literal(version_id) == any_(APPLICATIONS.c.version_ids))
    return db.session.execute(query.order_by(APPLICATIONS.c.id.desc())).all()


def is_undone(application_id: int) -> bool:
    """Whether it was taken back, or is being so."""
    query = select(APPLICATIONS.c.id).where(APPLICATIONS.c.undoes_id == application_id)
    return db.session.execute(query).first() is not None


def touched(actor: Actor, application_id: int, limit: int = 100) -> Sequence[Row[Any]]:
    """The tickets that it changed, as far as the actor may see them; those late at once first."""
    query = select(_APPLIED, _TICKETS.c.subject, _TICKETS.c.language).join(
        _TICKETS, _TICKETS.c.id == _APPLIED.c.ticket_id
    )
    query = query.where(_APPLIED.c.application_id == application_id, scope.visible(actor))
    return db.session.execute(query.order_by(_APPLIED.c.breached.desc(), _APPLIED.c.ticket_id).limit(limit)).all()
