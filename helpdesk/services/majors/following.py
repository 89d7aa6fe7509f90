"""What grows out of a review: a problem is opened for an action, with what was learned, once."""

from datetime import datetime

from sqlalchemy import update

from helpdesk.db import db, table, unit
from helpdesk.errors import NotFound, Stale
from helpdesk.models.majors import MajorReview
from helpdesk.permissions import Actor
from helpdesk.services import catalogue, problems
from helpdesk.services.hands import held
from helpdesk.services.majors import reading, reviewing
from helpdesk.services.problems.keeping import MOST

_ROWS = table(MajorReview)


@unit()
def open_problem(actor: Actor, number: int, place: int, *, at: datetime | None = None) -> int:
    """Opens a problem for the action at that place (from 1) of a finished review; the problem's id.

    It has the action's words and owner, the review's cause, and the service; the incident is its first ticket.
    Raises NotFound, Forbidden, and Stale where it is open already or the review is not finished.
    """
    with held(actor, number, "coordinate-major", None, at) as hand:
        major, row = reading.lasting(hand), reviewing.of(number)
        if row is None or not row.finished:
            raise Stale("Finish the review first.", code="review-missing")
        if not 1 <= place <= len(row.actions):
            raise NotFound("The review has no such action.")
        action = row.actions[place - 1]
        if action.get("problem_id"):
            raise Stale("A problem is open for this action already.", code="problem-open")
        owner = catalogue.current().colleagues.get(action["owner_id"] or 0)
        told = {"titles": action["text"], "causes": row.cause}
        texts = {name: {actor.language: text[: MOST[name]]} for name, text in told.items()}
        problem = problems.open_(
            actor, ticket=number, owner_id=owner.id if owner and owner.active else actor.id,
            service_id=next(iter(major.service_ids), None), at=hand.at, **texts,
        )  # fmt: skip
        actions = [*row.actions]
        actions[place - 1] = action | {"problem_id": problem.id}
        db.session.execute(update(_ROWS).where(_ROWS.c.ticket_id == number).values(actions=actions))
        return problem.id
