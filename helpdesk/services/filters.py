"""What a list of tickets shall hold, as asked for in the query string, and the conditions that follow."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, cast, select

from helpdesk import clock
from helpdesk.db import table
from helpdesk.errors import Invalid
from helpdesk.models.callbacks import CallbackPromise
from helpdesk.models.catalogue import Department, Service
from helpdesk.permissions import Actor
from helpdesk.services import stages, views
from helpdesk.services.views import Sort, View, tickets
from helpdesk.vocabulary import OPEN_PROMISES, Stage

_departments, _services, _promises = table(Department), table(Service), table(CallbackPromise)


class Due(StrEnum):
    """How near its next deadline a ticket is; what is late is due soon, too. ``call``: somebody is to be rung."""

    SOON = "soon"
    LATE = "late"
    CALL = "call"


_WITHIN = {Due.SOON: views.HORIZON, Due.LATE: timedelta()}


@dataclass(frozen=True)
class Filters:
    """What a list shall hold. Empty asks nothing. ``assignee``: a person's id, ``me`` or ``nobody``."""

    view: View = View.MINE
    q: str = ""
    department: str = ""
    service: str = ""
    assignee: str = ""
    priority: str = ""
    status: str = ""
    stage: str = ""
    type: str = ""
    channel: str = ""
    tag: str = ""
    due: str = ""
    requester: int | None = None
    received_from: datetime | None = None
    received_to: datetime | None = None
    sort: Sort | None = None

    @property
    def order(self) -> Sort:
        """The sort asked for, else what suits the view."""
        return self.sort or views.default_sort(self.view)


def conditions(actor: Actor, filters: Filters) -> list[ColumnElement[bool]]:
    """The conditions of the filter bar (the view's own are in ``views``)."""
    same = {"priority": filters.priority, "status": filters.status, "type": filters.type, "channel": filters.channel}
    wanted: list[ColumnElement[bool]] = [tickets.c[name] == value for name, value in same.items() if value]
    if filters.stage:
        wanted.append(stages.where(Stage(filters.stage)))
    if filters.department:
        wanted.append(tickets.c.department_id == _id_of(_departments, filters.department))
    if filters.service:
        wanted.append(tickets.c.service_id == _id_of(_services, filters.service))
    if filters.tag:
        wanted.append(tickets.c.tags.op("@>", is_comparison=True)(cast([filters.tag], ARRAY(Text))))
    if filters.due == Due.CALL:
        wanted.append(_calls_owed())
    elif filters.due:
        until = clock.now() + _WITHIN[Due(filters.due)]
        wanted += [tickets.c.queue_at < until, tickets.c.next_due_at < until]  # the first for its index
    if filters.requester is not None:
        wanted.append(tickets.c.requester_id == filters.requester)
    if filters.received_from:
        wanted.append(tickets.c.received_at >= filters.received_from)
    if filters.received_to:
        wanted.append(tickets.c.received_at < filters.received_to + timedelta(days=1))
    return wanted + _assigned(actor, filters.assignee)


def _calls_owed() -> ColumnElement[bool]:
    """A call that is promised and still to be made."""
    owed = select(_promises.c.id).where(_promises.c.ticket_id == tickets.c.id)
    return owed.where(_promises.c.state.in_([state.value for state in OPEN_PROMISES])).exists()


def _id_of(things: Any, key: str) -> Any:
    return select(things.c.id).where(things.c.key == key).scalar_subquery()


def _assigned(actor: Actor, assignee: str) -> list[ColumnElement[bool]]:
    if not assignee:
        return []
    if assignee == "nobody":
        return [tickets.c.assignee_id.is_(None)]
    if assignee != "me" and not assignee.isdecimal():
        raise Invalid("Choose who works on it.", fields={"assignee": "Choose who works on it."})
    return [tickets.c.assignee_id == (actor.id if assignee == "me" else int(assignee))]
