"""What people can read instead of asking: articles found without regard to accents, outages that last."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from helpdesk.db import db
from helpdesk.errors import NotFound

MOST_FOUND = 30


def outages(at: datetime) -> Sequence[Row[Any]]:
    """The disturbances of this moment ``(titles, texts, begins_at, ends_at, service_id)``, the newest first."""
    return db.session.execute(_OUTAGES, {"at": at}).all()


_OUTAGES = text(
    """
    select titles, texts, begins_at, ends_at, service_id from outage
    where begins_at <= :at and (ends_at is null or ends_at > :at)
    order by begins_at desc limit 5
    """
)


def articles() -> Sequence[Row[Any]]:
    """All published articles ``(key, titles, department_id, department)``, by department."""
    return db.session.execute(_ALL).all()


_ALL = text(
    """
    select article.key, article.titles, article.department_id, department.names as department
    from article left join department on department.id = article.department_id
    where article.published
    order by department.id nulls first, article.id
    """
)


def search_articles(words: str, limit: int = MOST_FOUND) -> Sequence[Row[Any]]:
    """Published articles with these words ``(key, titles, bodies, department)``, the best first.

    The last word may be unfinished; accents and case do not count.
    """
    if not words.strip():
        return []
    return db.session.execute(_SEARCH, {"words": words.strip()[:200], "limit": limit}).all()


_SEARCH = text(
    """
    with asked as (
      select websearch_to_tsquery('helpdesk', :words) as whole,
             (select to_tsquery('helpdesk', string_agg(quote_literal(word) || ':*', ' & '))
              from regexp_split_to_table(regexp_replace(:words, '[^[:alnum:][:space:]]', ' ', 'g'), '[[:space:]]+') word
              where word <> '') as begun
    )
    select article.key, article.titles, article.bodies, department.names as department
    from asked cross join article left join department on department.id = article.department_id
    where article.published and (article.words @@ asked.whole or article.words @@ asked.begun)
    order by ts_rank(article.words, asked.whole) + ts_rank(article.words, coalesce(asked.begun, asked.whole)) desc,
             article.id
    limit :limit
    """
)


def article(key: str) -> Row[Any]:
    """A published article ``(key, titles, bodies, service, department, updated_at)``; raises NotFound."""
    found = db.session.execute(_ONE, {"key": key}).one_or_none()
    if found is None:
        raise NotFound("There is no such article.")
    return found


_ONE = text(
    """
    select article.key, article.titles, article.bodies, article.updated_at, service.key as service,
           department.names as department
    from article
    left join department on department.id = article.department_id
    left join service on service.id = article.service_id and service.phase = 'live'
    where article.key = :key and article.published
    """
)
