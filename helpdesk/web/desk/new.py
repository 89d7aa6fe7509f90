"""A request that an agent takes down while somebody calls, stands at the counter, or has written elsewhere."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock, i18n
from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.permissions import Actor
from helpdesk.services import conversation, intake, tickets
from helpdesk.services.intake import NewTicket
from helpdesk.services.people import Contact
from helpdesk.vocabulary import ChannelKind, Level, TicketType
from helpdesk.web import language
from helpdesk.web.contact import is_mail, phone
from helpdesk.web.desk import alike, behalf, choices, given
from helpdesk.web.desk.room import room
from helpdesk.web.desk.words import words
from helpdesk.web.guards import agent, current_actor
from helpdesk.web.templating import say

CHANNELS = (ChannelKind.PHONE, ChannelKind.COUNTER, ChannelKind.EMAIL)
_CONTACT = ("name", "email", "phone")
_CODES: Mapping[str, Any] = {"type": TicketType, "impact": Level, "urgency": Level}


@room.get("/new")
@agent
def new() -> ResponseReturnValue:
    """The form; ``like`` names a ticket whose requester asks again."""
    return _page(_alike(current_actor()))


@room.post("/new")
@agent
def open_new() -> ResponseReturnValue:
    """Opens the ticket and leads to it."""
    actor, form = current_actor(), request.form
    try:
        opened = intake.open_ticket(actor, _read(actor, form), at=clock.now())
    except Invalid as error:
        return _page(form, error)
    _follow(actor, opened.number, form)
    department = choices.of(language.current()).department(opened.department_id) or say("Triage")
    told = say("Ticket %(number)s is open: %(department)s.", number=opened.number, department=department)
    flash({"text": told}, "toast")  # type: ignore[arg-type]
    if actor.id in given.numbers("complained_of"):
        return redirect(url_for("desk.queue"), 303)
    return redirect(url_for("desk.ticket", number=opened.number), 303)


def _follow(actor: Actor, number: int, form: Mapping[str, str]) -> None:
    """Links it with the closed one it follows, where it did not go to where the actor may not work."""
    like = given.number(form, "like")
    if like is not None and form.get("follows"):
        with suppress(Forbidden, NotFound):
            tickets.link(actor, number, like, "follow_up")


@room.post("/new/alike")
@agent
def look_alike() -> ResponseReturnValue:
    """The form as it was typed, with what is there already; nothing is opened."""
    return _page(request.form, look=True)


def _page(typed: Mapping[str, Any], error: Invalid | None = None, *, look: bool = False) -> ResponseReturnValue:
    known = words(language.current())
    page = render_template(
        "desk/new.html",
        typed=typed,
        problem=say(error.detail) if error else "",
        wrong=error.fields if error else {},
        words=known,
        channels=[(kind.value, known["channel"][kind]) for kind in CHANNELS],
        choices=choices.of(known.language),
        chosen=request.form.getlist("complained_of"),
        like=request.values.get("like", ""),
        follows=request.values.get("follows", ""),
        alike=alike.while_writing(current_actor(), typed, known) if look or error else (),
        looked=look,
    )
    return page, error.status if error else 200


def _alike(actor: Actor) -> Mapping[str, Any]:
    """What is known of the person, from a ticket of theirs."""
    like = given.number(request.args, "like")
    if like is None:
        return {}
    ticket = conversation.heading(actor, like)
    asked = {name: getattr(ticket, f"requester_{name}") or "" for name in (*_CONTACT, "language")}
    return asked | {"language": ticket.language}


def _read(actor: Actor, form: Mapping[str, str]) -> NewTicket:
    contact = {name: form.get(name, "").strip()[:200] for name in _CONTACT}
    _check(form, contact)
    return NewTicket(
        subject=form["subject"].strip(),
        text=form["text"].strip(),
        name=contact["name"],
        email=contact["email"] or None,
        phone=phone(contact["phone"]) or None,
        requester_id=_same_person(actor, form, contact),
        on_behalf_of=_other(form, form.get("language") or actor.language),
        channel=form["channel"],
        language=form.get("language") or None,
        service=form.get("service") or None,
        department=form.get("department") or None,
        tags=tuple(given.tags(form)),
        restricted=form.get("restricted") == "yes",
        complained_of=given.numbers("complained_of"),
        attachments=given.files(),
        received_at=_received(form),
        type=form.get("type") or None,
        impact=form.get("impact") or None,
        urgency=form.get("urgency") or None,
    )


def _other(form: Mapping[str, str], spoken: str) -> Contact | None:
    """For whom they ask; nobody where nothing is said."""
    found = behalf.contact(form, spoken, "The ticket was not opened yet: something is missing or wrong.")
    return found if found != behalf.NOBODY else None


def _check(form: Mapping[str, str], contact: Mapping[str, str]) -> None:
    wrong = {name: "is needed" for name in ("subject", "text") if not form.get(name, "").strip()}
    if len(form.get("subject", "")) > 250:
        wrong["subject"] = "at most 250 characters"
    if form.get("channel") not in set(CHANNELS):
        wrong["channel"] = "choose one"
    if contact["email"] and not is_mail(contact["email"]):
        wrong["email"] = "an address like name@example.org"
    if contact["phone"] and not phone(contact["phone"]):
        wrong["phone"] = "a telephone number, like 2101234567"
    if not any(contact.values()):
        wrong["name"] = "a name, an e-mail address or a phone number"
    wrong |= {name: "choose one" for name, codes in _CODES.items() if form.get(name) and form[name] not in set(codes)}
    if form.get("language") and form["language"] not in i18n.LANGUAGES:
        wrong["language"] = "choose one"
    if wrong:
        raise Invalid("The ticket was not opened yet: something is missing or wrong.", fields=wrong)


def _same_person(actor: Actor, form: Mapping[str, str], contact: Mapping[str, str]) -> int | None:
    """The requester of the ticket it is like, as long as nobody changed how they are reached."""
    like = given.number(form, "like")
    if like is None:
        return None
    ticket = conversation.heading(actor, like)
    known = {name: getattr(ticket, f"requester_{name}") or "" for name in _CONTACT}
    same = known == {**contact, "phone": phone(contact["phone"])}
    return ticket.requester_id if same else None


def _received(form: Mapping[str, str]) -> datetime | None:
    """When the citizen asked, where that was not just now; never in the future."""
    at = given.moment(form, "received")
    if at is not None and at > clock.now():
        raise Invalid("It cannot have been received in the future.", fields={"received": "a moment that has passed"})
    return at
