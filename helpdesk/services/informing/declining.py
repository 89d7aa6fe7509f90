"""Who wants fewer letters about a request says so, and back."""

from datetime import datetime

from sqlalchemy import text

from helpdesk.db import db, unit
from helpdesk.errors import Forbidden
from helpdesk.permissions import Actor, may
from helpdesk.services import scope

_FEWER = text(
    """
    insert into silence (ticket_id, person_id, at) values (:id, :person, :at)
    on conflict (ticket_id, person_id) do nothing
    """
)
_ALL = text("delete from silence where ticket_id = :id and person_id = :person")


@unit()
def decline(actor: Actor, number: int, at: datetime, *, fewer: bool) -> None:
    """The actor wants only letters that ask something or answer, or all again. Raises NotFound, Forbidden."""
    ticket = scope.find(actor, number)
    if actor.id is None or not may(actor, "write", ticket):
        raise Forbidden("That is for who asked.")
    db.session.execute(_FEWER if fewer else _ALL, {"id": number, "person": actor.id, **({"at": at} if fewer else {})})
