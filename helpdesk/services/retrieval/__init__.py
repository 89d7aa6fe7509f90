"""Finds the help article that a question is about: by stems, by sound, nearly; says how much of both agrees."""

from helpdesk.services.readership import PUBLIC, Reader
from helpdesk.services.retrieval import postings, ranking, terms
from helpdesk.services.retrieval.index import MOST_LINES, complete, keep
from helpdesk.services.retrieval.ranking import Match

__all__ = ["MOST_LINES", "Match", "complete", "keep", "search"]

LOOKED_AT = 12
"""Articles whose titles are compared; more never mattered for the first three."""


def search(question: str, reader: Reader = PUBLIC) -> list[Match]:
    """The articles that a question may be about and the reader may read, the best first. Five statements at most."""
    asked = terms.of_question(question)
    found = postings.find(asked, reader) if asked else []
    if not found:
        return []
    count = postings.articles(reader)
    likely = [one.article_id for one in ranking.rank(len(asked), found, (), count)[:LOOKED_AT]]
    ranked = ranking.rank(len(asked), found, postings.lines(likely, reader), count)
    return [one for one in ranked if one.article_id in likely]
