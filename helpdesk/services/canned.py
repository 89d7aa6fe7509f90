"""Texts that agents need not type: offered by department, each in the citizen's language."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from helpdesk import i18n
from helpdesk.db import db, table
from helpdesk.models.help import CannedReply

_ROWS = table(CannedReply)


@dataclass(frozen=True)
class Canned:
    """A text as it would be sent, under the title by which an agent finds it."""

    key: str
    title: str
    text: str


def offered(department_id: int | None, *, spoken: str, read: str) -> Sequence[Canned]:
    """The texts of the department and of the whole house: ``read`` the title, ``spoken`` the text."""
    fits = or_(_ROWS.c.department_id.is_(None), _ROWS.c.department_id == department_id)
    rows = db.session.execute(select(_ROWS.c.key, _ROWS.c.titles, _ROWS.c.texts).where(fits).order_by(_ROWS.c.key))
    return [Canned(row.key, i18n.pick(row.titles, read), i18n.pick(row.texts, spoken)) for row in rows]
