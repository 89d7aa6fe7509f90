"""Tells the citizen what became of a request when nobody else does: closed, or taken up again."""

from collections.abc import Sequence

from helpdesk.events import TicketClosed, TicketReopened
from helpdesk.services import automatic, correspondence, family
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


def _send(template: str, facts: Sequence[Recorded]) -> None:
    """One letter to each who asked in a ticket or in one merged into it; none to machines and to who want none."""
    if not facts:
        return
    ids = automatic.welcome(family.all_who_asked([fact.ticket_id for fact in facts]))
    correspondence.send([Notice(id_, template, automatic=True) for id_ in ids], max(fact.at for fact in facts))
