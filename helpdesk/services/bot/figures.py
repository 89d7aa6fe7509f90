"""How the bot did in a period: what it answered, what truly helped, what it missed, and who had to ask again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from helpdesk import clock
from helpdesk.db import db
from helpdesk.errors import Forbidden
from helpdesk.permissions import Actor, may
from helpdesk.services.bot import clusters
from helpdesk.services.bot.clusters import Cluster
from helpdesk.services.reports.periods import Period

AGAIN_WITHIN = timedelta(hours=72)
"""Who asks people within that time after the bot answered was not helped by it, whatever they had clicked."""

SILENT = timedelta(minutes=30)
"""After that a conversation in which nobody said whether it helped counts as over."""

MOST_QUESTIONS, MOST_CLUSTERS, MOST_ARTICLES = 1_000, 10, 10


@dataclass(frozen=True)
class Counts:
    """Conversations in which something was said, and what became of them.

    ``answered``: the bot quoted something. ``confirmed``: the citizen said that it helped. ``assumed``: it answered and
    nothing more was said. ``false_deflections`` are of both: the same visitor or address asked people within 72 hours.
    ``refused`` and ``wrong`` count things said: questions without an answer, answers reported as wrong.
    """

    sessions: int
    answered: int
    confirmed: int
    assumed: int
    handed_over: int
    false_deflections: int
    questions: int
    answers: int
    refused: int
    wrong: int

    @property
    def confirmed_share(self) -> float | None:
        """Of 100 conversations so many ended with a citizen's yes."""
        return _share(self.confirmed, self.sessions)

    @property
    def net_share(self) -> float | None:
        """Of 100 conversations so many needed nobody: confirmed and assumed, less those who asked again."""
        return _share(self.confirmed + self.assumed - self.false_deflections, self.sessions)


@dataclass(frozen=True)
class OfArticle:
    """How often an article was quoted, and what people said to it."""

    article_id: int
    title: dict[str, str]
    answers: int
    helped: int
    did_not: int
    wrong: int


@dataclass(frozen=True)
class BotReport:
    """Everything about the bot in a period."""

    whole: Counts
    reasons: Sequence[tuple[str, int]]
    unanswered: Sequence[Cluster]
    articles: Sequence[OfArticle]


def report(actor: Actor, period: Period, department_id: int | None = None, *, now: datetime | None = None) -> BotReport:
    """The figures of conversations that began in the period, of one department or of all; raises Forbidden."""
    if not may(actor, "see-figures"):
        raise Forbidden("Figures are for supervisors and administrators.")
    told = {
        "begin": period.begin, "end": period.end, "department": department_id, "again": AGAIN_WITHIN,
        "silent": (now or clock.now()) - SILENT, "most": MOST_QUESTIONS, "articles": MOST_ARTICLES,
    }  # fmt: skip
    return BotReport(_counts(told), _reasons(told), _unanswered(told), _articles(told))


_SESSIONS = """
    with session as (
      select bot_session.*, chat.visitor, lower(chat.email) as email
      from bot_session left join chat on chat.id = bot_session.chat_id
      where started_at >= :begin and started_at < :end
        and (cast(:department as bigint) is null or bot_session.department_id is not distinct from
             nullif(cast(:department as bigint), 0))
        and exists (select from bot_turn where session_id = bot_session.id)
    ), turn as (
      select bot_turn.* from bot_turn join session on session.id = bot_turn.session_id
    )
"""
_ASKED_AGAIN = """
    exists (select from chat later where later.visitor = ended.visitor and ended.visitor <> ''
            and later.handed_over_at > ended.last_at and later.handed_over_at <= ended.last_at + :again)
    or exists (select from ticket join person on person.id = ticket.requester_id
               where ended.email <> '' and lower(person.email) = ended.email
                 and ticket.received_at > ended.last_at and ticket.received_at <= ended.last_at + :again)
"""
_COUNTS = text(
    f"""{_SESSIONS}, ended as (
      select session.*, answered.yes as answered, solved.yes as solved,
             answered.yes and not solved.yes and handed_over_at is null and last_at < :silent as assumed
      from session,
           lateral (select exists(select from turn where session_id = session.id and outcome = 'answered') as yes)
             as answered,
           lateral (select exists(select from turn where session_id = session.id and outcome = 'solved') as yes)
             as solved
    )
    select count(*) as sessions,
           count(*) filter (where answered) as answered,
           count(*) filter (where solved and handed_over_at is null) as confirmed,
           count(*) filter (where assumed) as assumed,
           count(*) filter (where handed_over_at is not null) as handed_over,
           count(*) filter (where (assumed or solved) and handed_over_at is null and ({_ASKED_AGAIN}))
             as false_deflections,
           (select count(*) from turn where cardinality(words) > 0) as questions,
           (select count(*) from turn where outcome = 'answered') as answers,
           (select count(*) from turn where outcome = 'refused') as refused,
           (select count(*) from turn where outcome = 'reported_wrong') as wrong
    from ended
    """  # noqa: S608 - our words
)


def _counts(told: dict[str, Any]) -> Counts:
    return Counts(**db.session.execute(_COUNTS, told).one()._mapping)


_REASONS = text(
    f"""{_SESSIONS} select reason, count(*) as times from session where reason is not null
    group by reason order by times desc, reason"""  # noqa: S608
)


def _reasons(told: dict[str, Any]) -> list[tuple[str, int]]:
    return [(row.reason, row.times) for row in db.session.execute(_REASONS, told)]


_UNANSWERED = text(
    f"""{_SESSIONS} select coalesce(turn.asked, '') as asked, turn.words, turn.session_id, turn.place
    from turn
    join session on session.id = turn.session_id
    where cardinality(turn.words) > 0
      and (turn.outcome = 'refused' or turn.outcome = 'handed_over' and session.reason = 'failed')
    order by turn.at desc, turn.session_id, turn.place limit :most"""  # noqa: S608
)


def _unanswered(told: dict[str, Any]) -> list[Cluster]:
    rows = db.session.execute(_UNANSWERED, told)
    return clusters.gather((row.asked, row.words, (row.session_id, row.place)) for row in rows)[:MOST_CLUSTERS]


_ARTICLES = text(
    f"""{_SESSIONS} select article.id as article_id, article.titles as title,
           count(*) filter (where outcome = 'answered') as answers,
           count(*) filter (where outcome = 'solved') as helped,
           count(*) filter (where outcome = 'did_not_help') as did_not,
           count(*) filter (where outcome = 'reported_wrong') as wrong
    from turn join article on article.id = turn.article_id
    group by article.id having count(*) filter (where outcome = 'answered') > 0
    order by wrong desc, answers desc, article.id limit :articles"""  # noqa: S608
)


def _articles(told: dict[str, Any]) -> list[OfArticle]:
    return [OfArticle(**row._mapping) for row in db.session.execute(_ARTICLES, told)]


def _share(count: int, of: int) -> float | None:
    return round(100 * count / of, 1) if of else None
