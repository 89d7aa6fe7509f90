"""What a body still needs before citizens can be served: each step with whether it is done."""

from dataclasses import dataclass

from sqlalchemy import exists, select

from helpdesk.db import db, table
from helpdesk.models.post import ChannelAccount
from helpdesk.models.tickets import Ticket
from helpdesk.services import body, catalogue
from helpdesk.vocabulary import ChannelKind

_ACCOUNTS = table(ChannelAccount).c


@dataclass(frozen=True)
class Readiness:
    """True for what is there already."""

    name: bool
    department: bool
    service: bool
    agent: bool
    address: bool
    request: bool


def now() -> Readiness:
    """How far the body is."""
    addressed = exists().where(_ACCOUNTS.active, _ACCOUNTS.kind == ChannelKind.EMAIL)
    asked = exists(select(table(Ticket).c.id))
    address, request = db.session.execute(select(addressed, asked)).one()
    return Readiness(
        name=bool(body.name("el")),
        department=bool(catalogue.departments()),
        service=bool(catalogue.services()),
        agent=any(person.departments for person in catalogue.colleagues()),
        address=bool(address),
        request=bool(request),
    )
