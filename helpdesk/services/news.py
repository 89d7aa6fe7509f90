"""Tells whoever looks at the desk that a ticket has changed: one line a ticket and unit of work, after the commit."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import select

from helpdesk.background import announce
from helpdesk.db import before_commit, db, pending, table
from helpdesk.events import OfferExpired, TicketAssigned, TicketRouted, TicketTransferred, WorkOffered
from helpdesk.models.tickets import Ticket
from helpdesk.services.journal import Recorded

STREAM = "desk"
TYPING = "typing"
"""What is over in seconds stands on a stream of its own, which nobody reads again."""

_SILENT = "helpdesk.news.silent"
_rows = table(Ticket)


@contextmanager
def silence() -> Iterator[None]:
    """What happens inside is told to nobody: the past that is made up afterwards is news to no one."""
    info = db.session().info
    info[_SILENT] = True
    try:
        yield
    finally:
        info.pop(_SILENT, None)


def tell(facts: Sequence[Recorded]) -> None:
    """The reaction to every fact. The line holds ids and the first fact's type; readers fetch what they may see."""
    if not db.session().info.get(_SILENT):
        pending("news").extend(facts)
        before_commit(_announce)


def _announce() -> None:
    told: list[Recorded] = pending("news").copy()
    pending("news").clear()
    kinds: dict[int, str] = {}
    people: dict[int, int] = {}
    for fact in told:
        kinds.setdefault(fact.ticket_id, fact.type)
        if (person_id := _whom(fact)) is not None:
            people[fact.ticket_id] = person_id
    departments = _departments(told)
    lines = [_line(id_, kind, departments[id_], people) for id_, kind in kinds.items() if id_ in departments]
    if lines:
        announce(STREAM, *lines)


def _line(ticket_id: int, kind: str, department_id: int | None, people: Mapping[int, int]) -> dict[str, str | int]:
    line: dict[str, str | int] = {"ticket": ticket_id, "department": department_id or 0, "kind": kind}
    return line | ({"person": people[ticket_id]} if ticket_id in people else {})


def _whom(fact: Recorded) -> int | None:
    """Whose desk shows it at once: to whom the rules gave or offered it, or who let the offer lapse."""
    if isinstance(fact.event, WorkOffered | OfferExpired):
        return fact.event.person_id
    return fact.event.assignee_id if isinstance(fact.event, TicketAssigned) and fact.event.why else None


def _departments(told: Sequence[Recorded]) -> dict[int, int | None]:
    """The department of each ticket: as the facts say it, else as the ticket does."""
    found = {
        fact.ticket_id: fact.event.department_id
        for fact in told
        if isinstance(fact.event, TicketRouted | TicketTransferred)
    }
    if silent := {fact.ticket_id for fact in told} - found.keys():
        query = select(_rows.c.id, _rows.c.department_id).where(_rows.c.id.in_(silent))
        found |= {row.id: row.department_id for row in db.session.execute(query)}
    return found
