"""The one sentence on top of a request: who has it, what happens next, by when, or what we need."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from helpdesk import i18n
from helpdesk.vocabulary import Status, WaitingReason
from helpdesk.web import language
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


@dataclass(frozen=True)
class Standing:
    """``tag`` in a word or two, its colour, the sentences, and what the citizen can do: reply, settle, ask, nothing."""

    tag: str
    colour: str
    sentence: str
    then: str = ""
    act: str = ""


_NEEDS = {
    WaitingReason.NEEDS_INFORMATION: _("We need some information from you before we can go on."),
    WaitingReason.NEEDS_DOCUMENT: _("We need a document from you before we can go on."),
    WaitingReason.NEEDS_CONFIRMATION: _("We need your confirmation before we can go on."),
}


def standing(row: Any, at: datetime, closes_after: timedelta) -> Standing:
    """How the request stands, in plain words."""
    tell = _TOLD.get(row.status, _in_hand)
    return tell(row, at, closes_after)


def _who(row: Any) -> str:
    return i18n.pick(row.department or {}, language.current())


def _day(at: datetime) -> str:
    return i18n.day(at, language.current())


def _in_hand(row: Any, at: datetime, closes_after: timedelta) -> Standing:
    who = _who(row)
    if not who:
        sentence = say("We have your request and are finding out which department will answer it.")
    elif row.has_person:
        sentence = say("Somebody at %(department)s is working on your request.", department=who)
    else:
        sentence = say("Your request is with %(department)s and will be taken up in turn.", department=who)
    tag = say("In progress") if row.status == Status.OPEN else say("Received")
    return Standing(tag, "open", sentence, _promise(row.promised_at, at))


def _promise(promised_at: datetime | None, at: datetime) -> str:
    if promised_at is None:
        return say("We will answer as soon as we can.")
    if promised_at < at:
        return say(
            "We wanted to answer by %(day)s and are late. We are sorry; it is not forgotten.", day=_day(promised_at)
        )
    return say("You will have an answer by %(day)s.", day=_day(promised_at))


def _needs(row: Any, at: datetime, closes_after: timedelta) -> Standing:
    need = say(_NEEDS.get(row.waiting_reason, _NEEDS[WaitingReason.NEEDS_INFORMATION]))
    until = say("Please answer by %(day)s.", day=_day(row.waiting_until)) if row.waiting_until else ""
    then = " ".join(filter(None, (say("What we ask stands in our last message below."), until)))
    return Standing(say("We need something from you"), "needs", need, then, "reply")


def _elsewhere(row: Any, at: datetime, closes_after: timedelta) -> Standing:
    who = _who(row) or say("We")
    sentence = say(
        "%(department)s: we wait for others to do their part, and go on as soon as they did.", department=who
    )
    return Standing(say("Waiting for others"), "paused", sentence, _until(row))


def _scheduled(row: Any, at: datetime, closes_after: timedelta) -> Standing:
    if row.waiting_until:
        moment = i18n.moment(row.waiting_until, language.current())
        return Standing(say("Scheduled"), "paused", say("A date is set: %(moment)s.", moment=moment))
    return Standing(say("Scheduled"), "paused", say("A date is being set; we will tell you."))


def _until(row: Any) -> str:
    return (
        say("We will look at it again on %(day)s at the latest.", day=_day(row.waiting_until))
        if row.waiting_until
        else ""
    )


def _sent_on(place: Mapping[str, str]) -> Standing:
    sentence = say("Your request is for %(place)s to decide, and we sent it on to them.", place=place["name"])
    reach = ", ".join(filter(None, (place.get("email"), place.get("phone"))))
    then = say("They will answer you: %(reach)s.", reach=reach) if reach else say("They will answer you.")
    return Standing(say("Sent on"), "done", sentence, then)


def _resolved(row: Any, at: datetime, closes_after: timedelta) -> Standing:
    if row.forwarded_to:
        return _sent_on(row.forwarded_to)
    sentence = say("We finished your request. Does this solve it?")
    closing = (row.resolved_at or at) + closes_after
    then = say("If you say nothing, we will close it on %(day)s.", day=_day(closing))
    return Standing(say("Finished"), "done", sentence, then, "settle")


def _closed(row: Any, at: datetime, closes_after: timedelta) -> Standing:
    when = row.closed_at or at
    sentence = say("Your request was closed on %(day)s.", day=_day(when))
    return Standing(say("Closed"), "closed", sentence, say("If you write below, we will open a new request for it."))


def _cancelled(row: Any, at: datetime, closes_after: timedelta) -> Standing:
    sentence = say("Your request ended without being carried out.")
    return Standing(say("Closed"), "closed", sentence, say("If you write below, we will open a new request for it."))


def _merged(row: Any, at: datetime, closes_after: timedelta) -> Standing:
    sentence = say("We joined this request with another one about the same thing, and answer there.")
    return Standing(say("Joined"), "closed", sentence)


def joined(ahead: Any, at: datetime, closes_after: timedelta) -> Standing:
    """How a request stands that goes on in another one: as that one does, but what its own citizen has to do."""
    together = say("We joined your request with another one about the same thing.")
    if ahead.status == Status.WAITING_REQUESTER:
        found = _elsewhere(ahead, at, closes_after)
    elif ahead.status == Status.RESOLVED:
        then = say("If it does not solve it for you, write to us below.")
        found = Standing(say("Finished"), "done", say("We finished your request."), then)
    else:
        found = standing(ahead, at, closes_after)
    return replace(found, sentence=f"{together} {found.sentence}", act="")


_TOLD = {
    Status.WAITING_REQUESTER: _needs,
    Status.WAITING_SUPPLIER: _elsewhere,
    Status.WAITING_INTERNAL: _elsewhere,
    Status.SCHEDULED: _scheduled,
    Status.RESOLVED: _resolved,
    Status.CLOSED: _closed,
    Status.CANCELLED: _cancelled,
    Status.MERGED: _merged,
}
