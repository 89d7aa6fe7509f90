"""Finds the help article that a question is about: by stems, by sound, nearly; says how much of both agrees."""

from helpdesk.services.retrieval import postings, ranking, terms
from helpdesk.services.retrieval.index import complete, keep
from helpdesk.services.retrieval.ranking import Match

__all__ = ["Match", "complete", "keep", "search"]

LOOKED_AT = 12
"""Articles whose titles are compared; more never mattered for the first three."""


def search(question: str) -> list[Match]:
    """The published articles that a question may be about, the best first. Five statements at most."""
    asked = terms.of_question(question)
    found = postings.find(asked) if asked else []
    if not found:
        return []
    count = postings.articles()
    likely = [one.article_id for one in ranking.rank(len(asked), found, (), count)[:LOOKED_AT]]
    ranked = ranking.rank(len(asked), found, postings.lines(likely), count)
    return [one for one in ranked if one.article_id in likely]
