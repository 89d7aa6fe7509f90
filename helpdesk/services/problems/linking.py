"""Which tickets a problem caused, and where its workaround helped; each a fact in the ticket's journal."""

from datetime import datetime

from sqlalchemy import delete, select, text

from helpdesk import events
from helpdesk.db import db, table, unit
from helpdesk.errors import NotFound, Stale
from helpdesk.models.problems import Problem, ProblemTicket
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services.hands import held
from helpdesk.vocabulary import ProblemState

_LINKS = table(ProblemTicket).c
_LINK = text(
    """
    insert into problem_ticket (problem_id, ticket_id, at, by_id) values (:problem, :ticket, :at, :by)
    on conflict do nothing returning problem_id
    """
)
_USE = text(
    """
    update problem_ticket set used_at = :at where problem_id = :problem and ticket_id = :ticket and used_at is null
    returning problem_id
    """
)


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


@unit()
def link(
    actor: Actor, number: int, problem_id: int, *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """That problem caused this ticket; said twice, it is one fact. Raises NotFound, Forbidden, Stale."""
    with held(actor, number, "link-problem", version, at) as hand:
        _require(problem_id)
        given = {"problem": problem_id, "ticket": number, "at": hand.at, "by": actor.id}
        if db.session.execute(_LINK, given).scalar() is not None:
            hand.record(events.ProblemLinked(problem_id))
        return hand.ticket


def _require(problem_id: int) -> str:
    state = db.session.execute(select(Problem.state).where(Problem.id == problem_id)).scalar()
    if state is None:
        raise NotFound("There is no such problem.")
    return state


@unit()
def unlink(
    actor: Actor, number: int, problem_id: int, *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """It did not cause it after all; its use there is forgotten, too."""
    with held(actor, number, "link-problem", version, at) as hand:
        gone = delete(ProblemTicket).where(_LINKS.problem_id == problem_id, _LINKS.ticket_id == number)
        if db.session.execute(gone.returning(_LINKS.problem_id)).scalar() is not None:
            hand.record(events.ProblemUnlinked(problem_id))
        return hand.ticket


@unit()
def use(
    actor: Actor, number: int, problem_id: int, *, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """The workaround helped here: the ticket is linked, and the use counts once a ticket.

    Raises NotFound, Forbidden; Stale for what is no active known error.
    """
    with held(actor, number, "link-problem", version, at) as hand:
        if _require(problem_id) != ProblemState.KNOWN_ERROR or not _active(problem_id):
            raise Stale(_("This is no known error any more."), code="not-known")
        link(actor, number, problem_id, at=hand.at)
        used = {"problem": problem_id, "ticket": number, "at": hand.at}
        if db.session.execute(_USE, used).scalar() is not None:
            hand.record(events.WorkaroundUsed(problem_id))
        return hand.ticket


def _active(problem_id: int) -> bool:
    return bool(db.session.execute(select(Problem.active).where(Problem.id == problem_id)).scalar())
