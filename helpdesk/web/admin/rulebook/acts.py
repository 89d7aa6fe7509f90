"""What is done with a version: put in force now or from a day, called off, discarded, retired."""

from datetime import datetime

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock, i18n
from helpdesk.errors import Invalid
from helpdesk.services import rulebook
from helpdesk.vocabulary import VersionState
from helpdesk.web.admin.room import room
from helpdesk.web.admin.rulebook.pages import page
from helpdesk.web.guards import admin, current_actor
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


@room.post("/rulebook/<int:id>/put-in-force")
@admin
def start_version(id: int) -> ResponseReturnValue:
    """Puts it in force now or from a day; an earlier version comes back as a new one."""
    typed = {name: request.form.get(name, "").strip() for name in ("when", "day", "time", "why")}
    try:
        started = rulebook.start(
            current_actor(), id, why=typed["why"], starts_at=_starts_at(typed), at=clock.now()
        )  # fmt: skip
    except Invalid as error:
        return page(id, error, typed)
    waits = started.state == VersionState.SCHEDULED
    told = say("It waits and will hold from its day on.") if waits else say("It is in force.")
    return _back(started.id, told)


def _starts_at(typed: dict[str, str]) -> datetime | None:
    if typed["when"] != "day":
        return None
    try:
        local = datetime.fromisoformat(f"{typed['day']}T{typed['time'] or '00:00'}")
    except ValueError:
        raise Invalid(_("Please correct what is marked."), fields={"day": _("Give a day and a time.")}) from None
    if local.tzinfo is not None or not 1970 <= local.year <= 9000:
        raise Invalid(_("Please correct what is marked."), fields={"day": _("Give a day and a time.")})
    return local.replace(tzinfo=i18n.ZONE)


def _back(id_: int, told: str) -> ResponseReturnValue:
    flash(told, "done")
    return redirect(url_for("admin.rulebook_version", id=id_), 303)


@room.post("/rulebook/<int:id>/call-off")
@admin
def call_off_version(id: int) -> ResponseReturnValue:
    """Makes what waits for its day a draft again."""
    rulebook.call_off(current_actor(), id, at=clock.now())
    return _back(id, say("It waits no more and is a draft again."))


@room.post("/rulebook/<int:id>/discard")
@admin
def discard_version(id: int) -> ResponseReturnValue:
    """Ends a draft."""
    rulebook.discard(current_actor(), id, at=clock.now())
    return _back(id, say("The draft was discarded."))


@room.post("/rulebook/<int:id>/retire")
@admin
def retire_version(id: int) -> ResponseReturnValue:
    """Takes a version out of force without another in its place."""
    typed = {"retire-why": request.form.get("why", "").strip()}
    try:
        rulebook.retire(current_actor(), id, why=typed["retire-why"], at=clock.now())
    except Invalid as error:
        placed = {"retire-why" if name == "why" else name: told for name, told in error.fields.items()}
        return page(id, Invalid(error.detail, code=error.code, fields=placed), typed)
    return _back(id, say("It holds no longer. Tickets that it bound keep it."))
