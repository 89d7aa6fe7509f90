"""Asking to be called back: a place in a window is booked, the request opened and the call promised, all or nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from helpdesk import clock, events, i18n
from helpdesk.db import db, unit
from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.permissions import SYSTEM, Actor, may
from helpdesk.services import callbacks, catalogue, intake, journal, slots
from helpdesk.services.arrival import Arrival, Wish
from helpdesk.services.callbacks import rows
from helpdesk.services.intake import Opened
from helpdesk.services.people import Contact
from helpdesk.vocabulary import ChannelKind, PromiseOrigin, PromiseWay

MOST_A_DAY = 3
"""Calls that can be asked for to one number a day."""


def _(message: str) -> str:
    """Marks a message for translation; it is translated in the citizen's language."""
    return message


CALL, WRITE = _("Please call me back."), _("Please write to me at that time.")


@dataclass(frozen=True)
class Asked:
    """What somebody who wants to be rung told. ``hold`` keeps a place in the window that begins then.

    Who cannot hear or speak, or would rather write, chooses another ``way`` and needs no telephone but an address.
    """

    department_id: int
    begins_at: datetime
    phone: str
    name: str
    about: str = ""
    email: str = ""
    language: str = i18n.DEFAULT
    service_id: int | None = None
    hold: str = ""
    origin: PromiseOrigin = PromiseOrigin.PORTAL
    way: PromiseWay = PromiseWay.PHONE


@unit()
def ask(actor: Actor, asked: Asked, *, at: datetime | None = None) -> Opened:
    """Opens a request by telephone with its promised call; what its citizen is told at once.

    Raises Invalid for a number we do not ring or a window that is not offered, Stale where the window is full or a call
    to that number is promised already.
    """
    now = at or clock.now()
    if actor.is_staff and not may(actor, "use-desk"):
        raise Forbidden("Only staff may ask for somebody else.")
    if asked.department_id not in catalogue.current().departments:
        raise NotFound("There is no such department.")
    phone = _number(asked.phone, now) if asked.way is PromiseWay.PHONE else _address(asked)
    wish = callbacks.Wish(asked.begins_at, None, phone, asked.origin, asked.hold)
    slot_id, begins, ends = callbacks.book(wish, asked.department_id, now)
    [taken] = intake.take_in([_arrival(actor, asked, phone, now)], now)
    assert taken.ticket_id is not None
    rows.make(
        ticket_id=taken.ticket_id, department_id=asked.department_id, slot_id=slot_id, phone=phone,
        origin=asked.origin.value, way=asked.way.value, begins_at=begins, ends_at=ends, promised_at=now,
        promised_by_id=actor.id,
    )  # fmt: skip
    promised = events.CallBackPromised(begins.isoformat(), ends.isoformat(), asked.way.value)
    journal.record(taken.ticket_id, promised, actor if actor.is_staff else SYSTEM, now)
    return intake.opened(taken.ticket_id)


_WRITTEN = text(
    """
    select count(*) from callback_promise as promise join ticket on ticket.id = promise.ticket_id
    join person on person.id = ticket.requester_id
    where lower(person.email) = :email and promise.way <> 'phone' and promise.state in ('scheduled', 'retry_wait')
    """
)


def _address(asked: Asked) -> str:
    """No number: who is written to has an address, and one appointment at a time; others who ask for it wait here."""
    email = asked.email.strip().lower()
    if not email:
        raise Invalid("Say where we can write to you.", fields={"email": "is needed"})
    rows.hold_number(email)
    if db.session.execute(_WRITTEN, {"email": email}).scalar_one():
        told = "An appointment with this address is promised already."
        raise Stale(told, code="appointment-asked", fields={"email": "promised"})
    return ""


_LATELY = text("select count(*) from callback_promise where phone = :phone and promised_at > :since")


def _number(told: str, now: datetime) -> str:
    """The number in E.164, if we ring it and nobody asked for it too often; others who ask for it wait here."""
    phone = slots.reachable(told, slots.brakes().countries)
    if not phone:
        raise Invalid(
            "We cannot ring this number.",
            code="number-refused",
            fields={"phone": "Give a fixed or mobile telephone number of a country that we ring."},
        )
    rows.hold_number(phone)
    if rows.open_to(phone) is not None:
        raise Stale("A call to this number is promised already.", code="call-asked", fields={"phone": "promised"})
    lately = db.session.execute(_LATELY, {"phone": phone, "since": now - timedelta(days=1)}).scalar_one()
    if lately >= MOST_A_DAY:
        raise Stale("Too many calls to this number today.", code="call-too-often", fields={"phone": "too often"})
    return phone


def _arrival(actor: Actor, asked: Asked, phone: str, now: datetime) -> Arrival:
    language = i18n.chosen(asked.language)
    said = " ".join(asked.about.split())
    written = asked.way is not PromiseWay.PHONE
    subject = i18n.gettext(language, _("Write to me") if written else _("Call me back"))
    return Arrival(
        channel=ChannelKind.PHONE.value,
        received_at=now,
        contact=Contact(asked.email.strip().lower(), " ".join(asked.name.split()), phone, language),
        subject=f"{subject}: {said}"[:200] if said else subject,
        text=asked.about.strip() or i18n.gettext(language, WRITE if written else CALL),
        language=language,
        wish=Wish(department_id=asked.department_id, service_id=asked.service_id),
        actor=actor if actor.is_staff else SYSTEM,
    )
