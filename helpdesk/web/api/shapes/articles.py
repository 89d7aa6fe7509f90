"""Help articles as the API tells of them."""

from datetime import datetime

from helpdesk.vocabulary import Readership
from helpdesk.web.api.shapes.outgoing import Outgoing


class ArticleTitle(Outgoing):
    """An article in a list; ``department`` is its name per language, empty where it is the whole body's."""

    key: str
    titles: dict[str, str]
    department: dict[str, str]
    audience: Readership


class Articles(Outgoing):
    """The articles found, the best first."""

    items: list[ArticleTitle]


class Article(ArticleTitle):
    """An article with its text (Markdown per language); ``updated_at`` is when it was reviewed last."""

    bodies: dict[str, str]
    service: str | None
    updated_at: datetime
