"""Asks PostgreSQL where the words of a question stand: exactly, by sound, or, for words nobody wrote, nearly."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from helpdesk.db import db
from helpdesk.services.readership import READABLE, Reader
from helpdesk.services.retrieval.terms import HEARD, Term

LIKE = 0.4
"""From which likeness of trigrams on a word counts as a slip or another form of one (0..1).

Two words of six letters that differ in the last letter have 0.55, in the middle 0.4; unrelated ones stay below 0.3.
"""

SHORTEST_LIKE = 5
"""Letters of a word that may be a slip of another: four letters are too often another word."""

MOST_LIKE = 6
"""Nearest words that are looked at."""


@dataclass(frozen=True)
class Posting:
    """A word of the question found in a place of an article; ``strength`` is how surely it is that word."""

    term: int
    strength: float
    article_id: int
    language: str
    line: int
    place: int


@dataclass(frozen=True)
class Line:
    """A title or a phrasing: its words' numbers of articles, by place."""

    article_id: int
    language: str
    line: int
    places: Mapping[int, int]


def articles(reader: Reader) -> int:
    """How many articles there are to read."""
    return int(db.session.execute(_COUNT, reader.values).scalar_one())


_COUNT = text(f"select count(*) from article where {READABLE}")  # noqa: S608 - our words


def find(terms: Sequence[Term], reader: Reader) -> list[Posting]:
    """Every place where a word stands; of words that stand nowhere, where the nearest to them do."""
    forms = ((at, form, strength) for at, one in enumerate(terms) for form, strength in one.forms.items())
    found = _exactly(forms, reader)
    missing = set(range(len(terms))) - {one.term for one in found}
    near = _nearly([(at, terms[at]) for at in sorted(missing) if len(terms[at].stem) >= SHORTEST_LIKE])
    return found + (_exactly(near, reader) if near else [])


def _exactly(forms: Iterable[tuple[int, str, float]], reader: Reader) -> list[Posting]:
    told = list(forms)
    asked = {
        "terms": [one[0] for one in told], "tokens": [one[1] for one in told], "strengths": [one[2] for one in told],
        **reader.values,
    }  # fmt: skip
    return [Posting(*row) for row in db.session.execute(_EXACTLY, asked)] if told else []


_EXACTLY = text(
    f"""
    select asked.term, max(asked.strength), found.article_id, found.language, found.line, found.place
    from unnest(cast(:terms as int[]), cast(:tokens as text[]), cast(:strengths as float[]))
         as asked(term, token, strength)
    join article_token as found on found.token = asked.token
    join article on article.id = found.article_id and {READABLE}
    group by asked.term, found.article_id, found.language, found.line, found.place
    """  # noqa: S608 - our words
)


def _nearly(terms: Sequence[tuple[int, Term]]) -> list[tuple[int, str, float]]:
    """The words of our articles that are most like each, and how like."""
    asked = [(at, form) for at, one in terms for form in one.forms if len(form.removeprefix(HEARD)) >= SHORTEST_LIKE]
    if not asked:
        return []
    told = {"terms": [one[0] for one in asked], "forms": [one[1] for one in asked], "like": LIKE, "most": MOST_LIKE}
    return [(row.term, row.token, row.likeness) for row in db.session.execute(_NEARLY, told)]


_NEARLY = text(
    """
    select asked.term, near.token, max(near.likeness) as likeness
    from unnest(cast(:terms as int[]), cast(:forms as text[])) as asked(term, form)
    join lateral (
      select token, similarity(token, asked.form) as likeness
      from (select distinct token from article_token where token % asked.form) as known
      where similarity(token, asked.form) >= :like
        and (left(token, 1) = '~') = (left(asked.form, 1) = '~')
      order by likeness desc, token limit :most
    ) as near on true
    group by asked.term, near.token
    """
)


def lines(article_ids: Iterable[int], reader: Reader) -> list[Line]:
    """The titles and phrasings of some articles."""
    found: dict[tuple[int, str, int], dict[int, int]] = {}
    for row in db.session.execute(_LINES, {"ids": sorted(article_ids), **reader.values}):
        found.setdefault((row.article_id, row.language, row.line), {})[row.place] = row.articles
    return [Line(*key, places) for key, places in found.items()]


_LINES = text(
    f"""
    with line as (
      select article_id, language, line, place, token from article_token
      where article_id = any(:ids) and line >= 0 and left(token, 1) <> '~'
    ), known as (
      select found.token, count(distinct found.article_id) as articles
      from (select distinct token from line) as asked
      join article_token as found on found.token = asked.token
      join article on article.id = found.article_id and {READABLE}
      group by found.token
    )
    select line.article_id, line.language, line.line, line.place, coalesce(known.articles, 0) as articles
    from line left join known on known.token = line.token
    """  # noqa: S608 - our words
)
