"""The live stream of the desk and the questions that replace it where it cannot be had."""

import random
import time
from collections.abc import Iterator

from flask import Blueprint, Response, jsonify, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_login import current_user

from helpdesk import clock
from helpdesk.db import db
from helpdesk.services import access, chats, live, presence
from helpdesk.services.live import BYE, Hub, Listener, News
from helpdesk.web.desk.room import room
from helpdesk.web.ending import notice_the_end
from helpdesk.web.guards import agent, current_actor

BEAT = 10.0
"""Seconds after which a stream says that it is alive, and asks whether its session still is.

It is also the sign of life of whoever speaks with somebody by chat: three missing mean that they are gone.
"""

streams = Blueprint("live", __name__)


@streams.get("/live")
@agent
def live_stream() -> ResponseReturnValue:
    """Server-sent events: ``hello``, ``news`` of tickets, ``chat``, ``typing``, ``presence``, ``resync``, ``bye``.

    ``resync``: read everything again; ``bye``: come back in a moment.
    """
    since = request.headers.get("Last-Event-ID", "")
    hub = live.hub()
    notice_the_end(hub)
    presence.seen(current_actor().id or 0, clock.now())
    chats.agent_seen(current_actor().id or 0, clock.now())
    listener = Listener(current_actor(), clock.now())
    hub.join(listener)  # first listen, then replay: nothing falls between; what comes twice has the same id
    lines = _lines(hub, listener, current_user.token, since)
    headers = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
    answer = Response(stream_with_context(lines), mimetype="text/event-stream", headers=headers)
    answer.call_on_close(lambda: hub.leave(listener))
    return answer


def _lines(hub: Hub, listener: Listener, token: str, since: str) -> Iterator[str]:
    yield f"retry: {random.randint(1500, 4000)}\nevent: hello\ndata: {{}}\n\n"  # noqa: S311 - spreads reconnections
    replayed = set()
    for news in live.missed(listener.actor, since) if since else ():
        replayed.add(news.id)
        yield _event(news)
    db.session.remove()  # a stream stays for hours and holds no connection
    checked = time.monotonic()
    while not hub.closing:
        heard = listener.next(BEAT)
        if heard is BYE:
            break
        if heard is not None and (not heard.id or heard.id not in replayed):
            yield _event(heard)
        if time.monotonic() - checked >= BEAT:
            checked = time.monotonic()
            if not _still_signed_in(listener, token):
                break
            yield ": alive\n\n"
    yield "event: bye\ndata: {}\n\n"


def _still_signed_in(listener: Listener, token: str) -> bool:
    """Asks again who listens: a session may be revoked, a department taken away. Who listens is there."""
    now = clock.now()
    found = access.find_session(token, now)
    if found is not None:
        chats.agent_seen(found.actor.id or 0, now)
    if found is not None and (listener.beat_at is None or now - listener.beat_at >= presence.BEAT):
        listener.beat_at = now
        presence.seen(found.actor.id or 0, now)
    db.session.remove()
    if found is None:
        return False
    listener.actor = found.actor
    return True


def _event(news: News) -> str:
    if news.kind == "resync":
        return "event: resync\ndata: {}\n\n"
    if news.side:
        return f"event: typing\ndata: {news.data()}\n\n"
    return f"id: {news.id}\nevent: {news.topic}\ndata: {news.data()}\n\n"


@room.get("/updates")
@agent
def updates() -> ResponseReturnValue:
    """What happened after a number of the journal, for browsers without a stream: asking is a sign of life, too."""
    presence.seen(current_actor().id or 0, clock.now())
    chats.agent_seen(current_actor().id or 0, clock.now())
    since = request.args.get("since", "")
    news, following = live.polled(current_actor(), int(since) if since.isdecimal() and len(since) < 18 else 0)
    told = [{"id": item.id, "ticket": item.ticket, "kind": item.kind} for item in news]
    return jsonify(news=told, next=following)
