"""What the body asks of the classifier before it may send anything without a human."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from helpdesk.db import db, table
from helpdesk.errors import Invalid
from helpdesk.models.rulebook import Setting
from helpdesk.permissions import Actor
from helpdesk.services import house

KEY = "classifier"
"""The setting that holds them."""

_ROWS = table(Setting)


@dataclass(frozen=True)
class Demands:
    """``precision``: how many of 100 that it sends must be right; ``proven``: proposals people settled before that."""

    precision: int = 95
    proven: int = 200


LEAST, MOST = Demands(80, 200), Demands(99, 5_000)
"""Between these a body may choose: fewer than 200 settled proposals prove little."""


_RANGES = {"precision": "Give a number from 80 to 99.", "proven": "Give a number from 200 to 5000."}


def demands() -> Demands:
    """What is asked now."""
    kept: Mapping[str, int] = db.session.execute(select(_ROWS.c.data).where(_ROWS.c.key == KEY)).scalar() or {}
    return Demands(**kept)


def keep(actor: Actor, asked: Demands, at: datetime) -> None:
    """Keeps what is asked from now on, in the caller's transaction. Raises Invalid that names each wrong field."""
    least, most, given = asdict(LEAST), asdict(MOST), asdict(asked)
    wrong = {name: told for name, told in _RANGES.items() if not least[name] <= given[name] <= most[name]}
    if wrong:
        raise Invalid("The classifier cannot be asked for that.", fields=wrong)
    before = asdict(demands())
    made = insert(_ROWS).values(key=KEY, data=given, changed_at=at)
    db.session.execute(made.on_conflict_do_update(index_elements=["key"], set_={"data": given, "changed_at": at}))
    changed = {name: [before[name], value] for name, value in given.items() if before[name] != value}
    if changed:
        house.record(actor, "changed", KEY, None, at, changed)
