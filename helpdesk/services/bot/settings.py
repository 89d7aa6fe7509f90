"""Whether the bot answers, and which departments let a language model put their passages into words."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid
from helpdesk.models.rulebook import Setting
from helpdesk.permissions import Actor, may
from helpdesk.services import catalogue, house

KEY = "bot"
_ROWS = table(Setting).c


@dataclass(frozen=True)
class BotSettings:
    """What the body decided; until then the bot is on, and nothing is worded by a machine."""

    on: bool = True
    worded: tuple[str, ...] = ()


def current() -> BotSettings:
    """As they stand."""
    data = db.session.execute(select(_ROWS.data).where(_ROWS.key == KEY)).scalar_one_or_none() or {}
    return BotSettings(bool(data.get("on", True)), tuple(data.get("worded", ())))


@unit()
def decide(actor: Actor, wanted: BotSettings, at: datetime) -> None:
    """Decides anew. Raises Forbidden; Invalid for a department nobody knows."""
    if not may(actor, "administer"):
        raise Forbidden("Only administrators decide about the bot.")
    known = {row.key for row in catalogue.departments()}
    if not known.issuperset(wanted.worded):
        raise Invalid("There is no such department.", fields={"worded": "an active department"})
    house.keep(KEY, {"on": wanted.on, "worded": sorted(wanted.worded)}, at)
    house.record(actor, "decided", KEY, None, at, {"on": wanted.on, "worded": sorted(wanted.worded)})
