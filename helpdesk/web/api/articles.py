"""Help articles by machine: searched as the bot finds them, and read; each caller only what they may read."""

from typing import Annotated, Any

from pydantic import Field

from helpdesk.permissions import Actor
from helpdesk.services import readership, selfhelp
from helpdesk.web.api.operations import Query, operation
from helpdesk.web.api.shapes.articles import Article, Articles, ArticleTitle

_WORDS = Annotated[str, Field(max_length=200)]
MOST = 30


@operation(
    "GET", "/articles", scope="read", answer=Articles, queries=(Query("q", _WORDS, "what they should be about", ""),)
)
def list_articles(actor: Actor, q: str) -> Articles:
    """Help articles that the caller may read, or those that ``q`` is about, the best first."""
    reader = readership.of(actor)
    rows = selfhelp.search_articles(q, MOST, reader) if q.strip() else selfhelp.articles(reader)
    return Articles(items=[_title(row) for row in rows])


@operation("GET", "/articles/{name}", scope="read", answer=Article)
def read_article(actor: Actor, name: str) -> Article:
    """One help article; where the caller may not read it there is none."""
    row = selfhelp.article(name, readership.of(actor))
    return Article(
        key=row.key, titles=row.titles, bodies=row.bodies, department=row.department or {}, audience=row.audience,
        service=row.service, updated_at=row.updated_at,
    )  # fmt: skip


def _title(row: Any) -> ArticleTitle:
    return ArticleTitle(key=row.key, titles=row.titles, department=row.department or {}, audience=row.audience)
