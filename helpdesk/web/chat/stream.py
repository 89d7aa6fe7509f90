"""A conversation as it goes on: server-sent events, read on from the last line one has, out of the database.

What Valkey carries only wakes the stream: a line that it lost is read with the next, a few seconds later at most.
"""

import json
import random
import time
from collections.abc import Iterator

from flask import Response, request, stream_with_context
from flask.typing import ResponseReturnValue

from helpdesk import clock, i18n
from helpdesk.db import db
from helpdesk.errors import NotFound
from helpdesk.permissions import Actor
from helpdesk.services import chats, live
from helpdesk.services.chats import Key
from helpdesk.services.live import BYE, Hub, Listener
from helpdesk.vocabulary import ActorKind
from helpdesk.web.chat import words
from helpdesk.web.chat.room import by_conversation, key, room
from helpdesk.web.ending import notice_the_end
from helpdesk.web.guards import machine
from helpdesk.web.safety import limiter

LOOKS = 12.0
"""Seconds after which a silent stream looks for itself, keeps a sign of life and asks whether its key is still good."""

HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}


@room.get("/conversations/<int(max=999999999999999):id>/stream")
@machine
@limiter.limit("60/minute", key_func=by_conversation)
def listen(id: int) -> ResponseReturnValue:
    """Events ``line`` (their id is the line's number), ``standing``, ``typing``, ``bye``; resumed by Last-Event-ID."""
    theirs, at = key(id), clock.now()
    found = chats.standing(theirs, at)
    db.session.remove()  # else many who come at once hold all connections, and wait for another to read by
    since = request.headers.get("Last-Event-ID") or request.args.get("after", "0")
    last = int(since) if since.isdecimal() and len(since) < 10 else 0
    hub = live.hub()
    notice_the_end(hub)
    listener = Listener(Actor(ActorKind.CITIZEN), chat=id)
    hub.join(listener)  # first listen, then read: nothing falls between
    tongue = i18n.chosen(request.args.get("lang"), found.language)
    answer = Response(
        stream_with_context(_events(hub, listener, theirs, last, tongue)),
        mimetype="text/event-stream",
        headers=HEADERS,
    )
    answer.call_on_close(lambda: hub.leave(listener))
    return answer


def _events(hub: Hub, listener: Listener, theirs: Key, last: int, language: str) -> Iterator[str]:
    yield f"retry: {random.randint(1000, 3000)}\nevent: hello\ndata: {{}}\n\n"  # noqa: S311 - spreads reconnections
    before, seen = "", time.monotonic()
    while not hub.closing:
        try:
            found, lines = chats.resume(theirs, last, at := clock.now())
            if time.monotonic() - seen >= LOOKS:
                seen = time.monotonic()
                chats.citizen_seen(theirs.id, at)
        except NotFound:
            break
        finally:
            db.session.remove()  # a stream stays for hours and holds no connection
        for one in lines:
            last = one.seq
            yield f"id: {one.seq}\nevent: line\ndata: {json.dumps(words.line(one, language))}\n\n"
        told = json.dumps(words.standing(found, language))
        if told != before:
            before = told
            yield f"event: standing\ndata: {told}\n\n"
        if len(lines) >= chats.MOST_LINES:
            continue
        db.session.remove()  # the words of the lines were looked up, too
        yield from _waits(listener)
        if listener.parting:
            break
    yield "event: bye\ndata: {}\n\n"


def _waits(listener: Listener) -> Iterator[str]:
    """Until something is said; that somebody types is passed on meanwhile."""
    until = time.monotonic() + LOOKS
    while (left := until - time.monotonic()) > 0:
        heard = listener.next(left)
        if heard is None:
            break
        if heard is BYE:
            listener.parting = True
        elif heard.side:
            yield "event: typing\ndata: {}\n\n"
            continue
        return
    yield ": alive\n\n"
