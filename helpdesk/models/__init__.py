"""Imports every table module, so that migrations see them all; re-exports nothing."""

from helpdesk.models import (
    access,
    catalogue,
    clocks,
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
    access,
    catalogue,
    clocks,
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
