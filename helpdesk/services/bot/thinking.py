"""What a line needs looked up, and put into words elsewhere: only reads, so nothing is locked while it takes time."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk import i18n
from helpdesk.db import end_reading
from helpdesk.services.bot import courses, memory, provider, reading, understanding
from helpdesk.services.bot.courses import Standing
from helpdesk.services.bot.hearing import Heard, Wish, hear
from helpdesk.services.bot.understanding import Understood
from helpdesk.services.dialogue import Spoken
from helpdesk.vocabulary import BotOutcome, BotState

LONGEST = 1_000
"""Characters of a line that are read."""

_LOOKED_UP = frozenset({Wish.QUESTION, Wish.EMERGENCY})


@dataclass(frozen=True)
class Thought:
    """What is known of a line in a language, and the words of a language model for an article, where they were had."""

    line: str
    language: str
    known: Understood | None = None
    article_id: int | None = None
    written: str = ""
    worded: str = ""


def line_of(spoken: Spoken, text: str) -> str:
    """What was said, as it is read: an answer of a form's choice by its value."""
    return (spoken.choice if spoken.choice.startswith("value:") else text)[:LONGEST]


def think(spoken: Spoken, text: str, at: datetime) -> Thought:
    """Looks up what a line asks, and has it put into words where the body lets that be done; writes nothing."""
    session = memory.glance(spoken)
    standing = memory.standing(session) if session is not None else Standing()
    language = session.language if session is not None else i18n.chosen(spoken.language)
    line = line_of(spoken, text)
    heard, known = weigh(spoken, line, standing, language, at)
    thought = Thought(line, language, known if _is_looked_up(heard, standing) else None)
    step = courses.step(standing, heard, known.found, line)
    if step.outcome is not BotOutcome.ANSWERED or step.article_id is None or provider.provider() is None:
        return thought
    written = step.language or known.language
    asked = line if heard.wish is Wish.QUESTION else memory.last_question(session) if session is not None else ""
    article = reading.articles([step.article_id]).get(step.article_id)
    if not asked or article is None:
        return Thought(line, language, thought.known, step.article_id, written)
    end_reading()  # the model may take seconds, and no connection waits for it
    worded = provider.worded(asked, article, written)
    return Thought(line, language, thought.known, step.article_id, written, worded)


def weigh(
    spoken: Spoken, line: str, standing: Standing, language: str, at: datetime, thought: Thought | None = None
) -> tuple[Heard, Understood]:
    """What is wanted and what is known of it; what was thought before is not looked up again."""
    heard = hear(line, spoken.choice)
    known = _recalled(thought, line, heard, standing, language)
    if known is None:
        known = understanding.understand(heard, line, standing, language, at)
    if known.urgent and heard.wish is Wish.QUESTION:
        heard = Heard(Wish.EMERGENCY)
    return heard, known


def _recalled(thought: Thought | None, line: str, heard: Heard, standing: Standing, language: str) -> Understood | None:
    if thought is None or (thought.line, thought.language) != (line, language):
        return None
    if thought.known is None or not _is_looked_up(heard, standing):
        return None
    answer = thought.known.found.answer
    return thought.known if answer is None or answer in reading.articles([answer]) else None


def _is_looked_up(heard: Heard, standing: Standing) -> bool:
    return heard.wish in _LOOKED_UP and standing.state is not BotState.COLLECTING
