"""Lines of a conversation as JSON: begin, say, read on from the last line one has, type, mark as read, end."""

from typing import Any

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue

from channels import registry
from channels.message import InboundMessage
from channels.port import Unreadable
from helpdesk import clock, i18n
from helpdesk.errors import Invalid
from helpdesk.services import chats
from helpdesk.services.chats import Beginning, Key, typing, widgets
from helpdesk.services.notices import NewFile
from helpdesk.vocabulary import ChannelKind
from helpdesk.web import elsewhere, filled
from helpdesk.web.chat import opening, words
from helpdesk.web.chat.room import by_conversation, key, room
from helpdesk.web.contact import phone
from helpdesk.web.guards import machine
from helpdesk.web.safety import address, limiter

LARGEST = 26 * 1024 * 1024
ONE = "/conversations/<int(max=999999999999999):id>"


def _line() -> tuple[InboundMessage, list[NewFile]]:
    """What a browser sends: JSON, or a form where files come with it. Raises Invalid."""
    errors: dict[str, str] = {}
    files: list[NewFile] = []
    try:
        if request.mimetype == "application/json":
            request.max_content_length = 64 * 1024
            return registry.get(ChannelKind.CHAT).parse(request.get_data()), files
        request.max_content_length = LARGEST
        form = filled.typed(["text", "client_msg_id", "language", "name", "email", "topic", "choice"])
        files = filled.files(errors)
        message = registry.get(ChannelKind.CHAT).parse(opening.as_json(form, bool(files)))
    except Unreadable as why:
        raise Invalid("That is no line of a conversation.", fields={"text": str(why)}) from None
    if errors:
        raise Invalid("The files cannot be taken.", fields=errors)
    return message, files


@room.get("/availability")
@machine
@limiter.limit("60/minute")
def availability() -> ResponseReturnValue:
    """Whether somebody answers just now, in which departments, and what else there is: never nothing."""
    return jsonify(opening.availability(clock.now(), request.args.get("lang", "")))


@room.post("/conversations")
@machine
@limiter.limit("10/minute;60/hour")
def begin() -> ResponseReturnValue:
    """Opens a conversation with its first line. Asked again under the same ``Idempotency-Key`` it answers the same.

    That key is made by the browser, has 22 characters or more and is a secret like the token.
    """
    message, files = _line()
    name = request.headers.get("Idempotency-Key", "")
    at, told = clock.now(), message.fields
    client_id = (message.message_id or "")[:100] or None
    if known := chats.begun(name):
        return _begun(chats.go_on(known, message.text, client_id, files, at), 200)
    place = widgets.find(told["widget"]) if told.get("widget") else None
    who = widgets.identity(place, told.get("identity", ""), at) if place else None
    new = Beginning(
        message.text,
        language=i18n.chosen(message.language),
        name=(who.name if who else "") or message.sender.name,
        email=who.email if who and who.email else opening.mail(message.sender.address),
        proven=bool(who and who.email),
        widget_id=place.id if place else None,
        department_id=opening.topic(told.get("topic", "")) or (place.department_id if place else None),
        visitor=address(),
        people=bool(told.get("people")),
        client_id=client_id,
        files=files,
        name_of_it=name,
    )
    return _begun(chats.begin(new, at), 201)


def _begun(made: Key, status: int) -> ResponseReturnValue:
    found, lines = chats.resume(made, 0, clock.now())
    body = {"id": made.id, "token": made.token, "stream": url_for("chat.listen", id=made.id)}
    return jsonify(body | words.whole(found, lines, found.language)), status


@room.post(f"{ONE}/messages")
@machine
@limiter.limit("120/minute", key_func=by_conversation)
def say(id: int) -> ResponseReturnValue:
    """Keeps a line; sent again under the same ``client_msg_id`` it answers the same number and keeps nothing."""
    message, files = _line()
    kept = chats.say(
        key(id), message.text, client_id=(message.message_id or "")[:100] or None, files=files,
        choice=message.fields.get("choice", "")[:100], at=clock.now(),
    )  # fmt: skip
    return jsonify(seq=kept.seq, at=kept.at.isoformat()), 200 if kept.again else 201


@room.get(f"{ONE}/messages")
@machine
@limiter.limit("240/minute", key_func=by_conversation)
def messages(id: int) -> ResponseReturnValue:
    """How the conversation stands and every line after ``after``: all that who comes back needs."""
    after = request.args.get("after", "0")
    at, theirs = clock.now(), key(id)
    found, lines = chats.resume(theirs, int(after) if after.isdecimal() and len(after) < 10 else 0, at)
    chats.citizen_seen(id, at)
    return jsonify(words.whole(found, lines, i18n.chosen(request.args.get("lang"), found.language)))


@room.post(f"{ONE}/typing")
@machine
@limiter.limit("60/minute", key_func=by_conversation)
def type_(id: int) -> ResponseReturnValue:
    """The citizen types; it is told to whom they talk, kept nowhere, and over by itself."""
    found = chats.standing(key(id), clock.now())
    if found.agent_id is not None:
        typing.tell(id, "citizen", found.agent_id)
    return "", 204


@room.post(f"{ONE}/read")
@machine
@limiter.limit("240/minute", key_func=by_conversation)
def mark_read(id: int) -> ResponseReturnValue:
    """The citizen has read as far as a line."""
    given: Any = request.get_json(silent=True)
    seq = given.get("seq") if isinstance(given, dict) else None
    if not isinstance(seq, int):
        raise Invalid("Say as far as which line.", fields={"seq": "a number"})
    chats.read_until(key(id), seq, clock.now())
    return "", 204


@room.post(f"{ONE}/contact")
@machine
@limiter.limit("6/minute", key_func=by_conversation)
def contact(id: int) -> ResponseReturnValue:
    """Where the answer goes when the citizen is gone."""
    given: Any = request.get_json(silent=True)
    told = given if isinstance(given, dict) else {}
    email, name = str(told.get("email", ""))[:254], str(told.get("name", ""))[:200]
    chats.reach_by(key(id), email, name, clock.now(), phone=phone(str(told.get("phone", ""))[:40]))
    return "", 204


@room.post(f"{ONE}/end")
@machine
@limiter.limit("12/minute", key_func=by_conversation)
def end(id: int) -> ResponseReturnValue:
    """The citizen has said all."""
    chats.end(key(id), clock.now())
    return "", 204


@room.get(f"{ONE}/files/<int(max=999999999999999):file_id>")
@machine
@limiter.limit("60/minute", key_func=by_conversation)
def file(id: int, file_id: int) -> ResponseReturnValue:
    """A file of the conversation."""
    return elsewhere.give(chats.file(key(id), file_id, clock.now()))
