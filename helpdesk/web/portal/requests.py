"""A citizen's own request: how it stands, what was said, adding to it, agreeing or not with its solution."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock
from helpdesk.errors import Stale
from helpdesk.services import (
    callbacks,
    catalogue,
    following,
    informing,
    intake,
    journal,
    patience,
    protocol,
    tickets,
    tracking,
)
from helpdesk.services.access.secrets import new_token
from helpdesk.services.journal import Recorded
from helpdesk.vocabulary import Status
from helpdesk.web import answers, elsewhere, language
from helpdesk.web import receipt as document
from helpdesk.web.guards import citizen, current_actor
from helpdesk.web.portal import fields, keyring
from helpdesk.web.portal.doors import portal
from helpdesk.web.portal.fields import Filled
from helpdesk.web.portal.standing import joined, standing
from helpdesk.web.portal.timeline import of_the_survivor, timeline
from helpdesk.web.safety import limiter
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


ONE = "/requests/<int(min=1, max=9999999999):number>"


@portal.get(ONE)
@citizen
def track_request(number: int) -> ResponseReturnValue:
    """How it stands and all that was said."""
    return _page(number, Filled({}))


@portal.get(f"{ONE}/received")
@citizen
def track_received(number: int) -> ResponseReturnValue:
    """After sending: the number, who has it, by when, and how to find it again."""
    opened = intake.opened(number)
    department = catalogue.current().departments.get(opened.department_id or 0)
    return render_template("portal/received.html", opened=opened, department=department)


@portal.get(f"{ONE}/receipt")
@citizen
def track_receipt(number: int) -> ResponseReturnValue:
    """The receipt of an application, to be kept or printed."""
    return render_template("portal/receipt.html", found=protocol.receipt(current_actor(), number))


@portal.get(f"{ONE}/receipt.pdf")
@citizen
def track_receipt_pdf(number: int) -> ResponseReturnValue:
    """The same as a document."""
    return document.pdf(protocol.receipt(current_actor(), number))


def _page(number: int, filled: Filled) -> ResponseReturnValue:
    at = clock.now()
    row = following.request(number)
    ahead = following.ahead(row)
    facts = _facts(number, ahead)
    page = render_template(
        "portal/request.html",
        row=row,
        call=callbacks.promised(facts),
        has=ahead or row,
        together=_together(row, ahead),
        standing=(standing if ahead is None else joined)(ahead or row, at, patience.current().silence(ahead or row)),
        told=answers.told(row.fields, row.form),
        entries=timeline(following.messages(number, at), following.files(number, at), facts),
        values=filled.values,
        problem=filled.errors,
        form_key=_form_key(),
        limits=fields,
        fewer=informing.declined(number, row.requester_id) is not None,
    )
    return page, 422 if filled.errors else 200


def _facts(number: int, ahead: Any) -> list[Recorded]:
    """What happened to it, and where it was joined with another, how that goes on."""
    facts = journal.of(number)
    if ahead is None:
        return facts
    since = max(fact.at for fact in facts if fact.type == "ticket_merged")
    return [*facts, *of_the_survivor(journal.of(ahead.id), since)]


def _together(row: Any, ahead: Any) -> str:
    """The page of the request in which this one goes on, for who sent both."""
    if ahead is None or ahead.requester_id != row.requester_id:
        return ""
    return tracking.link(ahead.id, ahead.tracking_version, language.current())


def _form_key() -> str:
    given = request.form.get("form_key", "")
    return given if 16 <= len(given) <= 100 and given.isascii() else new_token()


@portal.post(f"{ONE}/messages")
@citizen
@limiter.limit("20/minute;200/hour")
def track_write(number: int) -> ResponseReturnValue:
    """Adds words and files; what has been over for long becomes a new request, and its page is shown."""
    filled = fields.reply()
    if filled.errors:
        return _page(number, filled)
    text, key = filled.values["text"], _form_key()
    ended_on = following.write(current_actor(), number, text, filled.files, f"{key}:{text}", clock.now())
    if ended_on != number:
        keyring.remember(ended_on, following.request(ended_on).tracking_version)
        flash(say("Your earlier request was closed, so we opened a new one for what you wrote."), "done")
    else:
        flash(say("We received your message."), "done")
    return redirect(url_for("portal.track_request", number=ended_on), 303)


@portal.get(f"{ONE}/confirm")
@citizen
def track_ask_confirm(number: int) -> ResponseReturnValue:
    """The question whether it is solved, from a letter's link: reading it changes nothing."""
    return _question(number, "confirm")


@portal.get(f"{ONE}/reject")
@citizen
def track_ask_reject(number: int) -> ResponseReturnValue:
    """The question what is not solved yet."""
    return _question(number, "reject")


def _question(number: int, answer: str) -> ResponseReturnValue:
    """Asked only while there is something to agree with; else the request's own page says how it stands."""
    row = following.request(number)
    if row.status != Status.RESOLVED or row.forwarded_to:
        return redirect(url_for("portal.track_request", number=number), 303)
    closes_at = patience.current().closes_at(row)
    return render_template("portal/settle.html", row=row, answer=answer, closes_at=closes_at)


@portal.post(f"{ONE}/confirm")
@citizen
def track_confirm(number: int) -> ResponseReturnValue:
    """It is solved."""
    return _settle(number, tickets.confirm, say("Thank you. We closed your request."))


@portal.post(f"{ONE}/reject")
@citizen
@limiter.limit("20/minute")
def track_reject(number: int) -> ResponseReturnValue:
    """It is not solved; the words say why."""
    words = fields.typed(["reason"])["reason"][: fields.LONGEST["description"]]
    return _settle(number, tickets.reject, say("We will look at it again."), text=words)


def _settle(number: int, verb: Any, told: str, **given: str) -> ResponseReturnValue:
    """A second press, or one that comes too late, changes nothing: the page says how it stands."""
    try:
        verb(current_actor(), number, **given)
        flash(told, "done")
    except Stale:
        flash(say("Your request changed meanwhile. This is how it stands now."), "done")
    return redirect(url_for("portal.track_request", number=number), 303)


@portal.post(f"{ONE}/letters")
@citizen
@limiter.limit("20/minute")
def track_letters(number: int) -> ResponseReturnValue:
    """Fewer letters about the request, or all of them again."""
    fewer = request.form.get("fewer") == "yes"
    informing.decline(current_actor(), number, clock.now(), fewer=fewer)
    told = _("We only write when we ask you something, answer, or end your request.") if fewer else ""
    flash(say(told or _("We write to you at every change again.")), "done")
    return redirect(url_for("portal.track_request", number=number), 303)


@portal.get(f"{ONE}/files/<int(min=1, max=9999999999):file_id>")
@citizen
def track_file(number: int, file_id: int) -> ResponseReturnValue:
    """A file of the conversation."""
    return elsewhere.give(following.file(number, file_id, clock.now()))
