"""The administrator's pages: the house, its people, its addresses."""

from helpdesk.web.admin import (
    agreements,
    applying,
    assignment,
    log,
    mail,
    monitoring,
    outages,
    overview,
    pages,
    people,
    routing_trials,
    rulebook,
    senders,
    settings,
    sink,
    tree,
    trying,
)
from helpdesk.web.admin.room import room

__all__ = [
    "agreements",
    "applying",
    "assignment",
    "log",
    "mail",
    "monitoring",
    "outages",
    "overview",
    "pages",
    "people",
    "room",
    "routing_trials",
    "rulebook",
    "senders",
    "settings",
    "sink",
    "tree",
    "trying",
]
