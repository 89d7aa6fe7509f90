"""Open requests of people who are handled with care become as urgent as the body wants theirs to be at least."""

from datetime import datetime

from sqlalchemy import text

from helpdesk.db import db
from helpdesk.permissions import SYSTEM
from helpdesk.services import classification
from helpdesk.services.hands import held
from helpdesk.vocabulary import Level

_OPEN = text(
    """
    select id from ticket
    where is_open and not major and urgency <> all(:pressing) and (requester_id = :person or on_behalf_of_id = :person)
    order by id
    """
)


def press(person_id: int, level: Level, at: datetime) -> None:
    """Raises those that are less urgent, each with a fact in its journal; its targets follow."""
    order = list(Level)
    asked = {"person": person_id, "pressing": [one.value for one in order[: order.index(level) + 1]]}
    for number in db.session.execute(_OPEN, asked).scalars().all():
        with held(SYSTEM, number, "classify", None, at) as hand:
            classification.press(hand, level)
