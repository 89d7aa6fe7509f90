"""What was learned of a major incident: its course, cause, what went well and badly, and what is to be done by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert

from helpdesk import events
from helpdesk.db import db, table, unit
from helpdesk.errors import Invalid, Stale
from helpdesk.models.majors import MajorReview
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import catalogue, scope
from helpdesk.services.hands import held
from helpdesk.services.majors import chronicle, reading
from helpdesk.vocabulary import Status

_ROWS = table(MajorReview)
LONGEST, MOST = 20_000, 200


@dataclass(frozen=True)
class Action:
    """What is to be done so that it does not happen again, by whom and until when; perhaps a problem was opened."""

    text: str
    owner_id: int | None
    due_on: date | None
    problem_id: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """As it is kept."""
        due_on = self.due_on.isoformat() if self.due_on else None
        told = {"text": self.text.strip(), "owner_id": self.owner_id, "due_on": due_on}
        return told | {"problem_id": self.problem_id}


@dataclass(frozen=True)
class Review:
    """The review as it is written; a draft may have gaps."""

    timeline: Sequence[tuple[datetime, str]] = ()
    cause: str = ""
    went_well: str = ""
    went_badly: str = ""
    actions: Sequence[Action] = ()

    @property
    def missing(self) -> dict[str, str]:
        """What is still missing for a review that counts."""
        words = {"cause": self.cause, "went_well": self.went_well, "went_badly": self.went_badly}
        gaps = {name: "is needed" for name, text in words.items() if not text.strip()}
        if not self.timeline:
            gaps["timeline"] = "is needed"
        for place, action in enumerate(self.actions):
            if not action.text.strip():
                gaps[f"actions.{place}.text"] = "is needed"
            if action.owner_id is None:
                gaps[f"actions.{place}.owner_id"] = "is needed"
            if action.due_on is None:
                gaps[f"actions.{place}.due_on"] = "is needed"
        return gaps


@unit()
def save(
    actor: Actor, number: int, review: Review, *, finish: bool = True, seen: int | None = None,
    at: datetime | None = None,
) -> Row[Any]:  # fmt: skip
    """Keeps the review; its row. With ``finish`` it must be whole, and the incident may be closed from then on.

    ``seen`` is the number of the version that was read: a newer one is not written over. A finished review can be
    amended and stays finished. Raises NotFound, Forbidden, Stale, Invalid that names what is missing.
    """
    with held(actor, number, "coordinate-major", None, at) as hand:
        reading.lasting(hand)
        row = of(number)
        if row is not None and seen is not None and seen != row.number:
            raise Stale("Somebody else has saved the review meanwhile.", code="stale-version")
        finish = finish or bool(row and row.finished)
        _check(review, finish, hand.ticket)
        values = {
            "timeline": [{"at": at.isoformat(), "text": text.strip()} for at, text in review.timeline],
            "cause": review.cause.strip(), "went_well": review.went_well.strip(),
            "went_badly": review.went_badly.strip(), "actions": _with_problems(review.actions, row),
            "number": (row.number if row else 0) + 1, "finished": finish, "saved_at": hand.at,
            "saved_by_id": actor.id,
        }  # fmt: skip
        put = insert(_ROWS).values(ticket_id=number, **values)
        kept = put.on_conflict_do_update(index_elements=["ticket_id"], set_=values).returning(_ROWS)
        saved = db.session.execute(kept).one()
        if finish:
            hand.record(events.MajorReviewSaved(saved.number, len(review.actions)))
        return saved


def _with_problems(actions: Sequence[Action], row: Row[Any] | None) -> list[dict[str, Any]]:
    """What is kept of them; one that says what it said keeps the problem that was opened for it."""
    opened = {one["text"]: one.get("problem_id") for one in row.actions} if row else {}
    return [told | {"problem_id": opened.get(told["text"])} for told in (one.to_dict() for one in actions)]


def _check(review: Review, finish: bool, ticket: Ticket) -> None:
    if finish and ticket.status not in (Status.RESOLVED, Status.CLOSED):
        raise Stale("Resolve it first: a review looks back.", code="not-resolved")
    if finish and review.missing:
        raise Invalid("The review is not whole yet.", code="missing-field", fields=review.missing)
    told = {"cause": review.cause, "went_well": review.went_well, "went_badly": review.went_badly}
    wrong = {name: f"at most {LONGEST} characters" for name, text in told.items() if len(text) > LONGEST}
    if len(review.timeline) > MOST or len(review.actions) > MOST:
        wrong["timeline"] = f"at most {MOST} lines"
    known = catalogue.current().colleagues
    for place, action in enumerate(review.actions):
        if action.owner_id is not None and action.owner_id not in known:
            wrong[f"actions.{place}.owner_id"] = "a member of staff"
    if wrong:
        raise Invalid("Please correct what is marked.", fields=wrong)


def of(number: int) -> Row[Any] | None:
    """The review of a ticket as it was saved last."""
    return db.session.execute(select(_ROWS).where(_ROWS.c.ticket_id == number)).one_or_none()


def begun(actor: Actor, number: int, language: str) -> Review:
    """The review as it stands, else one that begins with the course from the journal; raises NotFound."""
    scope.find(actor, number)
    row = of(number)
    if row is None:
        return Review([(moment.at, moment.text) for moment in chronicle.course(number, language)])
    return Review(
        [(datetime.fromisoformat(one["at"]), one["text"]) for one in row.timeline],
        row.cause, row.went_well, row.went_badly, [_action(one) for one in row.actions],
    )  # fmt: skip


def _action(told: Mapping[str, Any]) -> Action:
    due_on = date.fromisoformat(told["due_on"]) if told.get("due_on") else None
    return Action(str(told.get("text", "")), told.get("owner_id"), due_on, told.get("problem_id"))
