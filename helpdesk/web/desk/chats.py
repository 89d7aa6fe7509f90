"""The desk's chats: several side by side, what waits and what is on offer, and what a supervisor watches."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock
from helpdesk.errors import HelpdeskError, Invalid
from helpdesk.permissions import Actor, may
from helpdesk.services import assignment, catalogue, chats, live
from helpdesk.services.chats import Listed, Read, crew, guarding, typing
from helpdesk.services.chats.settings import ChatSettings
from helpdesk.services.chats.watching import BEAT
from helpdesk.services.notices import NewFile
from helpdesk.vocabulary import CHAT_OVER, ChatAuthor, ChatState, WorkKind
from helpdesk.web import filled, language
from helpdesk.web.chat import words
from helpdesk.web.desk.presence import STATES
from helpdesk.web.desk.room import room
from helpdesk.web.guards import agent, current_actor
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


ONE = "/chats/<int(max=999999999999999):id>"
GONE = BEAT * 4
"""A citizen without a sign of life for so long is shown as away."""

REASONS = {
    "insults": _("Insults"), "spam": _("Advertising"), "threats": _("Threats"), "flood": _("Far too many messages")
}  # fmt: skip


@room.get("/chats")
@agent
def chats_page() -> ResponseReturnValue:
    """All conversations of the actor side by side, with those that they watch."""
    return _page()


def _page(error: HelpdeskError | None = None, about: int = 0) -> ResponseReturnValue:
    actor = current_actor()
    mine = chats.mine(actor)
    watched = _watched(actor, {one.row.id for one in mine})
    page = render_template(
        "desk/chats.html",
        **_list(actor),
        panes=[_pane(actor, one) for one in [*mine, *watched]],
        since=live.newest_fact(),
        problem=error,
        about=about,
        typed=request.form.get("text", ""),
    )
    return page, error.status if error else 200


def _watched(actor: Actor, own: set[int]) -> list[Listed]:
    """What the address names beside one's own, as far as one may see it."""
    ids = [int(id_) for id_ in request.args.getlist("watch")[:6] if id_.isdecimal() and len(id_) < 16]
    found = []
    for id_ in dict.fromkeys(ids):
        try:
            found += [chats.one(actor, id_)] if id_ not in own else []
        except HelpdeskError:
            continue
    return found


def _list(actor: Actor) -> dict[str, Any]:
    at, running = clock.now(), chats.running(actor)
    offers = [one for one in assignment.open_for(actor.id or 0, at) if one.kind is WorkKind.CHAT]
    subjects = {one.row.id: one.row.subject for one in running}
    waiting = [one for one in running if one.row.state == ChatState.QUEUED]
    return {
        "offers": [(one, subjects.get(one.work_id, "")) for one in offers],
        "mine": [one for one in running if one.row.agent_id == actor.id],
        "waiting": [one for one in waiting if _of_mine(actor, one)],
        "others": [one for one in running if one.row.state == ChatState.ACTIVE and one.row.agent_id != actor.id],
        "there": crew.there(actor, running, at),
        "presence_words": STATES,
        "places": catalogue.current().departments,
        "gone_before": at - GONE,
    }


def _of_mine(actor: Actor, one: Listed) -> bool:
    """What waits in the actor's departments, or in none yet; supervisors see all."""
    place = one.row.department_id
    return place is None or place in actor.departments or may(actor, "supervise")


def _pane(actor: Actor, one: Listed) -> dict[str, Any]:
    tongue = language.current()
    lines = chats.lines(one.row.id, 0)
    limits = chats.limits()
    said = [words.line(line, tongue) | {"moment": line.at, "noticed": _noticed(line, limits)} for line in lines]
    notes = [
        {"author": "note", "name": note.name or "", "text": note.text, "moment": note.at}
        for note in chats.notes(one.row.id)
    ]
    return {
        "one": one,
        "said": sorted([*said, *notes], key=lambda line: line["moment"]),
        "own": one.row.agent_id == actor.id and one.row.state == ChatState.ACTIVE,
        "over": one.row.state in CHAT_OVER,
        "may_take": one.row.agent_id != actor.id and (one.row.state != ChatState.ACTIVE or may(actor, "supervise")),
        "places": catalogue.current().departments,
        "departments": [place for place in catalogue.departments() if place.id != one.row.department_id],
        "reasons": REASONS,
        "gone": one.row.citizen_seen_at < clock.now() - GONE,
        "read": one.row.citizen_read,
    }


def _noticed(line: Read, limits: ChatSettings) -> tuple[str, ...]:
    """Words to notice, of what the citizen says."""
    return guarding.noticed(line.text, limits) if line.author is ChatAuthor.CITIZEN else ()


@room.get("/chats/list")
@agent
def chats_list() -> str:
    """The list alone, for a page that hears that something changed."""
    return render_template("desk/_chats_list.html", **_list(current_actor()))


@room.get(f"{ONE}/pane")
@agent
def chat_pane(id: int) -> str:
    """One conversation alone; looking at it is reading it."""
    one = chats.one(current_actor(), id)
    seen = request.args.get("read", "")
    if seen.isdecimal() and len(seen) < 10:
        chats.staff_read_until(current_actor(), id, int(seen))
    return render_template("desk/_chat_pane.html", pane=_pane(current_actor(), one), about=0, typed="")


@room.post(f"{ONE}/say")
@agent
def chat_answer(id: int) -> ResponseReturnValue:
    """Says something to the citizen; the same form sent twice is one line."""
    errors: dict[str, str] = {}
    files: list[NewFile] = filled.files(errors)
    text = filled.typed(["text"])["text"] or (say("See the file.") if files else "")
    name = request.form.get("form_key", "")[:100] or None

    def act() -> None:
        if errors:
            raise Invalid(errors["files"])
        chats.answer(current_actor(), id, text, client_id=name, files=files)

    return _done(id, act)


@room.post(f"{ONE}/typing")
@agent
def chat_typing(id: int) -> ResponseReturnValue:
    """Whoever has it types."""
    if chats.one(current_actor(), id).row.agent_id == current_actor().id:
        typing.tell(id, "agent")
    return "", 204


def _whisper(actor: Actor, id_: int, form: Mapping[str, str]) -> None:
    chats.whisper(actor, id_, form.get("text", ""))


def _pass_on(actor: Actor, id_: int, form: Mapping[str, str]) -> None:
    place = form.get("department", "")
    known = next((one.id for one in catalogue.departments() if one.key == place), None)
    if known is None:
        raise Invalid(say(_("Choose the department that goes on.")))
    chats.pass_on(actor, id_, known, form.get("reason", "").strip() or say(_("Passed on in the chat.")))


def _take(actor: Actor, id_: int, form: Mapping[str, str]) -> None:
    chats.take_over(actor, id_)


def _end(actor: Actor, id_: int, form: Mapping[str, str]) -> None:
    chats.end_for_staff(actor, id_)


def _block(actor: Actor, id_: int, form: Mapping[str, str]) -> None:
    chats.block(actor, id_, form.get("reason", ""))
    chats.end_for_staff(actor, id_)


DEEDS: Mapping[str, tuple[Callable[[Actor, int, Mapping[str, str]], None], str]] = {
    "whisper": (_whisper, _("The note stands beside the conversation; the citizen does not see it.")),
    "pass-on": (_pass_on, _("The conversation was passed on.")),
    "take-over": (_take, _("The conversation is yours now.")),
    "end": (_end, _("The conversation has ended; its request goes on.")),
    "block": (_block, _("They can open no conversation for a day; their request stays.")),
}


@room.post(f"{ONE}/<any('whisper','pass-on','take-over','end','block'):verb>")
@agent
def chat_deed(id: int, verb: str) -> ResponseReturnValue:
    """Whispers, passes on, takes over, ends, keeps out."""
    deed, told = DEEDS[verb]
    return _done(id, lambda: deed(current_actor(), id, request.form), say(told))


def _done(id_: int, act: Callable[[], None], told: str = "") -> ResponseReturnValue:
    """Back to the pane; without the page (a script asks) what came of it as a status."""
    try:
        act()
    except HelpdeskError as refusal:
        if request.headers.get("X-Requested-With"):
            return {"detail": say(refusal.detail)}, refusal.status
        return _page(refusal, id_)
    if request.headers.get("X-Requested-With"):
        return "", 204
    if told:
        flash({"text": told}, "toast")  # type: ignore[arg-type]
    watch = [id_] if request.form.get("watch") else None
    return redirect(url_for("desk.chats_page", watch=watch, _anchor=f"chat-{id_}"), 303)


AUTHORS = {ChatAuthor.CITIZEN: _("Citizen"), ChatAuthor.BOT: _("Assistant")}
"""Who speaks, where they have no name."""


@room.app_context_processor
def _authors() -> dict[str, Any]:
    return {"chat_authors": {author.value: word for author, word in AUTHORS.items()}}
