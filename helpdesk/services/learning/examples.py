"""What the classifier learns from: tickets that were resolved, and what the body says of its departments."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, text

from helpdesk.db import db, table
from helpdesk.models.help import Article
from helpdesk.services import catalogue
from routing import NONE_OF_OURS

NEWEST = 6_000
"""Resolved tickets that are learned from: departments change, and so do the words people use."""
CORRECTED, DESCRIBED = 3.0, 0.5
"""What a ticket that a human moved counts, and what a description, beside a resolved ticket."""
LONGEST_ARTICLE = 2_000

_ARTICLES = table(Article).c
_RESOLVED = text(
    """
    select ticket.id, ticket.subject, department.key as department, ticket.resolution_code,
           coalesce(first.reply_text, first.text) as words,
           coalesce(proposal.settled_how = 'corrected', false) as corrected
    from (select id, subject, department_id, resolution_code from ticket
          where resolved_at is not null and status in ('resolved', 'closed')
            and department_id is not null and automatic is null
          order by resolved_at desc, id desc limit :newest) as ticket
    join department on department.id = ticket.department_id and department.active
    join lateral (select text, reply_text from message
                  where message.ticket_id = ticket.id and direction = 'inbound' and audience = 'public'
                  order by at, id limit 1) as first on true
    left join proposal on proposal.ticket_id = ticket.id
    order by ticket.id
    """
)


@dataclass(frozen=True)
class Example:
    """A text, where it belongs, and how much it counts."""

    text: str
    label: str
    weight: float = 1.0


def told(subject: str, words: str) -> str:
    """A request as the classifier reads it, when it learns and when it is asked."""
    return f"{subject}\n{words}"


def resolved(newest: int = NEWEST) -> list[Example]:
    """Resolved tickets, oldest first, with the department that resolved them; who was not competent: none of ours."""
    rows = db.session.execute(_RESOLVED, {"newest": newest}).all()
    return [Example(told(row.subject, row.words), _label(row), CORRECTED if row.corrected else 1.0) for row in rows]


def _label(row: Row[Any]) -> str:
    return NONE_OF_OURS if row.resolution_code == "not_competent" else str(row.department)


def described() -> list[Example]:
    """What departments, services and help articles say of themselves, in each language: where a new body begins."""
    known = catalogue.current()
    keys = {id_: row.key for id_, row in known.departments.items() if row.active}
    of_service = {id_: row.department_id for id_, row in known.services.items()}
    said: list[tuple[int | None, str]] = [(id_, words) for id_ in keys for words in _of_row(known.departments[id_])]
    said += [(row.department_id, words) for row in known.services.values() for words in _of_row(row)]
    said += [(department or of_service.get(service or 0), words) for department, service, words in _articles()]
    return [
        Example(words, keys[id_], DESCRIBED) for id_, words in said if id_ is not None and id_ in keys and words.strip()
    ]


def _of_row(row: Any) -> Iterator[str]:
    for language, name in sorted(row.names.items()):
        yield told(name, row.descriptions.get(language, ""))


def _articles() -> Iterator[tuple[int | None, int | None, str]]:
    query = select(_ARTICLES.department_id, _ARTICLES.service_id, _ARTICLES.titles, _ARTICLES.bodies)
    for row in db.session.execute(query.where(_ARTICLES.published).order_by(_ARTICLES.id)):
        for language, title in sorted(row.titles.items()):
            yield row.department_id, row.service_id, told(title, row.bodies.get(language, "")[:LONGEST_ARTICLE])
