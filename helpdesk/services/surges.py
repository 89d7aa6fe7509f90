"""Many open tickets of one service that say the same within a day: perhaps one cause, which people judge."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, insert, select, update

from helpdesk import clock
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, NotFound, Stale
from helpdesk.models.likeness import Surge, TicketLikeness
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor, may
from helpdesk.services import majors, scope, tickets
from helpdesk.vocabulary import SurgeState
from routing import alike
from routing.likeness import spoken

WINDOW = timedelta(hours=24)
LEAST, LEAST_PEOPLE = 4, 3
"""Tickets, and people who asked them, that make a surge."""

ALIKE = 0.45
MOST = 5_000
"""The newest tickets of the window that are looked at."""

CROWD = 50
"""Tickets of one band that are compared with each other: in a flood of the same words some comparisons are enough."""

WORDS = 5
_ROWS, _LIKE, _TICKETS = table(Surge), table(TicketLikeness), table(Ticket)


@dataclass(frozen=True)
class Cluster:
    """Tickets that say the same, oldest first, with the words that most of their subjects share."""

    department_id: int | None
    service_id: int | None
    ids: tuple[int, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Proposed:
    """A surge that waits for a decision, with those of its tickets that are still open and that the reader may see."""

    id: int
    department_id: int | None
    service_id: int | None
    words: Sequence[str]
    found_at: datetime
    tickets: Sequence[Row[Any]]


@unit()
def look(at: datetime) -> int:
    """Finds clusters among the newest open tickets and proposes those that are new; how many were proposed."""
    earlier = db.session.execute(select(_ROWS).where(_ROWS.c.changed_at > at - 2 * WINDOW)).all()
    return sum(_propose(cluster, earlier, at) for cluster in clusters(_recent(at)))


def _recent(at: datetime) -> Sequence[Row[Any]]:
    columns = (_TICKETS.c[name] for name in ("id", "service_id", "department_id", "requester_id", "subject"))
    query: Select[Any] = select(*columns, _LIKE.c.words, _LIKE.c.bands)
    query = query.join(_LIKE, _LIKE.c.ticket_id == _TICKETS.c.id)
    fresh = (_LIKE.c.at > at - WINDOW, _TICKETS.c.is_open, ~_TICKETS.c.major, ~_TICKETS.c.restricted)
    return db.session.execute(query.where(*fresh).order_by(_LIKE.c.at.desc()).limit(MOST)).all()


def clusters(rows: Iterable[Row[Any]]) -> list[Cluster]:
    """Of each service (of each department, where no service is named) those tickets that hang together by likeness."""
    groups: dict[tuple[int | None, int | None], list[Row[Any]]] = {}
    for row in rows:
        groups.setdefault((row.service_id, None if row.service_id else row.department_id), []).append(row)
    return [cluster for group in groups.values() if len(group) >= LEAST for cluster in _of_group(group)]


def _of_group(group: Sequence[Row[Any]]) -> list[Cluster]:
    by_id = {row.id: row for row in group}
    leader = {id_: id_ for id_ in by_id}
    for one, other in _pairs(group):
        here, there = _head(leader, one), _head(leader, other)
        if here != there and alike(by_id[one].words, by_id[other].words) >= ALIKE:
            leader[here] = there
    found: dict[int, list[Row[Any]]] = {}
    for id_, row in by_id.items():
        found.setdefault(_head(leader, id_), []).append(row)
    return [_cluster(rows) for rows in found.values() if _is_surge(rows)]


def _head(leader: dict[int, int], id_: int) -> int:
    while leader[id_] != id_:
        leader[id_] = id_ = leader[leader[id_]]
    return id_


def _pairs(group: Sequence[Row[Any]]) -> set[tuple[int, int]]:
    """Tickets with a band in common."""
    sharing: dict[int, list[int]] = {}
    for row in group:
        for band in row.bands:
            sharing.setdefault(band, []).append(row.id)
    return {
        (min(one, other), max(one, other))
        for ids in sharing.values()
        for at, one in enumerate(ids[:CROWD])
        for other in ids[at + 1 : CROWD]
    } | {(min(one, ids[0]), max(one, ids[0])) for ids in sharing.values() for one in ids[CROWD:]}


def _is_surge(rows: Sequence[Row[Any]]) -> bool:
    """One person who writes ten times is no surge."""
    return len(rows) >= LEAST and len({row.requester_id for row in rows}) >= LEAST_PEOPLE


def _cluster(rows: Sequence[Row[Any]]) -> Cluster:
    departments = Counter(row.department_id for row in rows)
    ids = tuple(sorted(row.id for row in rows))
    return Cluster(departments.most_common(1)[0][0], rows[0].service_id, ids, _shared_words(rows))


def _shared_words(rows: Sequence[Row[Any]]) -> tuple[str, ...]:
    """The words that at least half of the tickets say, as a subject spells them."""
    heard = Counter(word for row in rows for word in set(row.words))
    spelled: dict[str, Counter[str]] = {}
    for row in rows:
        for written, word in spoken(row.subject):
            spelled.setdefault(word, Counter())[written.lower()] += 1
    common = [word for word, count in heard.most_common() if 2 * count >= len(rows) and word in spelled]
    return tuple(spelled[word].most_common(1)[0][0] for word in common[:WORDS])


def _propose(cluster: Cluster, earlier: Sequence[Row[Any]], at: datetime) -> bool:
    """A new proposal; an open one grows instead, and a decided one comes back only at twice its size."""
    mine = set(cluster.ids)
    known = next((row for row in earlier if _overlaps(mine, set(row.ticket_ids))), None)
    if known is not None and known.state == SurgeState.PROPOSED:
        grown = sorted(mine | set(known.ticket_ids))
        if grown != list(known.ticket_ids):
            values = {"ticket_ids": grown, "changed_at": at}
            db.session.execute(update(_ROWS).where(_ROWS.c.id == known.id).values(values))
        return False
    if known is not None and len(mine) < 2 * len(known.ticket_ids):
        return False
    row: dict[str, Any] = {
        "department_id": cluster.department_id,
        "service_id": cluster.service_id,
        "ticket_ids": list(cluster.ids),
    }
    row |= {"words": list(cluster.words), "found_at": at, "changed_at": at}
    db.session.execute(insert(_ROWS).values(row))
    return True


def _overlaps(mine: set[int], theirs: set[int]) -> bool:
    return 2 * len(mine & theirs) >= min(len(mine), len(theirs))


def proposed(actor: Actor, limit: int = 10) -> list[Proposed]:
    """What waits for a decision, the newest first, as far as the actor may see it; raises Forbidden."""
    _require(actor)
    query = select(_ROWS).where(_ROWS.c.state == SurgeState.PROPOSED).order_by(_ROWS.c.found_at.desc()).limit(limit)
    rows = db.session.execute(query).all()
    seen = _seen(actor, {id_ for row in rows for id_ in row.ticket_ids}) if rows else {}
    found = [
        Proposed(row.id, row.department_id, row.service_id, row.words, row.found_at,
                 [seen[id_] for id_ in row.ticket_ids if id_ in seen])
        for row in rows
    ]  # fmt: skip
    return [one for one in found if len(one.tickets) >= 2]


def _seen(actor: Actor, ids: Iterable[int]) -> dict[int, Row[Any]]:
    columns = (_TICKETS.c[name] for name in ("id", "subject", "status", "received_at"))
    query = select(*columns).where(_TICKETS.c.id.in_(set(ids)), _TICKETS.c.is_open, scope.visible(actor))
    return {row.id: row for row in db.session.execute(query)}


@unit()
def dismiss(actor: Actor, surge_id: int, *, at: datetime | None = None) -> None:
    """They have no cause in common. Raises Forbidden, NotFound, Stale."""
    moment = at or clock.now()
    _settle(actor, _held(actor, surge_id), SurgeState.DISMISSED, moment)


@unit()
def gather(actor: Actor, surge_id: int, *, at: datetime | None = None) -> int:
    """Links them all with the oldest, which stands for all of them from now on; its number. Raises as `dismiss`."""
    moment = at or clock.now()
    row = _held(actor, surge_id)
    oldest, *others = _open_ones(actor, row)
    for other in others:
        tickets.link(actor, other, oldest, "duplicate", at=moment)
    _settle(actor, row, SurgeState.GATHERED, moment)
    return oldest


@unit()
def propose_major(actor: Actor, surge_id: int, *, at: datetime | None = None) -> int:
    """Proposes a major incident of the oldest, with the others as those that are like it; its number."""
    moment = at or clock.now()
    row = _held(actor, surge_id)
    oldest, *others = _open_ones(actor, row)
    majors.propose(actor, oldest, similar=others, at=moment)
    _settle(actor, row, SurgeState.DECLARED, moment)
    return oldest


def _open_ones(actor: Actor, row: Row[Any]) -> list[int]:
    ids = sorted(_seen(actor, row.ticket_ids))
    if len(ids) < 2:
        raise Stale("Its tickets are finished.", code="surge-over")
    return ids


def _held(actor: Actor, surge_id: int) -> Row[Any]:
    _require(actor)
    row = db.session.execute(select(_ROWS).where(_ROWS.c.id == surge_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound("There is no such proposal.")
    if row.state != SurgeState.PROPOSED:
        raise Stale("Somebody has decided already.", code="decided")
    return row


def _settle(actor: Actor, row: Row[Any], state: SurgeState, at: datetime) -> None:
    values = {"state": state.value, "settled_at": at, "settled_by_id": actor.id, "changed_at": at}
    db.session.execute(update(_ROWS).where(_ROWS.c.id == row.id).values(values))


def _require(actor: Actor) -> None:
    if not may(actor, "supervise"):
        raise Forbidden("Supervisors decide about what has one cause.")
