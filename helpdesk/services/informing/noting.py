"""What became of telling people, as rows; and letters of changes that later words replace before they leave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text

from helpdesk.db import db, insert_many, table
from helpdesk.models.informing import Informed
from helpdesk.services import rulebook
from helpdesk.services.rulebook.informing import USUAL, InformingRules
from helpdesk.vocabulary import PublicChange, Reader, RulebookKind, Telling

GRACE = timedelta(seconds=30)
"""How long a letter about a change waits: what follows in the same breath goes into one letter."""


@dataclass(frozen=True)
class Rules:
    """What holds: the table, and its version (None where a body has decided nothing)."""

    table: InformingRules
    id: int | None

    def leaves(self, at: datetime, *, keeps_quiet: bool) -> datetime:
        """The earliest moment a letter may leave that could leave at that one."""
        if not keeps_quiet or not rulebook.all_in_force(RulebookKind.CALENDAR):
            return at
        return self.table.quiet.leaves(at, rulebook.calendar_for(None).value)


def rules() -> Rules:
    """The rules of informing in force."""
    version = rulebook.all_in_force(RulebookKind.INFORMING).get(rulebook.DEFAULT)
    return Rules(version.value, version.id) if version else Rules(USUAL, None)


@dataclass(frozen=True)
class Note:
    """What became of telling one reader of one change."""

    ticket_id: int
    change: PublicChange
    reader: Reader
    at: datetime
    telling: Telling
    person_id: int | None = None
    rules_id: int | None = None
    external_id: str | None = None
    message_id: int | None = None
    leaves_at: datetime | None = None
    about: str = ""


_ROWS = table(Informed)
_NAMES = tuple(Note.__dataclass_fields__)


def keep(notes: Iterable[Note]) -> None:
    """Writes them down, by one statement."""
    insert_many(_ROWS, [{name: getattr(note, name) for name in _NAMES} for note in notes])


_REPLACE = text(
    """
    with letter as (
        select distinct outbound.id, outbound.external_id
        from informed join outbound on outbound.external_id = informed.external_id
        where informed.ticket_id = any(array(select unnest(cast(:ids as bigint[])) union
                                             select ticket.id from ticket where ticket.survivor_id = any(:ids)))
          and informed.telling = 'letter' and informed.reader <> 'customer'
          and (informed.change <> 'merged' or informed.ticket_id = any(:parted))
          and outbound.message_id is null and outbound.state = 'waiting' and outbound.attempts = 0
    ), taken as (
        update outbound set state = 'withdrawn', settled_at = :at from letter
        where outbound.id = letter.id and outbound.state = 'waiting' and outbound.attempts = 0
        returning outbound.external_id
    )
    update informed set telling = 'replaced' from taken
    where informed.external_id = taken.external_id and informed.telling = 'letter'
    returning informed.ticket_id, informed.person_id, informed.change
    """
)


def replace(ticket_ids: Sequence[int], at: datetime, parted: Sequence[int] = ()) -> Sequence[Row[Any]]:
    """Takes letters about earlier changes of these tickets back that have not left: what comes now says it.

    That a request was merged nothing else says but that it was ``parted`` again.
    """
    return db.session.execute(_REPLACE, {"ids": list(ticket_ids), "at": at, "parted": list(parted)}).all()


_LAST = text(
    """
    select distinct on (person_id) person_id, change from informed
    where ticket_id = :id and telling in ('letter', 'covered') order by person_id, id desc
    """
)


def last_told(ticket_id: int) -> dict[int | None, PublicChange]:
    """Of which change each person was told last."""
    return {row.person_id: PublicChange(row.change) for row in db.session.execute(_LAST, {"id": ticket_id})}
