"""When a major incident is resolved, its children are, in portions; when it is taken up again, so is its banner."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, text, update

from helpdesk import clock, i18n
from helpdesk.background import later
from helpdesk.db import db, savepoint, table, unit
from helpdesk.errors import HelpdeskError
from helpdesk.models.majors import MajorChild, MajorIncident
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services import tickets
from helpdesk.services.hands import Hand, held
from helpdesk.services.journal import Recorded
from helpdesk.services.majors import banner, children, naming, reading, stakeholders
from helpdesk.services.majors.naming import Words
from helpdesk.vocabulary import ChildState

_CHILDREN, _MAJORS = table(MajorChild), table(MajorIncident)
PORTION = 25
"""Children that are resolved in one transaction: each has a letter and its clocks."""


def _(message: str) -> str:
    """Marks a message for translation; it is translated for each reader."""
    return message


OVER = _("What you wrote to us about is repaired: “%(title)s”. If it is not so for you, tell us and we go on.")


@unit()
def resolve(
    actor: Actor,
    number: int,
    code: str,
    texts: Words,
    *,
    exclude: Sequence[int] = (),
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """It is over: said to everybody in their language, its children are resolved along with it but for ``exclude``.

    Raises NotFound, Forbidden, Stale, Invalid.
    """
    with held(actor, number, "coordinate-major", version, at) as hand:
        major = reading.lasting(hand)
        told = naming.texts(texts, "text")
        major.resolutions = told
        children.set_aside(hand, exclude)
        return tickets.resolve(actor, number, code, i18n.pick(told, hand.ticket.language), at=hand.at)


def resolved(facts: Sequence[Recorded]) -> None:
    """The reaction to TicketResolved: of a major incident the banner ends and the children's turn has come."""
    for fact, major in _majors(facts):
        at, hand = fact.at, _hand(fact)
        major.ended_at, major.next_update_at, major.settling = at, None, True
        banner.take_down(hand, major)
        stakeholders.tell(major, _texts(major, hand.ticket), at, over=True)
        later("majors.settle", fact.ticket_id)
    db.session.flush()


def reopened(facts: Sequence[Recorded]) -> None:
    """The reaction to TicketReopened: it lasts again, and everybody is promised to hear of it."""
    for fact, major in _majors(facts):
        major.ended_at, major.settling, major.alarms = None, False, 0
        major.next_update_at = fact.at + timedelta(minutes=major.update_minutes)
        banner.put_back(major)
    db.session.flush()


def _majors(facts: Sequence[Recorded]) -> list[tuple[Recorded, MajorIncident]]:
    """Those of the facts that are about a major incident; an ordinary ticket, which is at hand, costs nothing."""
    mine = [fact for fact in facts if (ticket := db.session.get(Ticket, fact.ticket_id)) and ticket.major]
    found = ((fact, db.session.get(MajorIncident, fact.ticket_id)) for fact in mine)
    return [(fact, major) for fact, major in found if major is not None]


def _hand(fact: Recorded) -> Hand:
    return Hand(db.session.get_one(Ticket, fact.ticket_id), SYSTEM, fact.at)


def _texts(major: MajorIncident, ticket: Any) -> dict[str, str]:
    """What is said in each language: what was written in it, else that it is repaired."""
    own = {ticket.language: ticket.resolution_text or ""}
    said = {**own, **major.resolutions}
    standard = {
        language: i18n.gettext(language, OVER) % {"title": i18n.pick(major.titles, language)}
        for language in i18n.LANGUAGES
    }
    return {language: said.get(language) or standard[language] for language in i18n.LANGUAGES}


def settle(number: int, at: datetime | None = None) -> int:
    """Resolves the children of a major incident that is over; how many. Goes on where a killed one stopped."""
    done = 0
    while settled := portion(number, at or clock.now()):
        done += settled
    return done


_NEXT = text(
    """
    select ticket.id, ticket.language, ticket.is_open, ticket.requester_id,
           ticket.requester_id = (select requester_id from ticket where id = :parent) or exists (
               select from major_child as earlier join ticket as theirs on theirs.id = earlier.ticket_id
               where earlier.parent_id = :parent and earlier.state = 'resolved' and earlier.settled_at >= :since
                 and theirs.requester_id = ticket.requester_id) as lettered
    from major_child join ticket on ticket.id = major_child.ticket_id
    where parent_id = :parent and state = 'linked' order by ticket.id limit :limit
    """
)


@unit()
def portion(number: int, at: datetime) -> int:
    """The next of them; each is resolved, told and ticked off in one transaction, so that none is done twice.

    Somebody who sent several gets one letter; the page of each says it.
    """
    query = select(MajorIncident).where(_MAJORS.c.ticket_id == number, _MAJORS.c.settling).with_for_update()
    major = db.session.execute(query).scalar_one_or_none()
    if major is None:
        return 0
    parent = db.session.get_one(Ticket, number)
    texts = _texts(major, parent)
    asked = {"parent": number, "limit": PORTION, "since": major.ended_at}
    rows = db.session.execute(_NEXT, asked).all()
    told = {row.requester_id for row in rows if row.lettered}
    for row in rows:
        letter = row.requester_id not in told
        if _settle(row, parent.resolution_code or "solved", texts, at, letter=letter) and row.requester_id:
            told.add(row.requester_id)
    if not rows:
        major.settling = False
    return len(rows)


def _settle(row: Row[Any], code: str, texts: Mapping[str, str], at: datetime, *, letter: bool) -> bool:
    """One child; what somebody moved meanwhile is left as it is. Whether it was resolved here."""
    state, resolved_here = ChildState.RESOLVED, False
    if row.is_open:
        try:
            with savepoint():
                tickets.resolve(SYSTEM, row.id, code, texts[i18n.chosen(row.language)], letter=letter, at=at)
                resolved_here = True
        except HelpdeskError:
            state = ChildState.EXCLUDED
    done = update(_CHILDREN).where(_CHILDREN.c.ticket_id == row.id)
    db.session.execute(done.values(state=state.value, settled_at=at))
    return resolved_here


def unsettled() -> list[int]:
    """Major incidents that are over and whose children are not resolved yet."""
    query = select(_MAJORS.c.ticket_id).where(_MAJORS.c.settling).order_by(_MAJORS.c.ticket_id)
    return list(db.session.execute(query).scalars())
