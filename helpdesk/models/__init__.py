"""Imports every table module, so that migrations see them all; re-exports nothing."""

from helpdesk.models import (
    absences,
    access,
    catalogue,
    clocks,
    escalation,
    help,
    house,
    journal,
    learning,
    parties,
    people,
    post,
    replay,
    rulebook,
    scheduled,
    screening,
    tickets,
    waiting,
)

__all__: list[str] = []
_tables = (
    absences,
    access,
    catalogue,
    clocks,
    escalation,
    help,
    house,
    journal,
    learning,
    parties,
    people,
    post,
    replay,
    rulebook,
    scheduled,
    screening,
    tickets,
    waiting,
)
