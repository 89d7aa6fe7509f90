"""A kept raw message as its channel understands it, with its attachments in storage."""

from typing import Any

from sqlalchemy import Row

from helpdesk.services.accounts import AddressBook
from helpdesk.services.arrival import Arrival


class NotUnderstood(Exception):
    """The channel cannot read it; the text says why."""


def understand(row: Row[Any], book: AddressBook) -> Arrival:
    raise NotUnderstood("soon")
