"""What an actor may do to a ticket as it stands, so that pages offer only that."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row

from helpdesk.permissions import ON_TICKETS, Actor, may
from helpdesk.services import transitions
from helpdesk.services.callbacks import Window
from helpdesk.services.transitions import Case
from helpdesk.vocabulary import TERMINAL


def allowed(actor: Actor, ticket: Row[Any], at: datetime, call_back: Window | None = None) -> frozenset[str]:
    """The table of moves and the table of permissions, without what the ticket's own facts rule out."""
    moves = transitions.allowed(Case(actor, ticket, at)) - _told_by_journal(call_back)
    others = set(ON_TICKETS) - set(transitions.MOVES)
    if ticket.status in TERMINAL:
        others -= {"reply", "write"}
    return frozenset(verb for verb in moves | others if may(actor, verb, cast(Any, ticket)))


def _told_by_journal(call_back: Window | None) -> frozenset[str]:
    """What the page knows beside the row."""
    if call_back is None:
        return _OWED
    return frozenset() if call_back.tried else frozenset({"promise-call-back"})


_OWED = frozenset({"dial-call-back", "cancel-call-back", "move-call-back", "ring-call-back"})
