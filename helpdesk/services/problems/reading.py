"""Problems as they are read: lists, one with its tickets, the workaround of one, and what citizens may know."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, not_, select

from helpdesk import i18n
from helpdesk.db import db, table
from helpdesk.errors import NotFound
from helpdesk.models.people import Person
from helpdesk.models.problems import Problem, ProblemTicket
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor, may
from helpdesk.services import scope
from helpdesk.vocabulary import Audience, ProblemState

_ROWS, _LINKS, _TICKETS, _PEOPLE = table(Problem), table(ProblemTicket), table(Ticket), table(Person)
_SHOWN = [column for column in _ROWS.c if column.name != "words"]
PAGE, TICKETS = 50, 50

KNOWN: ColumnElement[bool] = and_(_ROWS.c.state == ProblemState.KNOWN_ERROR, _ROWS.c.active)
"""What is shown to anybody as a known error."""
VIEWS: Mapping[str, ColumnElement[bool]] = {
    "known": KNOWN,
    "open": _ROWS.c.state == ProblemState.OPEN,
    "review": and_(_ROWS.c.state != ProblemState.RESOLVED, _ROWS.c.active),
    "resolved": _ROWS.c.state == ProblemState.RESOLVED,
    "inactive": and_(not_(_ROWS.c.active), _ROWS.c.state != ProblemState.RESOLVED),
}
"""What lists there are; "review" holds what should have been looked at again by today."""


@dataclass(frozen=True)
class Part:
    """A page of a list, the newest first. ``next`` is where the following page begins."""

    rows: Sequence[Row[Any]]
    next: int | None


def listed(view: str, now: datetime, before: int | None = None, limit: int = PAGE) -> Part:
    """The problems of a view with their owner's name, how many tickets they caused, and where they helped."""
    wanted = [VIEWS[view]]
    if view == "review":
        wanted.append(_ROWS.c.review_on <= now.astimezone(i18n.ZONE).date())
    if before is not None:
        wanted.append(_ROWS.c.id < before)
    rows = db.session.execute(_query().where(*wanted).order_by(_ROWS.c.id.desc()).limit(limit + 1)).all()
    return Part(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)


def _query() -> Select[Any]:
    counted = select(func.count().label("tickets"), func.count(_LINKS.c.used_at).label("uses"))
    counts = counted.where(_LINKS.c.problem_id == _ROWS.c.id).lateral("counts")
    query = select(*_SHOWN, _PEOPLE.c.name.label("owner"), counts.c.tickets, counts.c.uses)
    return query.join(_PEOPLE, _PEOPLE.c.id == _ROWS.c.owner_id).join(counts, _ROWS.c.id.is_not(None))


def find(id_: int) -> Row[Any]:
    """One of them. Raises NotFound."""
    row = db.session.execute(_query().where(_ROWS.c.id == id_)).one_or_none()
    if row is None:
        raise NotFound("There is no such problem.")
    return row


def resolved(ids: Iterable[int]) -> frozenset[int]:
    """Those whose cause is gone."""
    wanted = list(ids)
    if not wanted:
        return frozenset()
    query = select(_ROWS.c.id).where(_ROWS.c.id.in_(wanted), _ROWS.c.state == ProblemState.RESOLVED)
    return frozenset(db.session.execute(query).scalars())


def may_keep(actor: Actor, row: Any) -> bool:
    """Whether the actor may change that problem."""
    return may(actor, "keep-problems") or row.owner_id == actor.id


def tickets_of(actor: Actor, id_: int, limit: int = TICKETS) -> Sequence[Row[Any]]:
    """The tickets it caused that the actor sees: ``(id, subject, status, at, used_at)``, the newest first."""
    query: Select[Any] = select(_TICKETS.c.id, _TICKETS.c.subject, _TICKETS.c.status, _LINKS.c.at, _LINKS.c.used_at)
    query = query.join(_LINKS, _LINKS.c.ticket_id == _TICKETS.c.id)
    query = query.where(_LINKS.c.problem_id == id_, scope.visible(actor))
    return db.session.execute(query.order_by(_TICKETS.c.id.desc()).limit(limit)).all()


def workaround(id_: int, language: str) -> str:
    """The way round an active known error in that language; empty where there is none."""
    query = select(_ROWS.c.workarounds).where(_ROWS.c.id == id_, KNOWN)
    return i18n.pick(db.session.execute(query).scalar() or {}, language)


def public(service_id: int | None = None, limit: int = 3) -> Sequence[Row[Any]]:
    """Known errors that citizens may read, of a service or of all: ``(id, titles, workarounds)``, the newest first."""
    wanted = [KNOWN, _ROWS.c.audience == Audience.PUBLIC]
    if service_id is not None:
        wanted.append(_ROWS.c.service_id == service_id)
    query: Select[Any] = select(_ROWS.c.id, _ROWS.c.titles, _ROWS.c.workarounds).where(*wanted)
    return db.session.execute(query.order_by(_ROWS.c.id.desc()).limit(limit)).all()
