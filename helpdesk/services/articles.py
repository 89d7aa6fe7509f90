"""A draft of a help article out of how a ticket ended: its question and its answer, and nobody's name."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from helpdesk import clock, i18n
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Stale
from helpdesk.models.help import Article
from helpdesk.models.people import Person
from helpdesk.permissions import Actor, may
from helpdesk.services import handbook, scope
from routing.words import fold

_ADDRESS = re.compile(r"\S+@\S+")
_DIGITS = re.compile(r"\+?\d[\d\s().-]{5,}\d")
_WORD = re.compile(r"\w{4,}")
LEFT_OUT = "…"
_TITLE = 160


def offered(actor: Actor, ticket: Any) -> bool:
    """Whether the actor may make a draft of it: it ended with an answer, and is nothing that is kept from others."""
    return bool(ticket.resolution_text) and not ticket.restricted and may(actor, "propose-article", ticket)


@unit()
def propose(actor: Actor, number: int, *, at: datetime | None = None) -> int:
    """Makes an unpublished article of a ticket's subject and resolution; its id. The same again gives the same draft.

    Of the conversation, the person and the journal nothing is taken. Raises NotFound, Forbidden, Stale.
    """
    ticket = scope.find(actor, number)
    if not may(actor, "propose-article", ticket):
        raise Forbidden("You may not work on this ticket.")
    if not offered(actor, ticket):
        raise Stale("Only a ticket that was resolved, and that everybody here may read, becomes an article.")
    names = _names((ticket.requester_id, ticket.on_behalf_of_id))
    language = i18n.chosen(ticket.language)
    title = impersonal(ticket.subject, names)[:_TITLE]
    body = impersonal(ticket.resolution_text or "", names)
    known = _drafted(language, title, body)
    if known is not None:
        return known
    where = {"department_id": ticket.department_id, "service_id": ticket.service_id}
    return handbook.draft(actor, at or clock.now(), titles={language: title}, bodies={language: body}, **where)


def _names(people: Iterable[int | None]) -> list[str]:
    rows = table(Person)
    query = select(rows.c.name).where(rows.c.id.in_([one for one in people if one is not None]))
    return [name or "" for name in db.session.execute(query).scalars()]


def impersonal(words: str, names: Iterable[str]) -> str:
    """The words without addresses, long numbers and these people's names, whatever their ending."""
    stems = tuple(_stem(fold(word)) for name in names for word in _WORD.findall(name))
    plain = _DIGITS.sub(LEFT_OUT, _ADDRESS.sub(LEFT_OUT, words))
    if not stems:
        return plain
    return _WORD.sub(lambda found: LEFT_OUT if _is_one(found.group(), stems) else found.group(), plain)


def _stem(word: str) -> str:
    """What stays of a name in every case of it."""
    return word[: max(3, len(word) - 2)]


def _is_one(word: str, stems: tuple[str, ...]) -> bool:
    folded = fold(word)
    return any(folded.startswith(stem) and len(folded) - len(stem) <= 4 for stem in stems)


def _drafted(language: str, title: str, body: str) -> int | None:
    """The draft that says exactly that already."""
    rows = table(Article).c
    same = (rows.titles[language].astext == title, rows.bodies[language].astext == body)
    found: int | None = db.session.execute(select(rows.id).where(~rows.published, *same).limit(1)).scalar()
    return found
