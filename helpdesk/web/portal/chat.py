"""The chat's page: begin, talk, leave an address, end. All of it works without JavaScript; with it, it is live."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock
from helpdesk.errors import Forbidden, HelpdeskError, Invalid, NotFound, Stale
from helpdesk.services import appointments, catalogue, chats, dialogue
from helpdesk.services.access.secrets import digest, new_token
from helpdesk.services.chats import Beginning, Key
from helpdesk.vocabulary import CHAT_OVER, ChatAuthor
from helpdesk.web import elsewhere, language
from helpdesk.web.chat import opening, transcript, words
from helpdesk.web.contact import LONGEST_MAIL, is_mail, phone
from helpdesk.web.guards import citizen, current_actor, public
from helpdesk.web.portal import fields, keyring
from helpdesk.web.portal.doors import portal
from helpdesk.web.portal.fields import Filled
from helpdesk.web.portal.requests import ONE
from helpdesk.web.safety import address, limiter
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


REFUSALS = (
    _("You cannot chat with us just now. You can still send a request."),
    _("You opened many conversations. Go on in one of them, or send a request."),
    _("Very many people write to us just now. Please send a request."),
    _("That is very much at once. Please wait a minute."),
    _("Too many lines came at once. Send this one again."),
    _("That is too long for one line."),
    _("That is too many files for one line."),
    _("There is nothing to send."),
    _("We cannot send messages to this number."),
    _("We know already how to reach you about this request."),
    _("The time for this chat has not come yet."),
)
"""What the services say when they refuse, in the words a citizen reads."""

KEPT = "chat"
"""Where the browser's session keeps its conversation: number and token."""


@portal.post(f"{ONE}/call/chat")
@citizen
@limiter.limit("10/minute")
def track_chat(number: int) -> ResponseReturnValue:
    """The chat that was promised for this time: on the request itself."""
    try:
        key = appointments.open_chat(current_actor(), number, address(), clock.now())
    except (Stale, Forbidden) as refusal:
        flash(say(refusal.detail), "notice")
        return redirect(url_for("portal.track_call", number=number), 303)
    session[KEPT] = {"id": key.id, "token": key.token}
    return redirect(url_for("portal.chat", _anchor="newest"), 303)


def _mine() -> Key | None:
    kept = session.get(KEPT)
    return Key(int(kept["id"]), str(kept["token"])) if kept else None


@portal.get("/chat")
@public
def chat() -> ResponseReturnValue:
    """The conversation of this browser as it stands; where it has none, the form that begins one."""
    mine = _mine()
    if mine is None:
        return _beginning(Filled({}))
    try:
        return _conversation(mine, Filled({}))
    except NotFound:
        session.pop(KEPT, None)
        return _beginning(Filled({}))


def _beginning(filled: Filled) -> ResponseReturnValue:
    page = render_template(
        "portal/chat_begin.html",
        there=opening.availability(clock.now(), language.current()),
        values=filled.values,
        problem=filled.errors,
        limits=fields,
        form_key=new_token(),
    )
    return page, 422 if filled.errors else 200


@portal.post("/chat")
@public
@limiter.limit("10/minute;60/hour")
def chat_begin() -> ResponseReturnValue:
    """Opens the conversation with what was written first."""
    filled = Filled(fields.typed(["text", "name", "email", "topic"]))
    filled.files = fields.files(filled.errors)
    _check(filled)
    if request.form.get(fields.TRAP):
        filled.errors[fields.TRAP] = say("Leave the field “Website” empty; your browser may have filled it in.")
    if filled.errors:
        return _beginning(filled)
    try:
        key = chats.begin(_new(filled), clock.now())
    except HelpdeskError as refusal:
        if isinstance(refusal, NotFound):
            raise
        filled.errors["text"] = say(refusal.detail)
        return _beginning(filled)
    session[KEPT] = {"id": key.id, "token": key.token}
    return redirect(url_for("portal.chat", _anchor="newest"), 303)


def _check(filled: Filled) -> None:
    values = filled.values
    filled.require("text", say("Write in a few words what you need."))
    longest = chats.limits().longest_line
    if len(values["text"]) > longest:
        filled.errors["text"] = say("Use at most %(count)s characters.", count=longest)
    if values["email"] and (not is_mail(values["email"]) or len(values["email"]) > LONGEST_MAIL):
        filled.errors["email"] = say("Write the e-mail address in Latin letters, like name@example.com.")


def _new(filled: Filled) -> Beginning:
    values = filled.values
    return Beginning(
        values["text"],
        language=language.current(),
        name=" ".join(values["name"].split())[:200],
        email=values["email"].lower(),
        department_id=opening.topic(values["topic"]),
        visitor=address(),
        people=bool(request.form.get("people")),
        files=filled.files,
        client_id=digest(values["text"]).hex()[:32],
        name_of_it=request.form.get("form_key", "")[:100],
    )


def _conversation(mine: Key, filled: Filled) -> ResponseReturnValue:
    at, tongue = clock.now(), language.current()
    found, lines = chats.resume(mine, 0, at)
    chats.citizen_seen(mine.id, at)
    if lines and found.citizen_read < found.seq:
        chats.read_until(mine, found.seq, at)
    if found.number is not None:
        keyring.remember(found.number, found.tracking_version)
    page = render_template(
        "portal/chat.html",
        found=found,
        told=words.stands(found, tongue),
        lines=[words.line(one, tongue) | {"mine": one.author is ChatAuthor.CITIZEN} for one in lines],
        token=mine.token,
        over=found.state in CHAT_OVER,
        answers=dialogue.partner(found.department_id) is not None,
        place=catalogue.current().departments.get(found.department_id or 0),
        instead=opening.instead(tongue),
        by_text=not found.knows_address and chats.by_text(),
        values=filled.values,
        problem=filled.errors,
        limits=fields,
        longest=chats.limits().longest_line,
        form_key=new_token(),
    )
    return page, 422 if filled.errors else 200


def _needed() -> Key:
    mine = _mine()
    if mine is None:
        raise NotFound("There is no such conversation.")
    return mine


@portal.post("/chat/say")
@public
@limiter.limit("60/minute")
def chat_say() -> ResponseReturnValue:
    """One line more, with files or by a button of the bot; the same form sent twice is one line."""
    mine, filled = _needed(), fields.reply()
    if choice := request.form.get("choice", "")[:100]:
        return _kept(mine, filled, choice)
    if filled.errors:
        return _conversation(mine, filled)
    return _kept(mine, filled)


def _kept(mine: Key, filled: Filled, choice: str = "") -> ResponseReturnValue:
    text = request.form.get("choice_text", "")[:200] if choice else filled.values["text"]
    name = f"{request.form.get('form_key', '')[:60]}{choice}" or None
    try:
        chats.say(mine, text, client_id=name, files=filled.files, choice=choice, at=clock.now())
    except (Invalid, chats.Crowded) as refusal:
        filled.errors["text"] = say(refusal.detail)
        return _conversation(mine, filled)
    return redirect(url_for("portal.chat", _anchor="newest"), 303)


@portal.post("/chat/address")
@public
@limiter.limit("10/minute")
def chat_address() -> ResponseReturnValue:
    """Where the answer goes when the citizen is gone."""
    mine, filled = _needed(), Filled(fields.typed(["email", "phone", "name"]))
    values = filled.values
    if values["phone"] and not phone(values["phone"]):
        filled.errors["phone"] = say("Write a telephone number, like 2101234567 or +44 20 7946 0000.")
        return _conversation(mine, filled)
    try:
        chats.reach_by(mine, values["email"], values["name"], clock.now(), phone=phone(values["phone"]))
    except HelpdeskError as refusal:
        wrong = refusal.fields if isinstance(refusal, Invalid) else {}
        mistyped = say("Write the e-mail address in Latin letters, like name@example.com.")
        filled.errors["phone" if "phone" in wrong else "email"] = mistyped if "email" in wrong else say(refusal.detail)
        return _conversation(mine, filled)
    return redirect(url_for("portal.chat", _anchor="newest"), 303)


@portal.post("/chat/end")
@public
def chat_end() -> ResponseReturnValue:
    """The citizen has said all."""
    chats.end(_needed(), clock.now())
    return redirect(url_for("portal.chat", _anchor="newest"), 303)


@portal.post("/chat/new")
@public
def chat_new() -> ResponseReturnValue:
    """This browser forgets its conversation, to begin another; its request stays where it is."""
    session.pop(KEPT, None)
    return redirect(url_for("portal.chat"), 303)


@portal.get("/chat/files/<int(min=1, max=999999999999999):file_id>")
@public
def chat_file(file_id: int) -> ResponseReturnValue:
    """A file of the conversation."""
    return elsewhere.give(chats.file(_needed(), file_id, clock.now()))


@portal.get("/chat/transcript.<any(txt, pdf):kind>")
@public
@limiter.limit("10/minute")
def chat_transcript(kind: str) -> ResponseReturnValue:
    """All that was said, to be kept."""
    mine, tongue = _needed(), language.current()
    found, lines = chats.resume(mine, 0, clock.now())
    return (transcript.as_pdf if kind == "pdf" else transcript.as_text)(found, lines, tongue)
