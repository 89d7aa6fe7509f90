"""Who sits at the desk and takes new work: kept alive by the desk's stream, chosen by hand, ended by itself."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, text

from helpdesk import clock
from helpdesk.background import announce
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid
from helpdesk.models.presence import Presence as PresenceRow
from helpdesk.permissions import Actor
from helpdesk.vocabulary import PresenceState, WorkKind

FRESH = timedelta(seconds=150)
"""So long after the last sign of life somebody counts as there: two beats and a half."""

BEAT = timedelta(seconds=60)
"""How often a sign of life is kept."""

FORGOTTEN = timedelta(hours=4)
"""After so long an absence what was chosen before it no longer holds: who comes back is available."""

LONGEST = timedelta(hours=12)
"""For so long at most a choice with an end holds."""

CHOSEN = (PresenceState.AVAILABLE, PresenceState.BUSY, PresenceState.AWAY)

_ROWS = table(PresenceRow)


@dataclass(frozen=True)
class Presence:
    """How somebody is there at a moment; ``kinds`` is the work they take, ``until`` when the state ends by itself."""

    person_id: int
    state: PresenceState
    kinds: frozenset[WorkKind] = frozenset(WorkKind)
    until: datetime | None = None
    given_at: datetime | None = None

    def takes(self, kind: WorkKind) -> bool:
        """Whether new work of that kind may come."""
        return self.state is PresenceState.AVAILABLE and kind in self.kinds


def read(row: Any, at: datetime) -> Presence:
    """A row of the table as it stands at a moment."""
    kinds = frozenset(WorkKind) - frozenset(row.without)
    if row.seen_at is None or row.seen_at < at - FRESH:
        return Presence(row.person_id, PresenceState.OFFLINE, kinds, None, row.given_at)
    over = row.until is not None and row.until <= at
    state = PresenceState.AVAILABLE if over else PresenceState(row.state)
    return Presence(row.person_id, state, kinds, None if over else row.until, row.given_at)


def chosen(
    person_id: int,
    state: str | None,
    without: Collection[str] | None,
    until: datetime | None,
    seen_at: datetime | None,
    at: datetime,
) -> Presence:
    """How somebody is there who looks at a page right now: as they chose, unless that is over or long ago."""
    kinds = frozenset(WorkKind) - frozenset(without or ())
    over = state is None or (until is not None and until <= at) or (seen_at is not None and seen_at < at - FORGOTTEN)
    if over or state is None:
        return Presence(person_id, PresenceState.AVAILABLE, kinds)
    return Presence(person_id, PresenceState(state), kinds, until)


def of(person_id: int, at: datetime) -> Presence:
    """Of one person; who was never seen is offline."""
    return of_many([person_id], at)[person_id]


def of_many(person_ids: Collection[int], at: datetime) -> dict[int, Presence]:
    """Of several, by one statement."""
    rows = db.session.execute(select(_ROWS).where(_ROWS.c.person_id.in_(person_ids)))
    return whole(person_ids, rows, at)


def whole(person_ids: Iterable[int], rows: Iterable[Row[Any]], at: datetime) -> dict[int, Presence]:
    """The rows read, and everybody offline who has none."""
    found = {row.person_id: read(row, at) for row in rows}
    return {id_: found.get(id_) or Presence(id_, PresenceState.OFFLINE) for id_ in person_ids}


_SEEN = text(
    """
    insert into presence (person_id, changed_at, seen_at) values (:id, :at, :at)
    on conflict (person_id) do update set seen_at = excluded.seen_at,
      state = case when presence.seen_at < :forgotten then 'available' else presence.state end,
      until = case when presence.seen_at < :forgotten then null else presence.until end
    where presence.seen_at is null or presence.seen_at < :beat
    """
)


@unit()
def seen(person_id: int, at: datetime) -> None:
    """Keeps a sign of life, at most one a beat however many tabs are open."""
    moments = {"at": at, "beat": at - BEAT * 0.75, "forgotten": at - FORGOTTEN}
    db.session.execute(_SEEN, {"id": person_id, **moments})


@unit()
def choose(
    actor: Actor,
    state: str,
    *,
    minutes: int | None = None,
    kinds: Iterable[str] | None = None,
    at: datetime | None = None,
) -> Presence:
    """Says how the actor is there, for some minutes or until they say otherwise, and which work they take.

    Raises Forbidden for who does not work here, Invalid that names what is wrong.
    """
    if not actor.is_staff or actor.id is None:
        raise Forbidden("Only people who work here are present.")
    now, wanted = at or clock.now(), None if kinds is None else set(kinds)
    _check(state, minutes, wanted)
    until = now + timedelta(minutes=minutes) if minutes is not None and state != PresenceState.AVAILABLE else None
    values = {"id": actor.id, "state": state, "until": until, "at": now}
    values["without"] = None if wanted is None else sorted(set(WorkKind) - wanted)
    _tell(actor.id)
    return read(db.session.execute(_CHOOSE, values).one(), now)


def _tell(person_id: int) -> None:
    """Whoever supervises sees it at once."""
    announce("desk", {"kind": "presence", "person": person_id})


def _check(state: str, minutes: int | None, kinds: set[str] | None) -> None:
    wrong = {}
    if state not in CHOSEN:
        wrong["state"] = f"one of {', '.join(CHOSEN)}"
    if minutes is not None and not 1 <= minutes <= LONGEST.total_seconds() // 60:
        wrong["minutes"] = "1 to 720"
    if kinds is not None and kinds - set(WorkKind):
        wrong["kinds"] = f"some of {', '.join(WorkKind)}"
    if wrong:
        raise Invalid("Nobody can be there like this.", fields=wrong)


_CHOOSE = text(
    """
    insert into presence (person_id, state, until, without, changed_at, seen_at)
    values (:id, :state, :until, coalesce(cast(:without as text[]), '{}'), :at, :at)
    on conflict (person_id) do update set state = excluded.state, until = excluded.until,
      without = coalesce(cast(:without as text[]), presence.without), changed_at = :at, seen_at = :at
    returning *
    """
)


@unit()
def leave(person_id: int, at: datetime) -> None:
    """Somebody signed out: offline at once."""
    _tell(person_id)
    db.session.execute(text("update presence set seen_at = null, changed_at = :at where person_id = :id"),
                       {"id": person_id, "at": at})  # fmt: skip


@unit()
def wrap_up(person_id: int, until: datetime, at: datetime) -> None:
    """Somebody is busy with what follows a call or a chat; it ends by itself. Who is away stays so."""
    _set(person_id, PresenceState.BUSY, until, at)


@unit()
def missed(person_id: int, at: datetime) -> None:
    """Somebody did not answer what was offered: away until they say otherwise, so that nobody else waits for them."""
    _set(person_id, PresenceState.AWAY, None, at)


def _set(person_id: int, state: PresenceState, until: datetime | None, at: datetime) -> None:
    _tell(person_id)
    db.session.execute(_SET, {"id": person_id, "state": state.value, "until": until, "at": at})


_SET = text(
    "update presence set state = :state, until = :until, changed_at = :at"
    " where person_id = :id and (state <> 'away' or until <= :at)"
)


def there(at: datetime) -> Mapping[int, Presence]:
    """Everybody who is at the desk now, by person."""
    rows = db.session.execute(select(_ROWS).where(_ROWS.c.seen_at >= at - FRESH))
    return {row.person_id: read(row, at) for row in rows}
