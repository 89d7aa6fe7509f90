"""Who answers for what: read from a cache, changed by administrators."""

from helpdesk.services.catalogue.administration import KINDS, PHASES, change_staff, compose_team, create_staff, save
from helpdesk.services.catalogue.reading import (
    Colleague,
    categories,
    changed,
    colleagues,
    current,
    departments,
    id_of,
    service,
    services,
)

__all__ = [
    "KINDS",
    "PHASES",
    "Colleague",
    "categories",
    "change_staff",
    "changed",
    "colleagues",
    "compose_team",
    "create_staff",
    "current",
    "departments",
    "id_of",
    "save",
    "service",
    "services",
]
