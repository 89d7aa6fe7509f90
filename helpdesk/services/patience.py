"""How long a resolved request may be taken up again, and when silence closes it: settings of the body."""

from datetime import timedelta

from sqlalchemy import select

from helpdesk.db import db
from helpdesk.models.rulebook import Setting

DAYS = {"reopen_within_days": 7, "close_after_days": 7}
"""Settings by key, with what holds where the body has decided nothing; stored as ``{"days": n}``."""


def reopens_within() -> timedelta:
    """How long after its resolution a word by the requester reopens a request; later it opens a linked one."""
    return _days("reopen_within_days")


def closes_after() -> timedelta:
    """How long after its resolution a request closes by itself."""
    return _days("close_after_days")


def _days(key: str) -> timedelta:
    data = db.session.execute(select(Setting.data).where(Setting.key == key)).scalar() or {}
    return timedelta(days=int(data.get("days", DAYS[key])))
