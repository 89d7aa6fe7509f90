"""The JSON that comes and goes, as strict pydantic models; the OpenAPI description is made of them."""

from helpdesk.web.api.shapes.incoming import NewFile, NewMessage, NewRequester, NewTicket, TicketChange
from helpdesk.web.api.shapes.moves import MOVES, Move
from helpdesk.web.api.shapes.outgoing import Clock, Department, Event, Message, Page, Person, Service, Ticket

__all__ = [
    "MOVES", "Clock", "Department", "Event", "Message", "Move", "NewFile", "NewMessage", "NewRequester", "NewTicket",
    "Page", "Person", "Service", "Ticket", "TicketChange",
]  # fmt: skip
