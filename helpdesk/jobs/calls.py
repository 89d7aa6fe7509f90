"""Telephone calls: what is asked of the carrier, as soon as a step or an agent wants it."""

from helpdesk import background, clock
from helpdesk.services.calls import working


def work() -> None:
    """Rings, fetches, lets go; the clock's sweep does the same where Valkey is away."""
    background.awake("calls.work")
    working.work(clock.now())
