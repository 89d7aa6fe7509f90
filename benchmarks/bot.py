"""The bot: how often it answers rightly, refuses and offers, by half and by view; and how long a question takes.

The graded questions and their articles are those of the tests; the time is taken once more with 1,000 articles of
made-up words beside them. Precision and refusal are asserted, for the half that was held back as well.
"""

import math
import statistics
import time
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from sqlalchemy import text

from benchmarks.tick import installation
from helpdesk.db import db
from helpdesk.permissions import SYSTEM
from helpdesk.services import handbook, retrieval
from helpdesk.services.bot import gate
from helpdesk.services.rulebook import ensure_defaults
from tests.bot.library import Question, fill, questions
from tests.builders import NOON

ARTICLES = 1_000
LEAST_RIGHT, MOST_FOREIGN = 0.95, 0.02
_SYLLABLES = "βα γο δι κα λε μο νι πα ρο σε τα φι χο".split()  # noqa: SIM905
VIEWS = ("own", "fresh", "near", "typo", "")
Row = dict[str, Any]


def run() -> list[Row]:
    """Rows of grading, then rows of time."""
    with installation():
        ensure_defaults(NOON)
        for name in ("department", "service"):
            db.session.execute(text(f"update {name} set key = 'old-' || key"))
        keys = fill()
        rows = [_graded(keys, held_back, view) for held_back in (False, True) for view in VIEWS]
        rows += [_timed("30 articles"), *_crowded()]
    return rows


def _graded(keys: Mapping[int, str], held_back: bool, view: str) -> Row:
    asked = [
        one for one in questions("answer", "refuse", held_back=held_back)
        if view in ("", one.view) and (not view or one.kind == "answer")
    ]  # fmt: skip
    seen = [(one, *_answer(one, keys)) for one in asked]
    own = [(one, answer, offered) for one, answer, offered in seen if one.kind == "answer"]
    right = sum(answer == one.expected for one, answer, _ in own)
    wrong = sum(answer not in ("", one.expected) for one, answer, _ in own)
    foreign = [answer for one, answer, _ in seen if one.kind == "refuse"]
    answered = sum(answer != "" for answer in foreign)
    assert right >= LEAST_RIGHT * (right + wrong)
    assert answered <= MOST_FOREIGN * max(1, len(foreign))
    return {
        "half": "held back" if held_back else "chosen on", "view": view or "all", "questions": len(own),
        "right": right, "wrong": wrong,
        "offered": sum(not answer and one.expected in offered for one, answer, offered in own),
        "foreign": len(foreign), "foreign answered": answered,
        "precision": _between(right, right + wrong), "answered rightly": _between(right, len(own)),
        "foreign share": _between(answered, len(foreign)),
    }  # fmt: skip


def _between(hits: int, of: int) -> str:
    """The percentages between which the true share lies, 19 times of 20 (Wilson)."""
    if not of:
        return ""
    share, z = hits / of, 1.96
    middle, width = share + z * z / (2 * of), z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    low, high = ((middle + sign * width) / (1 + z * z / of) for sign in (-1, 1))
    return f"{100 * max(0.0, low):.1f}-{100 * min(1.0, high):.1f} %"


def _answer(one: Question, keys: Mapping[int, str]) -> tuple[str, set[str]]:
    verdict = gate.judge(retrieval.search(one.text))
    offered = {keys.get(each.article_id, "") for each in verdict.offered}
    return (keys.get(verdict.answer.article_id, "other") if verdict.answer else ""), offered


def _crowded() -> Iterator[Row]:
    chance = Random(715)
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 5))) for _ in range(6_000)]
    for _ in range(ARTICLES):
        told = {
            "titles": {"el": " ".join(chance.choices(words, k=4))},
            "bodies": {"el": " ".join(chance.choices(words, k=80))},
        }
        handbook.save(SYSTEM, "article", None, NOON, **told, published=True)
    db.session.execute(text("analyze article_token, article"))  # as autovacuum does after so many; plans are made anew
    yield _timed(f"{ARTICLES:,} articles more")


def _timed(label: str) -> Row:
    spent = []
    for one in questions("answer", "refuse"):
        begin = time.perf_counter()
        retrieval.search(one.text)
        spent.append((time.perf_counter() - begin) * 1_000)
    spent.sort()
    return {
        "half": label, "view": "ms a question", "median_ms": statistics.median(spent),
        "p95_ms": spent[int(0.95 * len(spent))],
    }  # fmt: skip
