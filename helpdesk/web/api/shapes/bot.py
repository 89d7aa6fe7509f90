"""How the bot did in a period, as the API answers it."""

from datetime import date

from helpdesk.web.api.shapes.outgoing import Outgoing


class BotCounts(Outgoing):
    """Conversations with the bot and what became of them; shares are percent of the conversations."""

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
    confirmed_share: float | None
    net_share: float | None


class UnansweredCluster(Outgoing):
    """Questions alike that got no answer: the telling words, some as they were asked, how many."""

    words: list[str]
    asked: list[str]
    count: int


class BotArticle(Outgoing):
    """A help article by its id: how often it was quoted, and what people said to it."""

    article_id: int
    answers: int
    helped: int
    did_not: int
    wrong: int


class BotReport(Outgoing):
    """Everything about the bot in a period; ``reasons`` say why people went on."""

    first: date
    last: date
    whole: BotCounts
    reasons: dict[str, int]
    unanswered: list[UnansweredCluster]
    articles: list[BotArticle]
