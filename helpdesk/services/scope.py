"""What an actor may see: the permission "read" as a condition on tickets, and finding one ticket under it."""

from sqlalchemy import BigInteger, ColumnElement, and_, false, func, literal, or_, select, true

from helpdesk.db import db, table
from helpdesk.errors import NotFound
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.vocabulary import ActorKind

_tickets = table(Ticket).c


def visible(actor: Actor) -> ColumnElement[bool]:
    """True of the tickets the actor may read; the same law as `permissions.may(actor, "read", ticket)`."""
    if actor.kind is ActorKind.SYSTEM:
        return true()
    if actor.kind is ActorKind.CITIZEN:
        return _tickets.requester_id == actor.id if actor.id is not None else false()
    if actor.sees_all:
        return not_about(actor)
    answers = or_(
        _tickets.restricted.is_(False),
        _tickets.department_id.in_(actor.departments),
        _tickets.assignee_id == actor.id,
        _tickets.owner_id == actor.id,
    )
    return and_(answers, not_about(actor))


def not_about(actor: Actor) -> ColumnElement[bool]:
    """True of the tickets that do not complain of that member of staff."""
    return (literal(actor.id, BigInteger) == func.any(_tickets.complained_of)).is_not(True)


def counted(actor: Actor) -> ColumnElement[bool]:
    """The same for counts that read an index alone: the few complaints are found once, by their own index."""
    others = table(Ticket).alias("about")
    return _tickets.id.not_in(select(others.c.id).where(others.c.complained_of.contains([actor.id])))


def find(actor: Actor, number: int, *, lock: bool = False) -> Ticket:
    """The ticket of that number; raises NotFound where there is none or the actor may not know of it.

    With ``lock`` the row is held until the transaction ends.
    """
    query = select(Ticket).where(Ticket.id == number, visible(actor)).execution_options(populate_existing=lock)
    found = db.session.execute(query.with_for_update() if lock else query).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such ticket.")
    return found
