"""Citizens whom we could not reach by telephone: they are told, and their request waits for them."""

from collections.abc import Sequence

from helpdesk.events import CallBackGivenUp
from helpdesk.permissions import SYSTEM
from helpdesk.services import automatic, tickets
from helpdesk.services.correspondence import Notice
from helpdesk.services.journal import Recorded
from helpdesk.vocabulary import WaitingReason

CODE = "unreached"
"""Marks the letter on its ticket."""


def tell(facts: Sequence[Recorded]) -> None:
    """The reaction to CallBackGivenUp. Closing by silence has its own days to wait, so that nothing ends today."""
    for fact in facts:
        assert isinstance(fact.event, CallBackGivenUp)
        values = {"attempts": fact.event.attempts}
        automatic.send([Notice(fact.ticket_id, CODE, values=values, automatic=True)], CODE, fact.at)
        tickets.wait(SYSTEM, fact.ticket_id, WaitingReason.NEEDS_INFORMATION, at=fact.at)
