"""Tickets and what hangs on them as plain records for machines: few statements, rows instead of entities."""

from helpdesk.services.records.cursors import part
from helpdesk.services.records.ledgers import ledger
from helpdesk.services.records.people import person
from helpdesk.services.records.said import attachment, events, message, messages
from helpdesk.services.records.tickets import ORDERS, Wanted, changed, clocks, require, ticket, tickets

__all__ = [
    "ORDERS", "Wanted", "attachment", "changed", "clocks", "events", "ledger", "message", "messages", "part",
    "person", "require", "ticket", "tickets",
]  # fmt: skip
