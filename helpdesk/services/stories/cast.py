"""Who acts in a story: staff by their address, else the citizen who asked."""

from sqlalchemy import select

from helpdesk.db import db, table
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services import catalogue
from helpdesk.services.stories.reading import wrong
from helpdesk.vocabulary import ActorKind, Role


def actor(by: str, path: str) -> Actor:
    """The member of staff with that address, or the system itself. Raises Invalid."""
    if by == "system":
        return SYSTEM
    found = next((one for one in catalogue.colleagues() if one.email == by.strip().lower()), None)
    if found is None:
        raise wrong(path, f"nobody who works here has the address {by}")
    return Actor(
        ActorKind.STAFF,
        found.id,
        Role(found.role),
        frozenset(found.departments),
        frozenset(found.leads),
        "el",
        found.name,
    )


def citizen(number: int) -> Actor:
    """Who asked."""
    rows = table(Ticket)
    asked = db.session.execute(select(rows.c.requester_id).where(rows.c.id == number)).scalar()
    return Actor(ActorKind.CITIZEN, asked)
