"""What an actor may do to a ticket as it stands, so that pages offer only that."""

from typing import Any, cast

from sqlalchemy import Row

from helpdesk.permissions import ON_TICKETS, Actor, may
from helpdesk.services import transitions
from helpdesk.services.callbacks import Window
from helpdesk.vocabulary import TERMINAL


def allowed(actor: Actor, ticket: Row[Any], call_back: Window | None = None) -> frozenset[str]:
    """The table of moves and the table of permissions, without what the ticket's own facts rule out."""
    moves = set(transitions.allowed(ticket.status))
    others = set(ON_TICKETS) - set(transitions.MOVES)
    if ticket.status in TERMINAL:
        others -= {"reply", "write"}
    verbs = (moves | others) - _ruled_out(ticket, call_back)
    return frozenset(verb for verb in verbs if may(actor, verb, cast(Any, ticket)))


def _ruled_out(ticket: Row[Any], call_back: Window | None) -> set[str]:
    rules = {
        "engage-supplier": ticket.supplier_id is not None,
        "supplier-answered": ticket.supplier_id is None,
        "mark-incomplete": ticket.incomplete_since is not None,
        "mark-complete": ticket.incomplete_since is None,
        "extend": ticket.extended_days is not None,
        "promise-call-back": call_back is not None,
        "dial-call-back": call_back is None,
        "cancel-call-back": call_back is None,
    }
    return {verb for verb, holds in rules.items() if holds}
