"""What follows from what: the one table from event to consequences. Only create_app imports it."""

from helpdesk.services import journal


def register() -> None:
    """Fills the journal's table; idempotent."""
    journal.REACTIONS.clear()
