"""The JSON that comes and goes, as strict pydantic models; the OpenAPI description is made of them."""

from helpdesk.web.api.shapes.duty import DepartmentEscalations, EscalationMeasure, EscalationReport
from helpdesk.web.api.shapes.figures import (
    AgentMeasure,
    DepartmentMeasure,
    Measure,
    PartMeasure,
    ReasonMeasure,
    Report,
    WaitingMeasure,
    WaitingReport,
)
from helpdesk.web.api.shapes.incoming import NewFile, NewMessage, NewRequester, NewTicket, TicketChange
from helpdesk.web.api.shapes.ledger import Ledger
from helpdesk.web.api.shapes.moves import MOVES, Move
from helpdesk.web.api.shapes.outgoing import (
    Category,
    Clock,
    Department,
    Event,
    Message,
    Page,
    Party,
    Person,
    Service,
    Ticket,
)
from helpdesk.web.api.shapes.registering import PersonChange, Split
from helpdesk.web.api.shapes.rules import PutInForce, RulesDraft, RulesVersion
from helpdesk.web.api.shapes.transitions import Condition, Transition

__all__ = [
    "MOVES",
    "AgentMeasure",
    "Category",
    "Clock",
    "Condition",
    "Department",
    "DepartmentEscalations",
    "DepartmentMeasure",
    "EscalationMeasure",
    "EscalationReport",
    "Event",
    "Ledger",
    "Measure",
    "Message",
    "Move",
    "NewFile",
    "NewMessage",
    "NewRequester",
    "NewTicket",
    "Page",
    "PartMeasure",
    "Party",
    "Person",
    "PersonChange",
    "PutInForce",
    "ReasonMeasure",
    "Report",
    "RulesDraft",
    "RulesVersion",
    "Service",
    "Split",
    "Ticket",
    "TicketChange",
    "Transition",
    "WaitingMeasure",
    "WaitingReport",
]  # fmt: skip
