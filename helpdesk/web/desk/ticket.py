"""One ticket: its page, and every act on it as a form that works without scripts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock
from helpdesk.errors import Forbidden, HelpdeskError, Invalid, Stale
from helpdesk.models.tickets import Message
from helpdesk.permissions import Actor, may
from helpdesk.services import (
    canned,
    conversation,
    escalations,
    live,
    participation,
    refusals,
    replies,
    scheduling,
    stages,
    transitions,
    waiting,
)
from helpdesk.services.conversation import Conversation, Said
from helpdesk.vocabulary import WAITING, WAITING_STATUS, Delivery
from helpdesk.web import answers, language
from helpdesk.web.desk import (
    acts,
    choices,
    closing,
    given,
    known_errors,
    panels,
    pauses,
    proposals,
    reasons,
    ribbons,
    sendings,
    ways,
)
from helpdesk.web.desk.choices import Choices
from helpdesk.web.desk.deeds import Act, Before
from helpdesk.web.desk.entries import Look, entries
from helpdesk.web.desk.refusals import REFUSED
from helpdesk.web.desk.room import NUMBER, room
from helpdesk.web.desk.telling import Telling
from helpdesk.web.desk.words import Words, words
from helpdesk.web.guards import agent, current_actor
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


WRITTEN = {
    "internal": _("The note was kept."),
    "sent": _("Your reply is on its way."),
    "kept": _("Your reply stands on the citizen's page: we have no address to send it to."),
}


@room.get(f"/tickets/{NUMBER}")
@agent
def ticket(number: int) -> ResponseReturnValue:
    """The ticket's page; ``draft`` names a reply taken back, whose words stand in the composer again."""
    return _page(current_actor(), number)


def _page(
    actor: Actor, number: int, error: HelpdeskError | None = None, act: str = "", typed: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    found = conversation.read(actor, number, everything="all" in request.args)
    values = _shown(actor, found)
    problem = say(REFUSED.get(error.code, error.detail)) if error else ""
    wrong = error.fields if error else {}
    kept = typed or _taken_back(actor, found) or known_errors.quoted(request.args.get("workaround", ""), found)
    page = render_template("desk/ticket.html", **values, problem=problem, wrong=wrong, act=act, typed=kept)
    return page, error.status if error else 200


def _taken_back(actor: Actor, found: Conversation) -> Mapping[str, str]:
    """The words of one's own reply that was undone."""
    for entry in found.timeline if "draft" in request.args else ():
        if isinstance(entry, Said) and str(entry.message.id) == request.args["draft"]:
            mine = entry.message.author_id == actor.id and entry.message.delivery_state == Delivery.WITHDRAWN
            return {"text": entry.message.text} if mine else {}
    return {}


def _shown(actor: Actor, found: Conversation) -> dict[str, Any]:
    now, known, row = clock.now(), words(language.current()), found.ticket
    offered = choices.of(known.language)
    telling = Telling(found.people, offered, known, now)
    due = None if row.next_due_at >= clock.NEVER else row.next_due_at
    return {
        "ticket": row,
        "answers": answers.of_any_form(row.service_fields, row.form),
        "stage": stages.of(row),
        "found": found,
        "also_to": ", ".join(
            f"{one.name or one.email or known['time']['unknown']} ({one.id})" for one in found.also_to
        ),
        "joinable": participation.joinable(actor, row, found.links),
        "entries": entries(found.timeline, Look(actor, now, known, telling)),
        "bar": ribbons.whole(row, found.clocks, due, now, known),
        "ribbons": ribbons.ribbons(row, found.clocks, now, known),
        "head_panels": panels.shown(panels.HEAD, actor, found, known),
        "side_panels": panels.shown(panels.SIDE, actor, found, known),
        "why": reasons.why(row.routing, known),
        "asked": proposals.asked(row, offered),
        "words": known,
        "may_mark_care": row.requester_id is not None and may(actor, "mark-care"),
        "choices": offered,
        "elsewhere_departments": [one for one in offered.departments_by_id if one[0] != str(row.department_id)],
        "colleagues": offered.colleagues(row.department_id, row.complained_of or ()),
        "above": _above(row, offered),
        **closing.asked_of(actor, row, offered),
        "pause": _pause(row, now, known),
        "canned": _canned(found),
        "later": scheduling.of_ticket(row.id),
        "waits": WAITING_STATUS,
        "sendings": sendings.of(found, known),
        "ways": ways.of(row, known, now) if "reply" in found.allowed else None,
        "counted": ways.counted,
        "since": live.newest_fact(),
        "folded": request.cookies.get("side") == "folded",
        "back": _inside(request.values.get("back", "")) or url_for("desk.queue"),
    }


def _pause(row: Any, now: datetime, known: Words) -> list[str]:
    """Until when it waits, what happens then, and the next reminder; nothing of one that does not wait."""
    found = waiting.outlook(row.id) if row.status in WAITING else None
    return pauses.sentences(found, now, known) if found else []


def _above(row: Any, offered: Choices) -> list[tuple[str, str]]:
    """To whom it can be escalated: teams that know more, then people who decide more."""
    further = escalations.next_team(row)
    following = [("next:team", say(_("Next level: %(name)s"), name=offered.team(further)))] if further else []
    teams = [
        (f"team:{team.key}", say(_("Team: %(name)s"), name=offered.team(team.id)))
        for team in offered.known.teams.values()
        if team.id != row.team_id and team.active
    ]
    people = offered.above(row.department_id, row.assignee_id, row.team_id)
    named = row.complained_of or ()
    return following + teams + [(f"person:{id_}", name) for id_, name in people if int(id_) not in named]


def _canned(found: Conversation) -> Any:
    if "reply" not in found.allowed:
        return ()
    row = found.ticket
    return canned.offered(row.department_id, spoken=row.language, read=language.current())


@room.post(f"/tickets/{NUMBER}/messages")
@agent
def write(number: int) -> ResponseReturnValue:
    """A reply to the citizen, perhaps with a move, or an internal note."""
    actor = current_actor()
    if "count" in request.form:
        return _page(actor, number, act="messages", typed=request.form)
    try:
        if later := _for_later(actor, number):
            return later
        message = _written(actor, number)
    except (Stale, Invalid, Forbidden) as error:
        return _page(actor, number, error, "messages", request.form)
    return _after_writing(number, message)


def _for_later(actor: Actor, number: int) -> ResponseReturnValue | None:
    """Keeps a reply that is to leave at a moment of its own; None where it is to leave now."""
    form = request.form
    due_at = given.moment(form, "send_at") if form.get("audience") != "internal" else None
    if due_at is None:
        return None
    if form.get("then"):
        told = "A reply for later cannot carry a move: choose one of the two."
        raise Invalid(told, fields={"send_at": "leave empty, or leave the status as it is"})
    words, seen = form.get("text", ""), given.number(form, "seen")
    scheduling.schedule(actor, number, words, due_at, attachments=given.files(), seen=seen)
    flash({"text": say(_("Your reply leaves at its moment.")), "sent": True}, "toast")  # type: ignore[arg-type]
    return redirect(url_for("desk.ticket", number=number, _anchor="later"), 303)


@room.post(f"/tickets/{NUMBER}/for-later/<int(max=999999999999999):id>/cancel")
@agent
def cancel_later(number: int, id: int) -> ResponseReturnValue:
    """Takes back a reply that has not left yet; its words are in the composer again."""
    actor = current_actor()
    try:
        row = scheduling.cancel(actor, id)
    except (Stale, Forbidden) as error:
        return _page(actor, number, error, "messages")
    return _page(actor, number, typed={"text": row.text})


def _written(actor: Actor, number: int) -> Message:
    form, files = request.form, given.files()
    if form.get("audience") == "internal":
        return replies.note(actor, number, form.get("text", ""), attachments=files)
    verb, _, code = form.get("then", "").partition(":")
    fields = {"code" if verb == "resolve" else "reason": code} if verb else None
    return replies.reply(
        actor,
        number,
        form.get("text", ""),
        attachments=files,
        then=verb or None,
        then_fields=fields,
        seen=given.number(form, "seen"),
        merged=given.number(form, "merged"),
        by=form.get("by", ""),
        approved=given.number(form, "approved"),
        values=[value for value in form.getlist("values") if value.strip()],
    )


def _after_writing(number: int, message: Message) -> ResponseReturnValue:
    internal, moved = message.audience == "internal", bool(request.form.get("then"))
    told = WRITTEN["internal" if internal else "sent" if message.delivery_state else "kept"]
    toast: dict[str, Any] = {"text": say(told)}
    if not internal and message.delivery_state == "waiting" and not request.form.get("then", "").startswith("resolve"):
        toast["undo"] = {"url": url_for("desk.withdraw", number=number, id=message.id), "fields": {}}
    if moved and not internal:
        toast["next"] = url_for("desk.queue")
    flash(toast | {"sent": True}, "toast")  # type: ignore[arg-type]
    return redirect(url_for("desk.ticket", number=number, _anchor=f"m{message.id}"), 303)


@room.post(f"/tickets/{NUMBER}/messages/<int(max=999999999999999):id>/withdraw")
@agent
def withdraw(number: int, id: int) -> ResponseReturnValue:
    """Takes a reply back before it leaves; its words are in the composer again."""
    actor = current_actor()
    try:
        message = replies.withdraw(actor, id)
    except (Stale, Forbidden) as error:
        return _page(actor, number, error, "messages")
    flash({"text": say(_("Your reply was taken back."))}, "toast")  # type: ignore[arg-type]
    return redirect(url_for("desk.ticket", number=message.ticket_id, draft=id, _anchor="text"), 303)


@room.post(f"/tickets/{NUMBER}/<verb>")
@agent
def act(number: int, verb: str) -> ResponseReturnValue:
    """Any other act of the table."""
    if verb not in acts.ACTS:
        abort(404)
    actor, chosen = current_actor(), acts.ACTS[verb]
    before = acts.before(actor, number)
    try:
        after = chosen.do(actor, number, request.form, before)
    except (Stale, Invalid, Forbidden) as error:
        if verb in transitions.MOVES:
            refusals.keep(actor, number, verb, error)
        return _page(actor, number, error, verb, request.form)
    return _after(actor, number, chosen, before, after)


def _after(actor: Actor, number: int, chosen: Act, before: Before, after: Any) -> ResponseReturnValue:
    toast: dict[str, Any] = {"text": f"{number}: {say(chosen.told)}"}
    readable = may(actor, "read", after)
    undo = chosen.undo(before, after) if readable else None
    wish = _inside(request.form.get("next", ""))
    if undo:
        verb, fields = undo
        told = dict(fields) | {"version": str(after.version)} | ({"next": wish} if wish else {})
        toast["undo"] = {"url": url_for("desk.act", number=number, verb=verb), "fields": told}
    if chosen.leads_on and readable and not wish:
        toast["next"] = url_for("desk.queue")
    flash(toast, "toast")  # type: ignore[arg-type]
    if not readable:
        return redirect(url_for("desk.queue"), 303)
    return redirect(wish or url_for("desk.ticket", number=number, _anchor=chosen.focus), 303)


def _inside(wish: str) -> str:
    """A place of the desk to go back to; empty for any other."""
    parts = urlsplit(wish)
    good = wish.startswith("/desk") and "\\" not in wish and wish.isprintable() and not parts.netloc
    return wish if good else ""
