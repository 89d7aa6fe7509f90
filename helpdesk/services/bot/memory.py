"""What is kept of a conversation with the bot: where it stands, and a line for each thing that was said."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text, update

from helpdesk import i18n
from helpdesk.db import db, insert_many, table, unit
from helpdesk.models.bot import BotSession, BotTurn
from helpdesk.services import patience
from helpdesk.services.bot.courses import Standing, Step
from helpdesk.services.dialogue import Spoken
from helpdesk.services.retrieval import terms
from helpdesk.vocabulary import BotOutcome, BotState

KEPT = "session"
"""Under which name the chat keeps the number of the session."""

LONGEST = 500
_TURNS = table(BotTurn)
_PORTION = 1_000


@dataclass(frozen=True)
class Turn:
    """One thing that was said, and what came of it. ``asked`` is a question without addresses and numbers, or None."""

    asked: str | None
    language: str
    outcome: BotOutcome
    article_id: int | None
    score: float


def begin(spoken: Spoken, at: datetime) -> BotSession:
    """A session of a conversation (a chat's number, or 0 where it is none)."""
    session = BotSession(
        chat_id=spoken.id or None, language=i18n.chosen(spoken.language), department_id=spoken.department_id,
        started_at=at, last_at=at, tried=[], offered=[], collected={}, failures=0, state=BotState.LISTENING.value,
        field="",
    )  # fmt: skip
    db.session.add(session)
    db.session.flush()
    return session


def find(spoken: Spoken, at: datetime) -> BotSession:
    """The conversation's session, locked, so that two lines at once are answered one after the other."""
    number = spoken.kept.get(KEPT)
    found = None
    if isinstance(number, int):
        found = db.session.get(BotSession, number, with_for_update=True, populate_existing=True)
    if found is None or found.chat_id != (spoken.id or None):
        return begin(spoken, at)
    return found


def glance(spoken: Spoken) -> BotSession | None:
    """The same as it stands now, without a lock; None where nothing was said yet."""
    number = spoken.kept.get(KEPT)
    found = db.session.get(BotSession, number, populate_existing=True) if isinstance(number, int) else None
    return found if found is not None and found.chat_id == (spoken.id or None) else None


def standing(session: BotSession) -> Standing:
    """Where it stands, as `courses` takes it."""
    return Standing(
        BotState(session.state), session.failures, _turns(session), tuple(session.tried), tuple(session.offered),
        session.service_id, session.field, session.collected,
    )  # fmt: skip


def _turns(session: BotSession) -> int:
    query = select(func.count()).select_from(_TURNS).where(_TURNS.c.session_id == session.id)
    return int(db.session.execute(query).scalar_one())


def keep(session: BotSession, step: Step, at: datetime) -> None:
    """Keeps where it stands now."""
    now = step.standing
    session.state, session.failures, session.last_at = now.state.value, now.failures, at
    session.tried, session.offered = list(now.tried), list(now.offered)
    session.service_id, session.field, session.collected = now.service_id, now.field, dict(now.collected)
    if step.reason is not None:
        session.reason, session.handed_over_at = step.reason.value, at


def note(session: BotSession, turn: Turn, at: datetime) -> None:
    """Keeps what was said."""
    asked = turn.asked[:LONGEST] if turn.asked else None
    words = sorted({one.stem for one in terms.of_question(asked)}) if asked else []
    row: dict[str, Any] = {
        "session_id": session.id, "place": _turns(session) + 1, "at": at, "asked": asked, "words": words,
        "language": turn.language, "outcome": turn.outcome.value, "article_id": turn.article_id, "score": turn.score,
        "worded": False,
    }  # fmt: skip
    insert_many(_TURNS, [row])


def mark_worded(session: BotSession) -> None:
    """Keeps that the last thing was put into words by a language model."""
    last = select(func.max(_TURNS.c.place)).where(_TURNS.c.session_id == session.id).scalar_subquery()
    mine = (_TURNS.c.session_id == session.id, _TURNS.c.place == last)
    db.session.execute(update(_TURNS).where(*mine).values(worded=True))


def questions(session: BotSession) -> list[str]:
    """What was asked, oldest first."""
    query = select(_TURNS.c.asked).where(_TURNS.c.session_id == session.id, _TURNS.c.asked.is_not(None))
    return list(db.session.execute(query.order_by(_TURNS.c.place)).scalars())


def last_question(session: BotSession) -> str:
    """What was asked last; empty where nothing was."""
    return next(iter(questions(session)[-1:]), "")


@unit()
def forget(now: datetime) -> int:
    """Empties the questions and what was given for forms when raw post is deleted, too; how many lines that were."""
    before = now - max(patience.keeps_raw(), timedelta(days=1))
    told = {"before": before, "portion": _PORTION}
    db.session.execute(_FORGET_FORMS, told)
    return len(db.session.execute(_FORGET, told).all())


_FORGET = text(
    """
    update bot_turn set asked = null
    where (session_id, place) in (
        select session_id, place from bot_turn where asked is not null and at < :before limit :portion)
    returning session_id
    """
)
_FORGET_FORMS = text("update bot_session set collected = '{}' where last_at < :before and collected <> '{}'")
