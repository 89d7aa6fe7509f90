"""The log of what people were told about a ticket, as we answer it."""

from datetime import datetime

from helpdesk.vocabulary import Delivery, PublicChange, Reader, Telling
from helpdesk.web.api.shapes.outgoing import Outgoing


class Told(Outgoing):
    """A letter, and the change it tells of, if it tells of one; or a change for which none was written, and why.

    ``telling``: ``letter``, or why there is none (or none any more). ``rules``: the version of the rules that decided.
    ``settled_at``: when the letter left or came to its end; of one that waits, when it leaves.
    """

    at: datetime
    change: PublicChange | None
    reader: Reader | None
    telling: Telling
    rules: str | None
    template: str | None
    automatic: bool
    address: str | None
    state: Delivery | None
    settled_at: datetime | None
    detail: str | None


class ToldLog(Outgoing):
    """The newest 500 lines of a ticket, the newest first."""

    items: list[Told]
