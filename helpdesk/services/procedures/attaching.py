"""Which model a ticket is worked by: chosen by rule when it opens and when it becomes something else."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from helpdesk import events
from helpdesk.db import as_rows, db, pending
from helpdesk.permissions import SYSTEM
from helpdesk.services import catalogue, journal, rulebook
from helpdesk.services.journal import Recorded
from helpdesk.services.procedures.reading import FULFILS
from helpdesk.services.rulebook import Version
from helpdesk.services.workmodels import Subject
from helpdesk.vocabulary import RulebookKind, Status

_ATTACH = text(
    """
    insert into procedure (ticket_id, rulebook_id, home_id, attached_at)
    select given.ticket_id, given.rulebook_id, ticket.department_id, given.at
    from jsonb_to_recordset(cast(:rows as jsonb)) given (ticket_id bigint, rulebook_id bigint, at timestamptz)
    join ticket on ticket.id = given.ticket_id
    """
)
_KINDS = text(
    """
    select ticket.id, ticket.type, ticket.status, coalesce(service.key, '') as service, ticket.category_id,
           procedure.id as procedure_id, procedure.rulebook_id
    from ticket left join service on service.id = ticket.service_id
    left join procedure on procedure.ticket_id = ticket.id and procedure.ended_at is null
    where ticket.id = any(:ids) order by ticket.id
    """
)
_END = text("update procedure set ended_at = :at where id = any(:ids)")
_FULFIL = text(
    """
    update procedure set fulfilled_at = :at where ticket_id = :ticket and ended_at is null returning rulebook_id
    """
)


def attach(facts: Sequence[Recorded]) -> None:
    """The reaction to TicketOpened: one statement for all tickets for which a model holds, none where none does."""
    if not rulebook.all_in_force(RulebookKind.MODEL):
        return
    rows: dict[int, Any] = {opening.id: opening for opening in pending("openings")}
    if unknown := [fact.ticket_id for fact in facts if fact.ticket_id not in rows]:
        rows |= {row.id: row for row in db.session.execute(_KINDS, {"ids": unknown})}
    people = [fact for fact in facts if isinstance(fact.event, events.TicketOpened) and fact.event.automatic is None]
    _keep([(fact, version) for fact in people if (version := _choose(rows[fact.ticket_id]))])


def reattach(facts: Sequence[Recorded]) -> None:
    """The reaction to another classification: a model that fits it still stays, in the version it was attached in."""
    if not rulebook.all_in_force(RulebookKind.MODEL):
        return
    last = {fact.ticket_id: fact for fact in facts}
    fresh, gone = [], []
    for row in db.session.execute(_KINDS, {"ids": list(last)}).all():
        found = _choose(row)
        if row.status in (Status.RESOLVED, Status.CLOSED) or _same(found, row.rulebook_id):
            continue
        if row.procedure_id is not None:
            gone.append(row)
        if found is not None:
            fresh.append((last[row.id], found))
    if gone:
        _end(gone, last)
    _keep(fresh)


def _same(found: Version | None, held_id: int | None) -> bool:
    held = rulebook.version(held_id) if held_id is not None else None
    return (found.key if found else None) == (held.key if held else None)


def _end(rows: Sequence[Any], last: dict[int, Recorded]) -> None:
    db.session.execute(_END, {"ids": [row.procedure_id for row in rows], "at": last[rows[0].id].at})
    for row in rows:
        journal.record(row.id, events.ProcedureEnded(row.rulebook_id), SYSTEM, last[row.id].at)


def _choose(row: Any) -> Version | None:
    """Of the models in force that fit, the one that asks for most; of equals the first by its key."""
    offered = rulebook.all_in_force(RulebookKind.MODEL).values()
    asks = any(version.value.categories for version in offered)
    subject = Subject(row.type, row.service, _above(row.category_id) if asks else ())
    fits = [version for version in offered if version.value.fits(subject)]
    return min(fits, key=lambda version: (-version.value.weight, version.key), default=None)


def _above(category_id: int | None) -> tuple[str, ...]:
    """The category and all that it stands under, by their keys."""
    keys: list[str] = []
    here = catalogue.current().categories.get(category_id) if category_id is not None else None
    while here is not None and here.key not in keys:
        keys.append(here.key)
        here = catalogue.current().categories.get(here.parent_id or 0)
    return tuple(keys)


def _keep(chosen: Sequence[tuple[Recorded, Version]]) -> None:
    if not chosen:
        return
    rows = [{"ticket_id": fact.ticket_id, "rulebook_id": version.id, "at": fact.at} for fact, version in chosen]
    db.session.execute(_ATTACH, {"rows": as_rows(rows)})
    for fact, version in chosen:
        journal.record(fact.ticket_id, events.ProcedureAttached(version.id), SYSTEM, fact.at)


def fulfilled(facts: Sequence[Recorded]) -> None:
    """The reaction to TicketResolved: what was fulfilled or solved by a model is a fact, with its moment."""
    for fact in facts:
        if isinstance(fact.event, events.TicketResolved) and fact.event.code in FULFILS:
            rulebook_id = db.session.execute(_FULFIL, {"ticket": fact.ticket_id, "at": fact.at}).scalar()
            if rulebook_id is not None:
                journal.record(fact.ticket_id, events.RequestFulfilled(rulebook_id), SYSTEM, fact.at)
