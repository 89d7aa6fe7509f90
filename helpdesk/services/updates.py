"""Tells the citizen what became of a request when nobody else does: closed, or taken up again."""

from collections.abc import Sequence

from sqlalchemy import text

from helpdesk.db import db
from helpdesk.events import TicketClosed, TicketReopened
from helpdesk.services import correspondence
from helpdesk.services.acknowledgements import MAY_NOT_ANSWER
from helpdesk.services.correspondence import Notice
from helpdesk.services.journal import Recorded

CONFIRMED = "confirmed"
"""The citizen closed it and need not be told."""


def tell_closed(facts: Sequence[Recorded]) -> None:
    """The reaction to TicketClosed: who did not close it learns that it is, and what to do if it is not over."""
    closed = [fact for fact in facts if isinstance(fact.event, TicketClosed) and fact.event.reason != CONFIRMED]
    _send("closed", closed)


def tell_reopened(facts: Sequence[Recorded]) -> None:
    """The reaction to TicketReopened: the citizen learns that somebody works on it again."""
    _send("reopened", [fact for fact in facts if isinstance(fact.event, TicketReopened)])


_WELCOME = text(
    """
    select ticket.id from ticket
    where ticket.id = any(:ids) and ticket.automatic is null
      and not exists (select from message where message.ticket_id = ticket.id and :quiet = any(message.warnings))
    order by ticket.id
    """
)


def _send(template: str, facts: Sequence[Recorded]) -> None:
    """One letter a ticket; none to machines and to senders who want no automatic mail."""
    if not facts:
        return
    told = {"ids": [fact.ticket_id for fact in facts], "quiet": MAY_NOT_ANSWER}
    ids = db.session.execute(_WELCOME, told).scalars().all()
    correspondence.send([Notice(id_, template, automatic=True) for id_ in ids], max(fact.at for fact in facts))
