"""Post that needs a hand: look at it, replay it, send it again, or say what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock
from helpdesk.services import postroom, quarantine, reckoning
from helpdesk.web.guards import current_actor, supervisor
from helpdesk.web.supervise.room import room

_DONE = frozenset({"replayed", "sent-again", "settled"})


@dataclass(frozen=True)
class Unreached:
    """An address that letters did not reach: the newest of them, and the earlier ones."""

    newest: Any
    earlier: Sequence[Any]


def _by_address(rows: Sequence[Any]) -> list[Unreached]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.to_address or f"#{row.id}", []).append(row)
    return [Unreached(first, rest) for first, *rest in found.values()]


@room.get("/post")
@supervisor
def post() -> str:
    """Everything that waits for a hand."""
    actor, now = current_actor(), clock.now()
    failed = postroom.failed(actor)
    done = request.args.get("done", "")
    return render_template(
        "supervise/post.html",
        unreadable=postroom.unreadable(actor),
        kept=postroom.kept_long(actor, now),
        failed=failed,
        unreached=_by_address(failed),
        waiting=postroom.waiting_long(actor, now),
        aside=postroom.set_aside(actor),
        most=postroom.MOST,
        today=reckoning.reckon(actor, now - timedelta(days=1), now),
        month=reckoning.reckon(actor, now - timedelta(days=30), now),
        mailboxes=reckoning.mailboxes_health(actor, now),
        alarms=reckoning.alarms(actor, now),
        reasons=quarantine.REASONS,
        done=done if done in _DONE else "",
    )


@room.get("/post/<int:number>")
@supervisor
def raw_post(number: int) -> str:
    """The beginning of a kept message as text."""
    return render_template("supervise/raw.html", raw=postroom.raw(current_actor(), number))


@room.get("/post/<int:number>/raw")
@supervisor
def raw_file(number: int) -> ResponseReturnValue:
    """The same whole, byte by byte, as a download that no browser runs."""
    found = postroom.raw(current_actor(), number)
    headers = {
        "Content-Disposition": f'attachment; filename="message-{number}.eml"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
    }
    return Response(found.body, mimetype="application/octet-stream", headers=headers)


@room.post("/post/<int:number>/replay")
@supervisor
def replay_post(number: int) -> ResponseReturnValue:
    """Reads an unreadable message again."""
    postroom.replay(current_actor(), [number])
    return _done("replayed")


@room.post("/post/replay-all")
@supervisor
def replay_all() -> ResponseReturnValue:
    """Reads every unreadable message on the page again."""
    actor = current_actor()
    postroom.replay(actor, [row.id for row in postroom.unreadable(actor)])
    return _done("replayed")


@room.post("/post/outgoing/<int:number>/send-again")
@supervisor
def send_again(number: int) -> ResponseReturnValue:
    """Sends a failed message once more."""
    postroom.send_again(current_actor(), number)
    return _done("sent-again")


@room.post("/post/outgoing/<int:number>/settle")
@supervisor
def settle_post(number: int) -> ResponseReturnValue:
    """Says what became of a failed message."""
    postroom.settle(current_actor(), number, request.form.get("state", ""))
    return _done("settled")


@room.post("/post/outgoing/let-be")
@supervisor
def let_post_be() -> ResponseReturnValue:
    """Says of all letters to an address that they need not arrive."""
    postroom.let_be(current_actor(), request.form.getlist("number", type=int)[: postroom.MOST])
    return _done("settled")


def _done(what: str) -> ResponseReturnValue:
    return redirect(url_for("supervise.post", done=what), 303)
