"""How a request stands, in the public words that pages, letters, phone and chat say alike: who has it, what is next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text

from helpdesk import i18n
from helpdesk.db import db
from helpdesk.services import patience
from helpdesk.vocabulary import Status, WaitingReason


def _(message: str) -> str:
    """Marks a message for translation; it is translated in the reader's language."""
    return message


@dataclass(frozen=True)
class Standing:
    """``tag`` in a word or two, its colour, the sentences, and what the citizen can do: reply, settle, ask, nothing."""

    tag: str
    colour: str
    sentence: str
    then: str = ""
    act: str = ""


_FACTS = text(
    f"""
    select ticket.id, ticket.subject, ticket.status, ticket.waiting_reason, ticket.waiting_until, ticket.channel,
           ticket.received_at, ticket.resolved_at, ticket.closed_at, ticket.version, ticket.tracking_version,
           ticket.language, ticket.first_response_at, ticket.requester_id, ticket.survivor_id, ticket.forwarded_to,
           ticket.type, ticket.major, ticket.restricted, ticket.resolution_text,
           ticket.protocol_number, {patience.CARED_FOR} as cared_for,
           department.names as department, department.phone as department_phone,
           service.names as service, service.fields, ticket.form,
           (select ticket_clock.due_at from ticket_clock
            where ticket_clock.ticket_id = ticket.id and ticket_clock.name = 'resolution'
            order by ticket_clock.cycle desc limit 1) as promised_at,
           ticket.assignee_id is not null as has_person
    from ticket
    left join department on department.id = ticket.department_id
    left join service on service.id = ticket.service_id
    where ticket.id = any(:numbers)
    """  # noqa: S608 - our own words
)


def facts(numbers: Iterable[int]) -> dict[int, Row[Any]]:
    """What citizens may know of these requests, by number."""
    return {row.id: row for row in db.session.execute(_FACTS, {"numbers": sorted(set(numbers))})}


_NEEDS = {
    WaitingReason.NEEDS_INFORMATION: _("We need some information from you before we can go on."),
    WaitingReason.NEEDS_DOCUMENT: _("We need a document from you before we can go on."),
    WaitingReason.NEEDS_CONFIRMATION: _("We need your confirmation before we can go on."),
}


@dataclass(frozen=True)
class _Told:
    """A request as it is told: its facts, at a moment, in a language."""

    row: Any
    at: datetime
    closes_after: timedelta | None
    language: str

    def say(self, message: str, **values: Any) -> str:
        return i18n.gettext(self.language, message) % values

    def day(self, at: datetime) -> str:
        return i18n.day(at, self.language)

    @property
    def who(self) -> str:
        return i18n.pick(self.row.department or {}, self.language)


def standing(row: Any, at: datetime, closes_after: timedelta | None, language: str) -> Standing:
    """How the request stands, in plain words."""
    return _TELLERS.get(row.status, _in_hand)(_Told(row, at, closes_after, language))


def _in_hand(told: _Told) -> Standing:
    who = told.who
    if not who:
        sentence = told.say(_("We have your request and are finding out which department will answer it."))
    elif told.row.has_person:
        sentence = told.say(_("Somebody at %(department)s is working on your request."), department=who)
    else:
        sentence = told.say(_("Your request is with %(department)s and will be taken up in turn."), department=who)
    tag = told.say(_("In progress")) if told.row.status == Status.OPEN else told.say(_("Received"))
    return Standing(tag, "open", sentence, _promise(told))


def _promise(told: _Told) -> str:
    promised_at = told.row.promised_at
    if promised_at is None:
        return told.say(_("We will answer as soon as we can."))
    day = told.day(promised_at)
    if promised_at < told.at:
        return told.say(_("We wanted to answer by %(day)s and are late. We are sorry; it is not forgotten."), day=day)
    return told.say(_("You will have an answer by %(day)s."), day=day)


def _needs(told: _Told) -> Standing:
    row = told.row
    need = told.say(_NEEDS.get(row.waiting_reason, _NEEDS[WaitingReason.NEEDS_INFORMATION]))
    until = told.say(_("Please answer by %(day)s."), day=told.day(row.waiting_until)) if row.waiting_until else ""
    then = " ".join(filter(None, (told.say(_("What we ask stands in our last message.")), until)))
    return Standing(told.say(_("We need something from you")), "needs", need, then, "reply")


def _elsewhere(told: _Told) -> Standing:
    who = told.who or told.say(_("We"))
    waits = _("%(department)s: we wait for others to do their part, and go on as soon as they did.")
    until = told.row.waiting_until
    then = told.say(_("We will look at it again on %(day)s at the latest."), day=told.day(until)) if until else ""
    return Standing(told.say(_("Waiting for others")), "paused", told.say(waits, department=who), then)


def _scheduled(told: _Told) -> Standing:
    tag = told.say(_("Scheduled"))
    if told.row.waiting_until:
        moment = i18n.moment(told.row.waiting_until, told.language)
        return Standing(tag, "paused", told.say(_("A date is set: %(moment)s."), moment=moment))
    return Standing(tag, "paused", told.say(_("A date is being set; we will tell you.")))


def _sent_on(told: _Told, place: Mapping[str, str]) -> Standing:
    sentence = told.say(_("Your request is for %(place)s to decide, and we sent it on to them."), place=place["name"])
    reach = ", ".join(filter(None, (place.get("email"), place.get("phone"))))
    answer = _("They will answer you: %(reach)s.") if reach else _("They will answer you.")
    return Standing(told.say(_("Sent on")), "done", sentence, told.say(answer, reach=reach))


def _resolved(told: _Told) -> Standing:
    if told.row.forwarded_to:
        return _sent_on(told, told.row.forwarded_to)
    closing = (told.row.resolved_at or told.at) + told.closes_after if told.closes_after else None
    silence = _("If you say nothing, we will close it on %(day)s.")
    then = told.say(silence, day=told.day(closing)) if closing else ""
    sentence = told.say(_("We finished your request. Does this solve it?"))
    return Standing(told.say(_("Finished")), "done", sentence, then, "settle")


def _closed(told: _Told) -> Standing:
    sentence = told.say(_("Your request was closed on %(day)s."), day=told.day(told.row.closed_at or told.at))
    return Standing(told.say(_("Closed")), "closed", sentence, told.say(_AGAIN))


_AGAIN = _("If you write to us about it again, we will open a new request.")


def _cancelled(told: _Told) -> Standing:
    sentence = told.say(_("Your request ended without being carried out."))
    return Standing(told.say(_("Closed")), "closed", sentence, told.say(_AGAIN))


def _merged(told: _Told) -> Standing:
    sentence = told.say(_("We joined this request with another one about the same thing, and answer there."))
    return Standing(told.say(_("Joined")), "closed", sentence)


_TELLERS = {
    Status.WAITING_REQUESTER: _needs,
    Status.WAITING_SUPPLIER: _elsewhere,
    Status.WAITING_INTERNAL: _elsewhere,
    Status.SCHEDULED: _scheduled,
    Status.RESOLVED: _resolved,
    Status.CLOSED: _closed,
    Status.CANCELLED: _cancelled,
    Status.MERGED: _merged,
}


def joined(ahead: Any, at: datetime, closes_after: timedelta | None, language: str) -> Standing:
    """How a request stands that goes on in another one: as that one does, but what its own citizen has to do."""
    told = _Told(ahead, at, closes_after, language)
    together = told.say(_("We joined your request with another one about the same thing."))
    if ahead.status == Status.WAITING_REQUESTER:
        found = _elsewhere(told)
    elif ahead.status == Status.RESOLVED:
        then = told.say(_("If it does not solve it for you, write to us."))
        found = Standing(told.say(_("Finished")), "done", told.say(_("We finished your request.")), then)
    else:
        found = standing(ahead, at, closes_after, language)
    return replace(found, sentence=f"{together} {found.sentence}", act="")
