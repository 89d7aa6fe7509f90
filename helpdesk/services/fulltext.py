"""What somebody typed into the search box, understood, and which tickets it finds, newest first."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import ColumnElement, Select, Subquery, exists, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on

from helpdesk.clock import NEVER
from helpdesk.db import db, table
from helpdesk.models.people import Person
from helpdesk.models.tickets import Message, MessageWords, Ticket

_tickets, _people, _messages, _words = table(Ticket), table(Person), table(Message), table(MessageWords)

LONGEST = 200
"""Characters of a query that count."""

MANY_PEOPLE = 200
"""People with a like name whose tickets are shown."""

WINDOW = 2000
"""Messages looked through, newest first, before the index is asked: a word in more than 2 % of them ends there."""

_BEGIN, _END = "\x02", "\x03"
_HEADLINE = f'StartSel="{_BEGIN}", StopSel="{_END}", MaxFragments=1, MaxWords=24, MinWords=12'
SMALL = frozenset(
    "ο η το οι τα του της των τον την τη τους τις στο στη στην στον στα στις στους και κι με για από απο"  # noqa: SIM905
    " σε που να θα είναι ειναι ένα ενα μια μία ένας".split()
)
"""Greek words that say nothing; PostgreSQL's Greek stemmer knows no such list."""

_OPERATORS = {"or", "and", "not"}


@dataclass(frozen=True)
class Sought:
    """A query as understood: the words of it, and what it may name directly."""

    text: str
    number: int | None = None
    email: str | None = None
    phones: tuple[str, ...] = ()
    name: str | None = None


def understand(text: str) -> Sought:
    """Recognises a ticket number, an e-mail address, a phone number and a name in what was typed."""
    text = " ".join(text.replace("\x00", " ").split())[:LONGEST]
    digits = re.sub(r"[\s()./-]", "", text)
    if re.fullmatch(r"#?\d{5,12}", digits) and len(digits.lstrip("#")) < 10:
        return Sought(text.lstrip("#"), number=int(digits.lstrip("#")))
    if re.fullmatch(r"\+?\d{8,15}", digits):
        return Sought(text, phones=_phones(digits), number=int(digits.lstrip("+")))
    if re.fullmatch(r"[^\s@]+@[^\s@]*", text):
        return Sought(text, email=text.lower())
    return Sought(text, name=text if _may_be_name(text) else None)


def _phones(digits: str) -> tuple[str, ...]:
    bare = digits.lstrip("+").removeprefix("00")
    return (f"+{bare}", f"+30{bare}", digits)


def _may_be_name(text: str) -> bool:
    words = text.split()
    return len(words) <= 3 and len(text) >= 3 and all(word.replace("-", "").isalpha() for word in words)


def tsquery(sought: Sought) -> ColumnElement[Any]:
    """The words as PostgreSQL's query; the last one counts as a beginning, for who is still typing."""
    text = _telling(sought.text)
    whole = func.websearch_to_tsquery("helpdesk", text)
    head, _, last = text.rpartition(" ")
    if not re.fullmatch(r"\w{3,}", last) or last.lower() in _OPERATORS or text.count('"') % 2:
        return whole
    begun = func.to_tsquery("helpdesk", f"{last}:*")
    if not head:
        return whole.op("||")(begun)
    return whole.op("||")(func.websearch_to_tsquery("helpdesk", head).op("&&")(begun))


def _telling(text: str) -> str:
    """Without the small words, unless that leaves nothing or they stand in a phrase."""
    if '"' in text:
        return text
    return " ".join(word for word in text.split() if word.lower() not in SMALL) or text


def hits(sought: Sought) -> Subquery:
    """All tickets found, ``(ticket_id, found_at)`` once each; a number that is named stands before all."""
    words = select(_words.c.ticket_id, _words.c.at.label("found_at"))
    return _newest([words.where(_words.c.words.op("@@")(tsquery(sought))), *_named(sought)])


def recent_hits(sought: Sought, before: datetime | None) -> Subquery:
    """The same among the newest messages only (of those not after ``before``): cheap for words that are common.

    What it gives is the head of what ``hits`` gives, whole; it may be shorter.
    """
    window = select(_words.c.ticket_id, _words.c.at, _words.c.words)
    if before is not None:
        window = window.where(_words.c.at <= before)
    newest = window.order_by(_words.c.at.desc()).limit(WINDOW).cte("newest")
    edge = select(func.min(newest.c.at)).scalar_subquery()
    words = select(newest.c.ticket_id, newest.c.at.label("found_at")).where(newest.c.words.op("@@")(tsquery(sought)))
    parts = [words, *_named(sought)]
    return _newest([select(part.subquery()) for part in parts], edge)


def portions(sought: Sought, before: datetime | None) -> Iterator[Subquery]:
    """What to look through, one after the other, until a page is full: the newest messages, then all."""
    if sought.number is None and not sought.email:
        yield recent_hits(sought, before)
    yield hits(sought)


def said_after(sought: Sought, ticket_id: ColumnElement[int], at: datetime) -> ColumnElement[bool]:
    """Whether the ticket has a match newer than ``at``, so that it stood on an earlier page."""
    newer = select(_words.c.message_id).join(_messages, _messages.c.id == _words.c.message_id)
    newer = newer.where(_messages.c.ticket_id == ticket_id, _messages.c.at > at)
    return exists(newer.where(_words.c.words.op("@@")(tsquery(sought))))


def _newest(parts: Sequence[Select[Any]], edge: ColumnElement[Any] | None = None) -> Subquery:
    found = (union_all(*parts) if len(parts) > 1 else parts[0]).subquery("found")
    query = select(found.c.ticket_id, func.max(found.c.found_at).label("found_at")).group_by(found.c.ticket_id)
    return (query if edge is None else query.where(found.c.found_at > edge)).subquery("hits")


def _named(sought: Sought) -> list[Select[Any]]:
    """Tickets that are meant directly: by number, or by who asked."""
    parts: list[Select[Any]] = []
    if sought.number is not None:
        one = select(_tickets.c.id.label("ticket_id"), literal(NEVER).label("found_at"))
        parts.append(one.where(_tickets.c.id == sought.number))
    people = _people_sought(sought)
    if people is not None:
        who = select(_people.c.id).where(people).limit(MANY_PEOPLE)
        theirs = select(_tickets.c.id.label("ticket_id"), _tickets.c.received_at.label("found_at"))
        parts.append(theirs.where(_tickets.c.requester_id.in_(who)))
    return parts


def _people_sought(sought: Sought) -> ColumnElement[bool] | None:
    if sought.email:
        return _people.c.email.startswith(sought.email, autoescape=True)
    if sought.phones:
        return _people.c.phone.in_(sought.phones)
    if sought.name:
        # The distance of trigrams forgives an accent or a slip: «παπαδοπουλος» finds «Παπαδόπουλος».
        return literal(sought.name).op("<%", is_comparison=True)(_people.c.name)
    return None


def excerpts(sought: Sought, ticket_ids: Sequence[int]) -> dict[int, Markup]:
    """Of each ticket the newest message with the words, cut around them and marked; for shown rows only."""
    if not ticket_ids or sought.email or sought.phones:
        return {}
    query = tsquery(sought)
    newest = (
        select(_messages.c.ticket_id, _messages.c.text, _messages.c.reply_text)
        .join(_words, _words.c.message_id == _messages.c.id)
        .where(_messages.c.ticket_id.in_(ticket_ids), _words.c.words.op("@@")(query))
        .ext(distinct_on(_messages.c.ticket_id))
        .order_by(_messages.c.ticket_id, _messages.c.at.desc())
        .subquery("newest")
    )
    shown = func.left(func.coalesce(newest.c.reply_text, newest.c.text), 2000)
    rows = db.session.execute(select(newest.c.ticket_id, func.ts_headline("helpdesk", shown, query, _HEADLINE)))
    return {number: _marked(text) for number, text in rows}


def _marked(text: str) -> Markup:
    safe = str(escape(text)).replace(_BEGIN, "<mark>").replace(_END, "</mark>")
    return Markup(safe)  # noqa: S704 - escaped in the line above; only our own marks are added
