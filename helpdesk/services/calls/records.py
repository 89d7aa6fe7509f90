"""The record that a call leaves: one open request for all missed calls of a number, one for a message, a note else."""

from datetime import datetime, timedelta

from sqlalchemy import insert, select, text, update

from helpdesk import events, i18n
from helpdesk.db import db, savepoint, table
from helpdesk.errors import HelpdeskError
from helpdesk.models.calls import Call, MissedCall
from helpdesk.models.people import Person
from helpdesk.permissions import SYSTEM
from helpdesk.services import notices, tickets
from helpdesk.services.arrival import Arrival, Wish
from helpdesk.services.calls.spoken import readable
from helpdesk.services.hands import held
from helpdesk.services.intake import batch
from helpdesk.services.people import Contact
from helpdesk.vocabulary import ChannelKind, Status

RECOVERS = timedelta(hours=24)
"""Who is reached within so long of a missed call has been served by that."""
WITHHELD = "withheld"
_MISSED, _PEOPLE = table(MissedCall), table(Person)


def _(message: str) -> str:
    """Marks a message for translation; it is said in the caller's language."""
    return message


MISSED = _("Missed call from {number}")
MISSED_TEXT = _("Somebody called from {number} at {time} and did not reach anybody.")
MISSED_AGAIN = _("Called again at {time} and did not reach anybody.")
RECOVERED = _("We have spoken by telephone since.")
MESSAGE = _("Voice message from {number}")
MESSAGE_TEXT = _("Somebody left a message by telephone. It can be heard in the request as soon as it is here.")
CALL_BACK = _("Call back {number}")
CALL_BACK_TEXT = _("Asked by telephone to be called back instead of waiting.")
TALK = _("Telephone call with {number}")
TALK_TEXT = _("Spoke with us by telephone.")
NO_NUMBER = _("a withheld number")


def candidates(number: str | None) -> list[int]:
    """Everybody who is known by that number; several may share it."""
    if not number:
        return []
    query = select(_PEOPLE.c.id).where(_PEOPLE.c.phone == number).order_by(_PEOPLE.c.id).limit(20)
    return list(db.session.execute(query).scalars())


def open_one(call: Call, subject: str, words: str, at: datetime) -> int:
    """A request for a call; its citizen is whoever was chosen, or the only one known by that number, else nobody."""
    known = candidates(call.other)
    person_id = call.person_id or (known[0] if len(known) == 1 else None)
    language = i18n.chosen(call.language)
    told = {"number": readable(call.other) or i18n.gettext(language, NO_NUMBER), "time": i18n.moment(at, language)}
    arrival = Arrival(
        channel=ChannelKind.PHONE,
        received_at=at,
        contact=Contact("", "", "", language),
        subject=i18n.gettext(language, subject).format(**told),
        text=i18n.gettext(language, words).format(**told),
        language=language,
        requester_id=person_id,
        may_answer=False,
        wish=Wish(department_id=call.department_id),
    )
    [taken] = batch.take_in([arrival], at)
    assert taken.ticket_id is not None
    call.ticket_id = taken.ticket_id
    return taken.ticket_id


def state(call: Call, fact: events.Event, at: datetime) -> None:
    """A fact about the call on its request."""
    assert call.ticket_id is not None
    with held(SYSTEM, call.ticket_id, "note", None, at) as hand:
        hand.record(fact)


def missed(call: Call, at: datetime) -> None:
    """Nobody took it: one open request for all such calls of a number to a department."""
    number = call.other or WITHHELD
    row = _open_missed(call, number)
    if row is not None:
        call.ticket_id = row.ticket_id
        again = {"count": _MISSED.c.count + 1, "last_at": at}
        count = db.session.execute(
            update(_MISSED).where(_MISSED.c.id == row.id).values(again).returning(_MISSED.c.count)
        ).scalar_one()
        _say_again(call, at)
    else:
        count, ticket_id = 1, open_one(call, MISSED, MISSED_TEXT, at)
        values = {"number": number, "department_id": call.department_id, "ticket_id": ticket_id}
        db.session.execute(insert(_MISSED).values(**values, first_at=at, last_at=at))
    state(call, events.CallMissed(call.id, int(count)), at)


def _say_again(call: Call, at: datetime) -> None:
    language = i18n.chosen(call.language)
    assert call.ticket_id is not None
    with held(SYSTEM, call.ticket_id, "note", None, at) as hand:
        notices.note(hand, i18n.gettext(language, MISSED_AGAIN).format(time=i18n.moment(at, language)))


_OPEN = text(
    """
    select missed_call.id, missed_call.ticket_id from missed_call join ticket on ticket.id = missed_call.ticket_id
    where missed_call.number = :number and missed_call.department_id is not distinct from :department
      and missed_call.recovered_at is null and ticket.is_open
    """
)
_LOCK = text("select pg_advisory_xact_lock(hashtextextended(:key, 715))")
_CLOSE_OVER = text(
    "update missed_call set recovered_at = :at where number = :number and recovered_at is null"
    " and department_id is not distinct from :department"
)


def _open_missed(call: Call, number: str) -> "MissedCall | None":
    """The open one, if any; two calls that end together never open two."""
    values = {"number": number, "department": call.department_id}
    db.session.execute(_LOCK, {"key": f"missed:{number}:{call.department_id}"})
    found = db.session.execute(_OPEN, values).one_or_none()
    if found is None:
        db.session.execute(_CLOSE_OVER, values | {"at": call.ended_at})
    return found  # type: ignore[return-value]


_RECOVER = text(
    """
    update missed_call set recovered_at = :at
    where number = :number and recovered_at is null and last_at >= :since returning ticket_id
    """
)


def recovered(call: Call, at: datetime) -> None:
    """We speak with somebody whose calls were missed: that request is done, unless somebody works on it."""
    if not call.other:
        return
    values = {"number": call.other, "at": at, "since": at - RECOVERS}
    for ticket_id in db.session.execute(_RECOVER, values).scalars().all():
        _resolve(int(ticket_id), call, at)


def _resolve(ticket_id: int, call: Call, at: datetime) -> None:
    """What somebody has begun with is theirs to end."""
    try:
        with savepoint(), held(SYSTEM, ticket_id, "note", None, at) as hand:
            hand.record(events.CallRecovered(call.id))
            if hand.ticket.assignee_id is not None or hand.ticket.status != Status.NEW:
                return
            words = i18n.gettext(i18n.chosen(call.language), RECOVERED)
            tickets.resolve(SYSTEM, ticket_id, "answered", words, letter=False, at=at)
    except HelpdeskError:
        return
