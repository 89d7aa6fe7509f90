"""Mail that is held back: the spam queue, what was discarded, and acknowledgements that wait while the brake is on."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.services import quarantine
from helpdesk.services.screening import review
from helpdesk.web.guards import current_actor, supervisor
from helpdesk.web.supervise.room import room

_DONE = frozenset({"let-in", "discarded", "brought-back", "sent", "taken-back", "reset"})


@room.get("/post/held")
@supervisor
def held_post() -> str:
    """Everything that is held back, with why."""
    actor = current_actor()
    done = request.args.get("done", "")
    return render_template(
        "supervise/held.html",
        held=quarantine.held(actor),
        discarded=quarantine.discarded(actor),
        brake=review.tripped(actor),
        letters=review.waiting(actor),
        reasons=quarantine.REASONS,
        most=quarantine.MOST,
        done=done if done in _DONE else "",
    )


def _ids() -> list[int]:
    return [int(one) for one in request.form.getlist("id") if one.isascii() and one.isdigit()][:500]


@room.post("/post/held/let-in")
@supervisor
def let_in() -> ResponseReturnValue:
    """Lets held mail become tickets."""
    quarantine.let_in(current_actor(), _ids())
    return _done("let-in")


@room.post("/post/held/discard")
@supervisor
def discard_post() -> ResponseReturnValue:
    """Discards held or unreadable mail, for a reason."""
    quarantine.discard(current_actor(), _ids(), request.form.get("reason", ""))
    return _done("discarded")


@room.post("/post/held/bring-back")
@supervisor
def bring_back() -> ResponseReturnValue:
    """Undoes a discarding."""
    quarantine.bring_back(current_actor(), _ids())
    return _done("brought-back")


@room.post("/post/held/letters")
@supervisor
def decide_letters() -> ResponseReturnValue:
    """Lets waiting acknowledgements go, or takes them back."""
    actor, state = current_actor(), request.form.get("state", "")
    ids = _ids() or [row.id for row in review.waiting(actor)]
    review.decide(actor, ids, state)
    return _done("sent" if state == "waiting" else "taken-back")


@room.post("/post/held/reset-brake")
@supervisor
def reset_brake() -> ResponseReturnValue:
    """Acknowledgements to strangers leave by themselves again."""
    review.reset(current_actor())
    return _done("reset")


def _done(what: str) -> ResponseReturnValue:
    return redirect(url_for("supervise.held_post", done=what), 303)
