"""What the bot would do with a question, and why; nothing is kept of it."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk import i18n
from helpdesk.services import catalogue, retrieval
from helpdesk.services.bot import gate, quoting, reading, understanding
from helpdesk.services.bot.courses import Standing
from helpdesk.services.bot.hearing import Wish, hear


@dataclass(frozen=True)
class Candidate:
    """An article that was weighed: how much of the question it holds, its title of the question, and the reverse."""

    article: str
    title: str
    language: str
    coverage: float
    aim: float
    focus: float
    score: float


@dataclass(frozen=True)
class Explained:
    """What was understood and found. ``article`` is empty where the bot refuses; ``department`` where nobody knows."""

    wish: str
    language: str
    article: str
    passage: str
    department: str
    weighed: tuple[Candidate, ...]
    coverage_needed: float = gate.COVERAGE
    aim_needed: float = gate.AIM
    focus_needed: float = gate.FOCUS


def explain(text: str, language: str, at: datetime) -> Explained:
    """The bot's first step for that question."""
    heard = hear(text)
    known = understanding.understand(heard, text, Standing(), language, at)
    matches = retrieval.search(text)[: gate.MOST_OFFERED + 2]
    rows = reading.articles({one.article_id for one in matches})
    weighed = [
        Candidate(
            rows[one.article_id].key, i18n.pick(rows[one.article_id].titles, one.language), one.language,
            round(one.coverage, 3), round(one.aim, 3), round(one.focus, 3), round(one.score, 3),
        )
        for one in matches if one.article_id in rows
    ]  # fmt: skip
    answer = rows.get(known.found.answer or 0) if heard.wish is Wish.QUESTION else None
    house = catalogue.current().departments.get(known.department_id or 0)
    return Explained(
        heard.wish.value,
        known.language,
        answer.key if answer is not None else "",
        quoting.passage(i18n.pick(answer.bodies, known.language), text) if answer is not None else "",
        house.key if house is not None else "",
        tuple(weighed),
    )
