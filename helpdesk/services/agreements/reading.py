"""Agreements as the administrators' list shows them: what is in force, what waits for its day, what is drafted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select

from helpdesk import i18n
from helpdesk.db import db
from helpdesk.errors import NotFound
from helpdesk.services import rulebook
from helpdesk.services.rulebook.reading import ROWS
from helpdesk.vocabulary import RulebookKind, VersionState
from sla import AgreementKind, Policy

CURRENT = (VersionState.IN_FORCE, VersionState.SCHEDULED, VersionState.DRAFT)
_KINDS = list(AgreementKind)


@dataclass(frozen=True)
class Agreed:
    """One version of an agreement: its row, what it says, and whether it ran out or should have been looked at."""

    row: Row[Any]
    policy: Policy
    overdue: bool

    @property
    def is_in_force(self) -> bool:
        """Whether it binds what comes now."""
        return bool(self.row.state == VersionState.IN_FORCE)


def today(now: datetime) -> date:
    """The date on the wall of the body."""
    return now.astimezone(i18n.ZONE).date()


def known(now: datetime) -> list[Agreed]:
    """What is in force, waits or is drafted: by kind, in the order in which promises are looked for."""
    rows = db.session.execute(
        select(ROWS).where(ROWS.c.kind == RulebookKind.POLICY, ROWS.c.state.in_(CURRENT))
    ).all()  # fmt: skip
    return sorted((_agreed(row, today(now)) for row in rows), key=_place)


def _agreed(row: Row[Any], day: date) -> Agreed:
    policy: Policy = rulebook.version(row.id).value
    return Agreed(row, policy, row.state == VersionState.IN_FORCE and policy.agreement.is_overdue(day))


def _place(one: Agreed) -> tuple[int, int, str, int, int]:
    state = CURRENT.index(one.row.state)
    return _KINDS.index(one.policy.kind), one.policy.order, one.row.key, state, -one.row.number


def overdue(now: datetime) -> list[Agreed]:
    """What is in force though it ran out, or should have been looked at again."""
    day = today(now)
    held = rulebook.all_in_force(RulebookKind.POLICY).values()
    ids = [version.id for version in held if version.value.agreement.is_overdue(day)]
    return sorted((_agreed(row, day) for row in rulebook.records(ids)), key=_place)


def find(key: str) -> Row[Any]:
    """The version by which an agreement is known now: the one in force, else the newest. Raises NotFound."""
    rows: Sequence[Row[Any]] = rulebook.versions(RulebookKind.POLICY, key)
    if not rows:
        raise NotFound("There is no such agreement.")
    return next((row for row in rows if row.state == VersionState.IN_FORCE), rows[0])
