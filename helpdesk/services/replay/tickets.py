"""Tickets of the past as a replay needs them: what each is now, and what it was when it opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, text

from helpdesk import events
from helpdesk.db import db
from helpdesk.services.journal import Recorded
from helpdesk.services.sharing import Portion
from helpdesk.services.signals import CLOCKED
from helpdesk.services.timers import Opening

HEARD = (*CLOCKED, events.TicketClassified, events.DeadlineExtended)
"""The facts that a replay looks at."""

_ROWS = text(
    """
    select id, type, priority, impact, urgency, requester_id, service_id, department_id, received_at, policy_id,
           category_id, priority_reason, matrix_id, supplier_id, is_open,
           case when major then 'yes' else '' end as major
    from ticket where id = any(:ids) order by id
    """
)


@dataclass(frozen=True)
class Known:
    """The catalogue by id: keys of services and who commissions them, of departments with their hours, of suppliers."""

    services: Mapping[int | None, tuple[str, str]]
    departments: Mapping[int | None, tuple[str, str]]
    suppliers: Mapping[int | None, str]

    @classmethod
    def now(cls) -> "Known":
        """As the catalogue stands."""
        services = db.session.execute(_SERVICES).all()
        suppliers = db.session.execute(text("select id, key from supplier")).all()
        places = db.session.execute(text("select id, key, coalesce(calendar_key, '') as hours from department")).all()
        return cls(
            {None: ("", "")} | {row.id: (row.key, row.customer) for row in services},
            {None: ("", "")} | {row.id: (row.key, row.hours) for row in places},
            {None: ""} | {row.id: row.key for row in suppliers},
        )


_SERVICES = text(
    """
    select service.id, service.key, coalesce(customer_body.key, '') as customer
    from service left join customer_body on customer_body.id = service.customer_id
    """
)


@dataclass(frozen=True)
class Told:
    """What promises depend on, at one moment of a ticket's life. It has the names that promises ask for."""

    id: int
    type: str
    priority: str
    impact: str
    urgency: str
    requester_id: int | None
    service_id: int | None
    department_id: int | None
    received_at: Any
    known: Known
    policy_id: int | None = None
    supplier_id: int | None = None
    category_id: int | None = None
    priority_reason: str = ""
    matrix_id: int | None = None
    major: str = ""

    @property
    def service(self) -> str:
        """The key of its service."""
        return self.known.services.get(self.service_id, ("", ""))[0]

    @property
    def customer(self) -> str:
        """The key of who commissions that service."""
        return self.known.services.get(self.service_id, ("", ""))[1]

    @property
    def supplier(self) -> str:
        """The key of the supplier that is engaged."""
        return self.known.suppliers.get(self.supplier_id, "")

    @property
    def department(self) -> str:
        """The key of the department it is with."""
        return self.known.departments.get(self.department_id, ("", ""))[0]

    @property
    def calendar_key(self) -> str:
        """The hours of that department."""
        return self.known.departments.get(self.department_id, ("", ""))[1]

    @property
    def scoped(self) -> Opening:
        """The same as offers take it."""
        return Opening(
            self.id, self.priority, self.type, self.requester_id, self.service, self.department, self.calendar_key,
            self.customer, self.supplier, self.major,
        )  # fmt: skip


def rows(ids: Portion) -> Sequence[Row[Any]]:
    """The tickets as they are now."""
    return db.session.execute(_ROWS, {"ids": list(ids)}).all()


def standing(row: Row[Any], known: Known) -> Told:
    """What the ticket is now."""
    return Told(
        row.id, row.type, row.priority, row.impact, row.urgency, row.requester_id, row.service_id, row.department_id,
        row.received_at, known, row.policy_id, row.supplier_id, row.category_id, row.priority_reason, row.matrix_id,
        row.major,
    )  # fmt: skip


def opened(row: Row[Any], facts: Sequence[Recorded], known: Known) -> Told:
    """What the ticket was when it opened: what it is now, without what was done to it since."""
    told = replace(standing(row, known), policy_id=None, supplier_id=None, major="")
    for fact in reversed(facts):
        match fact.event:
            case events.TicketTransferred(previous_id=before):
                told = replace(told, department_id=before)
            case events.TicketClassified():
                told = replace(told, **_before(fact.event))
    return told


_CLASSES = {"type": "ticket_type", "priority": "priority", "impact": "impact", "urgency": "urgency"}


def _before(fact: events.TicketClassified) -> dict[str, Any]:
    """What it was before it was classified."""
    names = (*_CLASSES, "service_id")
    return {name: fact.previous.get(name, getattr(fact, _CLASSES.get(name, name))) for name in names}
