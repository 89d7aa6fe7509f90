"""Major incidents by machine: proposed, declared, told, resolved, reviewed; what the chat and the phone announce."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from helpdesk import clock
from helpdesk.permissions import Actor
from helpdesk.services import majors, records
from helpdesk.services.majors import Action, Review
from helpdesk.web.api import shapes
from helpdesk.web.api.operations import Query, operation
from helpdesk.web.api.paging import PAGING
from helpdesk.web.api.shapes import majors as told
from helpdesk.web.api.shapes.moves import Because

PLACE = "/tickets/{number}/major-incident"


def _ticket(actor: Actor, number: int) -> shapes.Ticket:
    return shapes.Ticket(**records.changed(actor, number))


@operation(
    "POST", "/tickets/{number}/actions/declare-major", scope="write", answer=shapes.Ticket, body=told.DeclareMajor,
    name="declare-major_ticket",
)  # fmt: skip
def declare(actor: Actor, number: int, given: told.DeclareMajor) -> shapes.Ticket:
    """Declares a ticket a major incident."""
    coordinator_id = given.coordinator or given.coordinator_id or 0
    majors.declare(
        actor, number, coordinator_id, given.title, given.summary, services=given.services,
        update_minutes=given.update_minutes, link=map(int, given.link), version=given.version,
    )  # fmt: skip
    return _ticket(actor, number)


@operation(
    "POST", "/tickets/{number}/actions/revoke-major", scope="write", answer=shapes.Ticket, body=Because,
    name="revoke-major_ticket",
)  # fmt: skip
def revoke(actor: Actor, number: int, given: Because) -> shapes.Ticket:
    """Takes the declaration back: it is no major incident after all. For supervisors."""
    majors.revoke(actor, number, given.reason, version=given.version)
    return _ticket(actor, number)


@operation(
    "POST", "/tickets/{number}/actions/resolve-major", scope="write", answer=shapes.Ticket, body=told.ResolveMajor,
    name="resolve-major_ticket",
)  # fmt: skip
def resolve(actor: Actor, number: int, given: told.ResolveMajor) -> shapes.Ticket:
    """Resolves a major incident, with words for everybody; its linked tickets follow."""
    majors.resolve(
        actor, number, given.code, given.text, exclude=[int(one) for one in given.exclude], version=given.version
    )
    return _ticket(actor, number)


@operation(
    "POST", "/tickets/{number}/actions/propose-major", scope="write", answer=shapes.Ticket, body=told.ProposeMajor,
    name="propose-major_ticket",
)  # fmt: skip
def propose(actor: Actor, number: int, given: told.ProposeMajor) -> shapes.Ticket:
    """Proposes that a ticket is a major incident; a supervisor decides."""
    majors.propose(actor, number, given.reason, [int(one) for one in given.similar])
    return _ticket(actor, number)


@operation("GET", PLACE, scope="read", answer=told.MajorIncident)
def read_major(actor: Actor, number: int) -> told.MajorIncident:
    """A major incident with its updates, linked tickets and those who are kept informed."""
    return _major(majors.read(actor, number))


def _major(found: majors.Major) -> told.MajorIncident:
    row = found.row
    return told.MajorIncident(
        number=str(row.ticket_id), criterion=row.criterion, title=row.titles, summary=row.summaries,
        coordinator_id=row.coordinator_id, services=row.service_ids, declared_at=row.declared_at,
        ended_at=row.ended_at, revoked_at=row.revoked_at, next_update_at=row.next_update_at, reached=found.reached,
        updates=[_update(one) for one in found.updates],
        children=[{"number": str(one.id), "state": one.state} for one in found.children],
        stakeholders=[{"id": str(one.id), "name": one.name, "email": one.email} for one in found.stakeholders],
        reviewed=found.reviewed,
    )  # fmt: skip


def _update(row: Any) -> told.Update:
    return told.Update(
        id=row.id, text=row.texts, at=row.at, author_id=row.author_id, next_at=row.next_at, letters=row.letters,
        done=row.done_at is not None,
    )  # fmt: skip


def _post(path: str, body: Any, name: str, doc: str, act: Callable[[Actor, int, Any], object]) -> None:
    """An act on a major incident that answers with the whole of it."""

    def done(actor: Actor, number: int, given: Any) -> told.MajorIncident:
        act(actor, number, given)
        return _major(majors.read(actor, number))

    done.__doc__ = doc
    operation("POST", f"{PLACE}/{path}", scope="write", answer=told.MajorIncident, body=body, name=name)(done)


def _inform(actor: Actor, number: int, given: told.NewStakeholder) -> None:
    told = (given.email or "", given.name or "", given.language)
    majors.add_stakeholder(actor, number, *told, person_id=given.person_id, customer_id=given.customer_id)


_post(
    "updates", told.NewUpdate, "tell_major", "Tells everybody concerned how it stands: one letter a person.",
    lambda actor, number, given: majors.publish(actor, number, given.text, given.next_minutes),
)  # fmt: skip
_post(
    "children", told.Children, "link_major", "Links tickets about the same disturbance.",
    lambda actor, number, given: majors.link(actor, number, map(int, given.tickets)),
)  # fmt: skip
_post(
    "releases", told.Children, "release_major", "Lets linked tickets stand by themselves again.",
    lambda actor, number, given: [majors.release(actor, number, int(one)) for one in given.tickets],
)  # fmt: skip
_post("stakeholders", told.NewStakeholder, "inform_major", "Keeps somebody informed from now on.", _inform)


@operation("GET", f"{PLACE}/review", scope="read", answer=told.Review)
def read_review(actor: Actor, number: int) -> told.Review:
    """The review; before it is saved, the course from the journal."""
    return _review(actor, number)


def _review(actor: Actor, number: int) -> told.Review:
    saved, review = majors.read(actor, number).review, majors.begun(actor, number, actor.language)
    return told.Review(
        number=saved.number if saved else 0,
        timeline=[{"at": at.isoformat(), "text": text} for at, text in review.timeline],
        cause=review.cause, went_well=review.went_well, went_badly=review.went_badly,
        actions=[one.to_dict() for one in review.actions], finished=bool(saved and saved.finished),
        saved_at=saved.saved_at if saved else None,
    )  # fmt: skip


@operation("PUT", f"{PLACE}/review", scope="write", answer=told.Review, body=told.NewReview)
def write_review(actor: Actor, number: int, given: told.NewReview) -> told.Review:
    """Saves the review; a finished one has no gaps and lets the incident be closed."""
    if given.timeline is None:
        course = majors.begun(actor, number, actor.language).timeline
    else:
        course = [(line.at, line.text) for line in given.timeline]
    review = Review(
        course, given.cause, given.went_well, given.went_badly,
        [Action(one.text, one.owner_id, one.due_on) for one in given.actions],
    )  # fmt: skip
    majors.save(actor, number, review, finish=given.finished)
    return _review(actor, number)


@operation("POST", f"{PLACE}/review/problems", scope="write", answer=told.Review, body=told.ActionOfReview)
def open_review_problem(actor: Actor, number: int, given: told.ActionOfReview) -> told.Review:
    """Opens a problem for an action of the finished review."""
    majors.open_problem(actor, number, given.action)
    return _review(actor, number)


@operation("GET", "/major-proposals", scope="read", answer=shapes.Page[told.Proposal], queries=PAGING)
def list_proposals(actor: Actor, limit: int, cursor: str | None) -> shapes.Page[told.Proposal]:
    """Proposals that nobody decided yet, the oldest first."""
    rows, more = records.part(majors.waiting(actor, 1000), lambda row: row.id, cursor, limit)
    return shapes.Page(items=[_proposal(row) for row in rows], next=more)


def _proposal(row: Any) -> told.Proposal:
    return told.Proposal(
        id=row.id, state=row.state, criterion=row.criterion, ticket=str(row.ticket_id), service_id=row.service_id,
        similar=row.similar, minutes=row.minutes, at=row.at,
    )  # fmt: skip


@operation("POST", "/major-proposals/{id}/dismiss", scope="write", answer=told.Proposal, body=Because)
def dismiss_proposal(actor: Actor, id: int, given: Because) -> told.Proposal:
    """Says that it is no major incident, and why. For supervisors."""
    return _proposal(majors.dismiss(actor, id, given.reason))


@operation(
    "GET", "/announcements", scope="read", answer=shapes.Page[told.Announced],
    queries=(*PAGING, Query("language", Literal["el", "en"], "in which language", "el")),
)  # fmt: skip
def list_announcements(actor: Actor, limit: int, cursor: str | None, language: str) -> shapes.Page[told.Announced]:
    """What the chat shows and the phone's greeting says while major incidents last."""
    return shapes.Page(items=[_announced(one) for one in majors.announcements(language, _now())][:limit], next=None)


def _announced(one: majors.Announcement) -> told.Announced:
    return told.Announced(
        title=one.title, text=one.text, spoken=one.spoken, services=list(one.services), since=one.since,
        told_at=one.told_at, next_at=one.next_at,
    )  # fmt: skip


def _now() -> datetime:
    return clock.now()
