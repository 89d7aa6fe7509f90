"""Who was told what about a ticket, by machine: the log that the desk shows."""

from typing import Any

from helpdesk.permissions import Actor
from helpdesk.services.informing.log import log
from helpdesk.web.api.operations import operation
from helpdesk.web.api.shapes.informing import Told, ToldLog


@operation("GET", "/tickets/{number}/told", scope="read", answer=ToldLog)
def read_told(actor: Actor, number: int) -> ToldLog:
    """Every letter about a ticket, and every change for which none was written and why: the newest 500."""
    return ToldLog(items=[_told(row) for row in log(actor, number)])


def _told(row: Any) -> Told:
    return Told(
        at=row.at, change=row.change or None, reader=row.reader or None, telling=row.telling, rules=row.rules,
        template=row.template or None, automatic=row.automatic, address=row.address, state=row.state or None,
        settled_at=row.settled_at, detail=row.detail,
    )  # fmt: skip
