"""Keeps what articles are found by in step with what they say; can be rebuilt from them at any time."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import delete, select, update

from helpdesk.db import db, insert_many, table, unit
from helpdesk.models.bot import ArticleToken
from helpdesk.models.help import Article
from helpdesk.services.retrieval import terms

READING = 1
"""Raised when words are read in another way: every article is indexed anew then."""

TITLE, TEXT = 0, -1
MOST_LINES, MOST_PLACES = 60, 2_000
_PORTION = 50
_ARTICLES, _TOKENS = table(Article), table(ArticleToken)


def keep(article: Any) -> None:
    """Indexes an article as it stands, inside the unit that changes it."""
    db.session.execute(delete(_TOKENS).where(_TOKENS.c.article_id == article.id))
    insert_many(_TOKENS, list(_rows(article)))
    db.session.execute(update(_ARTICLES).where(_ARTICLES.c.id == article.id).values(indexed=READING))


@unit()
def complete(every: bool = False) -> int:
    """Indexes what is missing (a portion at a time), or everything anew; how many articles that were."""
    columns = [_ARTICLES.c[name] for name in ("id", "titles", "bodies", "phrasings")]
    query = select(*columns).order_by(_ARTICLES.c.id)
    rows = db.session.execute(query if every else query.where(_ARTICLES.c.indexed != READING).limit(_PORTION)).all()
    for row in rows:
        keep(row)
    return len(rows)


def _rows(article: Any) -> Iterator[Mapping[str, Any]]:
    for language in {**article.titles, **article.bodies, **(article.phrasings or {})}:
        for line, told in _lines(article, language):
            for place, token in dict.fromkeys(_read(line, told)):
                yield {
                    "article_id": article.id, "language": language, "line": line, "place": place, "token": token,
                }  # fmt: skip


def _lines(article: Any, language: str) -> Iterator[tuple[int, str]]:
    yield TITLE, article.titles.get(language, "")
    phrasings = (article.phrasings or {}).get(language, "").splitlines()
    yield from enumerate([one for one in phrasings if one.strip()][:MOST_LINES], TITLE + 1)
    yield TEXT, article.bodies.get(language, "")


def _read(line: int, told: str) -> Iterator[tuple[int, str]]:
    """Of the text every word once, at its first place."""
    known: set[str] = set()
    for place, token in terms.tokens(told):
        if place < MOST_PLACES and (line != TEXT or token not in known):
            known.add(token)
            yield place, token
