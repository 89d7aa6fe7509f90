"""What people can read instead of asking: articles found without regard to accents, outages that last."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, text

from helpdesk.db import db
from helpdesk.errors import NotFound
from helpdesk.services import catalogue, retrieval
from helpdesk.services.readership import PUBLIC, READABLE, Reader
from routing.words import Passage, Phrase, fold

MOST_FOUND = 30
WORTH_SHOWING = 0.12
"""From which share of agreement an article stands among what a search found; below it, it only shares a word."""

_WORD = re.compile(r"\w+")


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


def articles(reader: Reader = PUBLIC) -> Sequence[Row[Any]]:
    """All that the reader may read ``(key, titles, department_id, department, audience)``, by department."""
    return db.session.execute(_ALL, reader.values).all()


_ALL = text(
    f"""
    select article.key, article.titles, article.department_id, department.names as department, article.audience
    from article left join department on department.id = article.department_id
    where {READABLE}
    order by department.id nulls first, article.id
    """  # noqa: S608 - our words
)


def search_articles(words: str, limit: int = MOST_FOUND, reader: Reader = PUBLIC) -> Sequence[Row[Any]]:
    """Articles that these words are about ``(key, titles, bodies, department, audience)``, the best first.

    First what the bot's way of finding finds, blind to inflection, slips and Greeklish; then what holds all the words,
    of which the last may be unfinished.
    """
    asked = words.replace("\x00", " ").strip()[:200]
    if not asked:
        return []
    meant = [one.article_id for one in retrieval.search(asked, reader) if one.score >= WORTH_SHOWING]
    return db.session.execute(_SEARCH, {"words": asked, "limit": limit, "meant": meant, **reader.values}).all()


_SEARCH = text(
    f"""
    with asked as (
      select websearch_to_tsquery('helpdesk', :words) as whole,
             (select to_tsquery('helpdesk', string_agg(quote_literal(word) || ':*', ' & '))
              from regexp_split_to_table(regexp_replace(:words, '[^[:alnum:][:space:]]', ' ', 'g'), '[[:space:]]+') word
              where word <> '') as begun
    )
    select article.key, article.titles, article.bodies, department.names as department, article.audience
    from asked cross join article left join department on department.id = article.department_id
    where {READABLE}
      and (article.id = any(:meant) or article.words @@ asked.whole or article.words @@ asked.begun)
    order by array_position(cast(:meant as bigint[]), article.id) nulls last,
             ts_rank(article.words, asked.whole) + ts_rank(article.words, coalesce(asked.begun, asked.whole)) desc,
             article.id
    limit :limit
    """  # noqa: S608 - our words
)


def articles_of(service_id: int, limit: int = 4) -> Sequence[Row[Any]]:
    """Articles ``(key, titles)`` that citizens may read about a service, before they ask."""
    return db.session.execute(_ABOUT, {"service": service_id, "limit": limit, **PUBLIC.values}).all()


_ABOUT = text(
    f"select key, titles from article where service_id = :service and {READABLE} order by id limit :limit"  # noqa: S608
)


def find_services(words: str) -> list[Any]:
    """Services that take requests and hold these words in their texts, in any language of ours, the best first.

    Blind to accents, case, inflection and Greeklish, as routing is; the last word may be unfinished.
    """
    asked = _WORD.findall(words[:200])
    found = [(_hits(asked, service), service) for service in catalogue.services()] if asked else []
    best = max((hits for hits, _ in found), default=0)
    return [service for hits, service in sorted(found, key=lambda pair: -pair[0]) if hits and hits >= best / 2]


def _hits(asked: Sequence[str], service: Any) -> float:
    """How many of the words its texts hold; one in the name counts twice, the small words half."""
    name, about = _read(" ".join(service.names.values())), _read(" ".join(service.descriptions.values()))
    weights = [1.0 if len(word) > 3 else 0.4 for word in asked]
    return sum(weight * (2 * name.holds(word) + about.holds(word)) for word, weight in zip(asked, weights, strict=True))


@dataclass(frozen=True)
class _Text:
    passage: Passage
    folded: str

    def holds(self, word: str) -> bool:
        """Whether a word of the text is that one, or begins with it."""
        begun = fold(word)
        return self.passage.find(Phrase(word)) is not None or (len(begun) > 2 and f" {begun}" in self.folded)


@lru_cache(2_048)
def _read(told: str) -> _Text:
    return _Text(Passage(told), f" {fold(told)}")


def article(key: str, reader: Reader = PUBLIC) -> Row[Any]:
    """An article ``(key, titles, bodies, service, department, audience, updated_at)``; raises NotFound, also where
    the reader may not know of it."""
    found = db.session.execute(_ONE, {"key": key.replace("\x00", ""), **reader.values}).one_or_none()
    if found is None:
        raise NotFound("There is no such article.")
    return found


_ONE = text(
    f"""
    select article.key, article.titles, article.bodies, article.updated_at, service.key as service,
           department.names as department, article.audience
    from article
    left join department on department.id = article.department_id
    left join service on service.id = article.service_id and service.phase = 'live'
    where article.key = :key and {READABLE}
    """  # noqa: S608 - our words
)
