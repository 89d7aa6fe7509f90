"""Who answers for what: read from a cache, changed by administrators."""

from helpdesk.services.catalogue.administration import KINDS, PHASES, key_from, save
from helpdesk.services.catalogue.colleagues import open_tickets_of, staff_record
from helpdesk.services.catalogue.parties import engagements
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
    suppliers,
)
from helpdesk.services.catalogue.staffing import change_staff, compose_team, create_staff, save_team

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
    "engagements",
    "id_of",
    "key_from",
    "open_tickets_of",
    "save",
    "save_team",
    "service",
    "services",
    "staff_record",
    "suppliers",
]
