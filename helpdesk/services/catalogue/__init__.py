"""Who answers for what: read from a cache, changed by administrators."""

from helpdesk.services.catalogue.administration import KINDS, PHASES, key_from, save
from helpdesk.services.catalogue.colleagues import open_tickets_of, staff_record
from helpdesk.services.catalogue.parties import engagements
from helpdesk.services.catalogue.reading import (
    MANAGER,
    Catalogue,
    Colleague,
    categories,
    changed,
    colleagues,
    current,
    departments,
    id_of,
    service,
    services,
    suppliers,
)
from helpdesk.services.catalogue.staffing import change_staff, compose_team, create_staff, save_team
from helpdesk.services.catalogue.tree import below, chosen, instead, live, move, path, walk

__all__ = [
    "KINDS",
    "MANAGER",
    "PHASES",
    "Catalogue",
    "Colleague",
    "below",
    "categories",
    "change_staff",
    "changed",
    "chosen",
    "colleagues",
    "compose_team",
    "create_staff",
    "current",
    "departments",
    "engagements",
    "id_of",
    "instead",
    "key_from",
    "live",
    "move",
    "open_tickets_of",
    "path",
    "save",
    "save_team",
    "service",
    "services",
    "staff_record",
    "suppliers",
    "walk",
]
