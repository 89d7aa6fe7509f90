"""Questions the bot could not answer: an editor gives each an article by one click, or sets it aside."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock, i18n
from helpdesk.errors import Invalid, NotFound, Stale
from helpdesk.permissions import Actor, may
from helpdesk.services import handbook
from helpdesk.services.bot import lessons
from helpdesk.services.bot.lessons import Candidate, Turn
from helpdesk.web import language
from helpdesk.web.guards import admin, current_actor, supervisor
from helpdesk.web.supervise.room import room
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


LONGEST = 18
"""Digits of a number in a form."""


@dataclass(frozen=True)
class Shown:
    """A question as the page shows it; ``key`` names it in the form."""

    key: str
    asked: tuple[str, ...]
    count: int
    language: str
    candidates: tuple[Candidate, ...]


@room.get("/bot/questions")
@supervisor
def bot_lessons() -> ResponseReturnValue:
    """Those that nobody took up yet."""
    actor = current_actor()
    may_teach = may(actor, "administer")
    here = language.current()
    every = sorted((i18n.pick(row.titles, here), row.id) for row in _published()) if may_teach else []
    return render_template(
        "supervise/bot_lessons.html", lessons=list(_shown(lessons.lessons(actor))), may_teach=may_teach, every=every,
        longest=handbook.LONGEST_PHRASING,
    )  # fmt: skip


def _published() -> Iterator[Any]:
    return (row for row in handbook.all_of("article") if row.published)


def _shown(found: list[lessons.Lesson]) -> Iterator[Shown]:
    for one in found:
        yield Shown(f"{one.turn[0]}.{one.turn[1]}", one.asked, one.count, one.language, one.candidates)


@room.post("/bot/questions")
@admin
def teach_bot() -> ResponseReturnValue:
    """Takes a question as another way to ask for an article, or sets it aside."""
    try:
        flash(say(_take_up(current_actor(), _turn(request.form.get("turn", "")))), "done")
    except (Invalid, NotFound):
        flash(say("Choose an article, and write a short question that says what it is about."), "wrong")
    except Stale:
        flash(say("Somebody took this question up already."), "wrong")
    return redirect(url_for("supervise.bot_lessons"), 303)


def _take_up(actor: Actor, turn: Turn) -> str:
    at = clock.now()
    if "aside" in request.form:
        lessons.set_aside(actor, turn, at)
        return _("The question was set aside.")
    chosen = request.form.get("article") or request.form.get("other", "")
    lessons.teach(actor, turn, _number(chosen), request.form.get("words", ""), at)
    return _("The article is found by these words from now on.")


def _turn(told: str) -> Turn:
    session, _, place = told.partition(".")
    return _number(session), _number(place)


def _number(told: str) -> int:
    if not (told.isascii() and told.isdecimal() and len(told) <= LONGEST):
        raise Invalid("Choose an article.", fields={"article": "choose one"})
    return int(told)
