"""Known errors and articles that fit a ticket or a citizen's words, the best first, by one statement.

What is about the same service or category, or shares at least two telling words; accents, case and endings do not
count, since both sides go through the text search configuration `helpdesk`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text

from helpdesk.db import db
from helpdesk.permissions import Actor
from helpdesk.services import readership
from helpdesk.services.fulltext import SMALL

MOST_FOUND = 3
_LONGEST, _MOST_WORDS = 2_000, 60
_WORD = re.compile(r"\w{3,}")


@dataclass(frozen=True)
class Found:
    """What fits a ticket: problems it is linked to, known errors and articles that may help."""

    linked: Sequence[Row[Any]]
    errors: Sequence[Row[Any]]
    articles: Sequence[Row[Any]]


def telling(words: str) -> str:
    """The words that say something, as a text to be searched for."""
    found = dict.fromkeys(word.lower() for word in _WORD.findall(words.replace("\x00", " ")[:_LONGEST]))
    return " ".join([word for word in found if word not in SMALL][:_MOST_WORDS])


_ASKED = """
    asked as (
      select coalesce(array_agg(lexeme), '{}') as lexemes,
             coalesce(string_agg(quote_literal(lexeme), ' | '), '')::tsquery as any_of
      from unnest(to_tsvector('helpdesk', :words))
    )
"""
_ERRORS = """
    select problem.id, problem.titles, problem.workarounds, problem.no_workaround, problem.audience,
           shared.words + 3 * coalesce((problem.service_id = :service)::int, 0)
                        + 2 * coalesce((problem.category_id = :category)::int, 0) as score
    from asked cross join problem cross join lateral (
      select count(*) as words from unnest(tsvector_to_array(problem.words)) lexeme where lexeme = any(asked.lexemes)
    ) shared
    where problem.state = 'known_error' and problem.active
      and (problem.service_id = :service or problem.category_id = :category
           or problem.words @@ asked.any_of and shared.words > 1)
"""
_FOR_TICKET = text(
    f"""
    with {_ASKED}, errors as ({_ERRORS} order by score desc, problem.id desc limit :limit),
    readable as (
      select article.id, article.key, article.titles, article.audience,
             ts_rank(article.words, asked.any_of, 1) + coalesce((article.service_id = :service)::int, 0) as score
      from asked cross join article
      where {readership.READABLE} and (article.service_id = :service or article.words @@ asked.any_of)
      order by score desc, article.id limit :limit
    )
    select 'linked' as kind, problem.id, '' as key, problem.titles, problem.workarounds, problem.no_workaround,
           problem.audience, problem.state, link.used_at, 0 as uses, null::float as score
    from problem_ticket link join problem on problem.id = link.problem_id where link.ticket_id = :ticket
    union all
    select 'error', errors.id, '', errors.titles, errors.workarounds, errors.no_workaround, errors.audience,
           'known_error', null, (select count(used_at) from problem_ticket where problem_id = errors.id), errors.score
    from errors
    where not exists (select from problem_ticket where problem_id = errors.id and ticket_id = :ticket)
    union all
    select 'article', readable.id, readable.key, readable.titles, '{{}}', false, readable.audience, '', null, 0,
           readable.score
    from readable where readable.score >= 0.01
    order by kind, score desc nulls last, id desc
    """  # noqa: S608 - our own words
)


def for_ticket(actor: Actor, ticket: Any, words: str, limit: int = MOST_FOUND) -> Found:
    """What may help with a ticket (a row), by its service, its category and what was said, for the actor's eyes."""
    given = {
        "ticket": ticket.id, "service": ticket.service_id, "category": ticket.category_id,
        "words": telling(words), "limit": limit, **readership.of(actor).values,
    }  # fmt: skip
    rows = db.session.execute(_FOR_TICKET, given).all()
    of = {kind: [row for row in rows if row.kind == kind] for kind in ("linked", "error", "article")}
    return Found(of["linked"], of["error"], of["article"])


_TOLD = text(
    f"""
    with {_ASKED}, errors as ({_ERRORS} and problem.audience = 'public')
    select id, titles, workarounds, no_workaround from errors where score > 1 order by score desc, id desc limit :limit
    """  # noqa: S608 - our own words
)


def told_of(words: str, limit: int = MOST_FOUND) -> Sequence[Row[Any]]:
    """Known errors that citizens may read and that fit their words, the best first."""
    asked = telling(words)
    given = {"words": asked, "service": None, "category": None, "limit": limit}
    return db.session.execute(_TOLD, given).all() if asked else []


_FIRST = text(
    """
    select ticket.subject || ' ' || coalesce((
      select left(coalesce(reply_text, text), 2000) from message
      where ticket_id = ticket.id and audience = 'public' and direction = 'inbound' order by at, id limit 1
    ), '') from ticket where id = :number
    """
)


def words_of(number: int) -> str:
    """The subject and the first message of a ticket."""
    return str(db.session.execute(_FIRST, {"number": number}).scalar() or "")
