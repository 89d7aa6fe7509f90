"""The JSON that comes and goes, as strict pydantic models; the OpenAPI description is made of them."""

from helpdesk.web.api.shapes.figures import DepartmentMeasure, Measure, PartMeasure, Report
from helpdesk.web.api.shapes.incoming import NewFile, NewMessage, NewRequester, NewTicket, TicketChange
from helpdesk.web.api.shapes.ledger import Ledger
from helpdesk.web.api.shapes.moves import MOVES, Move
from helpdesk.web.api.shapes.outgoing import Clock, Department, Event, Message, Page, Party, Person, Service, Ticket
from helpdesk.web.api.shapes.rules import PutInForce, RulesDraft, RulesVersion

__all__ = [
    "MOVES", "Clock", "Department", "DepartmentMeasure", "Event", "Ledger", "Measure", "Message", "Move",
    "NewFile", "NewMessage", "NewRequester", "NewTicket", "Page", "PartMeasure", "Party", "Person", "PutInForce",
    "Report", "RulesDraft", "RulesVersion",
    "Service", "Ticket", "TicketChange",
]  # fmt: skip
