"""The bot in a conversation: hears a line, finds, takes the next step, keeps what happened, and says it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from helpdesk import i18n
from helpdesk.db import unit
from helpdesk.models.bot import BotSession
from helpdesk.services.bot import (
    courses,
    identifiers,
    memory,
    quoting,
    reading,
    settings,
    thinking,
    understanding,
    wording,
)
from helpdesk.services.bot.courses import Step
from helpdesk.services.bot.hearing import Heard, Wish
from helpdesk.services.bot.memory import Turn
from helpdesk.services.bot.thinking import Thought
from helpdesk.services.bot.understanding import Understood
from helpdesk.services.bot.wording import Voice
from helpdesk.services.dialogue import HandOver, Partner, Said, Spoken
from helpdesk.vocabulary import BotOutcome, BotState, HandOverReason


def is_on(department_id: int | None) -> bool:
    """Whether the bot answers before people do: it is not switched off, and there is something to answer from."""
    return settings.current().on and reading.any_published()


@unit()
def greet(spoken: Spoken, at: datetime) -> Said:
    """The first words of a conversation."""
    session = memory.begin(spoken, at)
    return replace(wording.greeting(Voice(i18n.chosen(spoken.language))), kept={memory.KEPT: session.id})


@unit()
def answer(spoken: Spoken, text: str, at: datetime) -> Said:
    """What the bot says to a line; nothing once it has handed over. Quick where the line was thought about before."""
    session = memory.find(spoken, at)
    kept = {memory.KEPT: session.id}
    standing = memory.standing(session)
    if standing.state is BotState.HANDED_OVER:
        return Said(kept=kept)
    thought = spoken.thought if isinstance(spoken.thought, Thought) else None
    told = thinking.line_of(spoken, text)
    heard, known = thinking.weigh(spoken, told, standing, session.language, at, thought)
    step = courses.step(standing, heard, known.found, _given(standing, told))
    _remember(session, step, known, heard, told, spoken, at)
    return replace(_said(session, step, told, known, thought), kept=kept)


_ASKING = frozenset({Wish.QUESTION, Wish.EMERGENCY, Wish.PERSONAL, Wish.STATUS, Wish.NOTHING})

PARTNER = Partner(is_on, greet, answer, thinking.think)


def _given(standing: courses.Standing, text: str) -> str:
    """What was written as the form's field keeps it."""
    field = next((one for one in reading.form_of(standing.service_id) if one["name"] == standing.field), None)
    if field is None or field["kind"] != "choice":
        return text
    return understanding.value_of(field, text) or text


def _remember(
    session: BotSession, step: Step, known: Understood, heard: Heard, text: str, spoken: Spoken, at: datetime
) -> None:
    session.language = known.language
    before = None if heard.wish is Wish.QUESTION else session.department_id
    session.department_id = known.department_id or before or spoken.department_id
    if step.reason is not None and session.department_id is None and heard.wish is not Wish.HUMAN:
        session.department_id = understanding.routed(text, known.language, at).department_id
    asked = heard.wish in _ASKING and session.state != BotState.COLLECTING
    memory.keep(session, step, at)
    told = identifiers.without(text) if asked else None
    memory.note(
        session, Turn(told, known.language, step.outcome or BotOutcome.TALKED, step.article_id, known.score), at
    )


def _said(session: BotSession, step: Step, text: str, known: Understood, thought: Thought | None) -> Said:
    voice = Voice(known.language)
    if step.outcome is BotOutcome.COLLECTED:
        field = next(one for one in reading.form_of(session.service_id) if one["name"] == step.standing.field)
        return wording.asking(voice, field, step.again)
    wanted = {*step.standing.offered, *([step.article_id] if step.article_id else [])}
    found = reading.articles(wanted)
    article, written = found.get(step.article_id or 0), step.language or known.language
    quoted, worded = "", ""
    if step.outcome is BotOutcome.ANSWERED and article is not None:
        quoted = quoting.passage(i18n.pick(article.bodies, written), memory.last_question(session) or text)
        if thought is not None and (thought.article_id, thought.written) == (article.id, written):
            worded = thought.worded
    if worded:
        memory.mark_worded(session)
    said = wording.told(voice, step, found, quoted, worded)
    return said if step.reason is None else replace(said, hand_over=_hand_over(session, step.reason))


def _hand_over(session: BotSession, reason: HandOverReason) -> HandOver:
    shown = reading.articles(session.tried)
    titles = [i18n.pick(shown[one].titles, i18n.DEFAULT) for one in session.tried if one in shown]
    told = wording.summary(reason, memory.questions(session), titles, _labelled(session), session.language)
    return HandOver(reason.value, session.department_id, session.service_id, told)


def _labelled(session: BotSession) -> Mapping[str, str]:
    """What was given for the form, under its questions."""
    given: dict[str, str] = {}
    for field in reading.form_of(session.service_id):
        if value := session.collected.get(field["name"]):
            given[_label(field)] = _chosen(field, value)
    return given


def _label(field: Mapping[str, Any]) -> str:
    return i18n.pick(field.get("labels") or {}, i18n.DEFAULT) or str(field["name"])


def _chosen(field: Mapping[str, Any], value: str) -> str:
    labels = {one["value"]: one.get("labels") or {} for one in field.get("choices") or ()}
    return i18n.pick(labels.get(value, {}), i18n.DEFAULT) or value
