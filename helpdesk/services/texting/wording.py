"""What a person may say in a short message: not too long, no links but our own; and by which way it goes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import Row, select, text

from channels import segments
from helpdesk.db import db, table
from helpdesk.errors import Invalid
from helpdesk.models.texts import TextTemplate
from helpdesk.services import accounts
from helpdesk.services.texting import limits, routes
from helpdesk.services.texting.routes import WHATSAPP, Ground, Way, Whom

_TEMPLATES = table(TextTemplate)
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>()]+", re.IGNORECASE)
_GAP = re.compile(r"\{\{\s*(\d{1,2})\s*\}\}")

WHY_NOT = {
    "no-address": "We know no address of this person on that channel.",
    "no-account": "The body has no number for that channel.",
    "declined": "They have asked for no messages by that channel.",
    "shut": "They have not written by WhatsApp for a day: only approved words may be sent.",
    "land-line": "A land line takes no messages.",
}


@dataclass(frozen=True)
class Chosen:
    """The words as they go, by which channel (empty: the first that is open), and approved ones by their name."""

    words: str
    by: str = ""
    content_sid: str = ""
    variables: tuple[str, ...] = ()


_PERSON = text("select email, phone from person where id = :id")


def whom(ticket: Any) -> Whom:
    """Who asked, of a ticket."""
    row = db.session.execute(_PERSON, {"id": ticket.requester_id}).one_or_none()
    return Whom(ticket.channel, ticket.department_id, row.email if row else None, row.phone if row else None)


def open_ways(ticket: Any, at: datetime) -> list[Way]:
    """Every way to who asked, also the closed ones; no statement in a body without short messages."""
    book = accounts.book()
    if not routes.texts_with(book) or ticket.requester_id is None:
        return []
    them = whom(ticket)
    return routes.ways(them, Ground.whole(book, them), at)


def choose(
    ticket: Any, words: str, at: datetime, *, by: str = "", template: int | None = None, values: Sequence[str] = ()
) -> Chosen:
    """Checks what a person writes against the way it would go. Raises Invalid that names the field."""
    ways = open_ways(ticket, at)
    if template is not None:
        return _approved(ticket, ways, template, values)
    if by:
        _require(by, ways)
    way = next((one for one in ways if not one.why_not and by in ("", one.kind)), None)
    if way is not None and way.is_text and not ticket.restricted:
        check(words)
    return Chosen(words, by)


def _require(by: str, ways: Sequence[Way]) -> None:
    way = next((one for one in ways if one.kind == by), None)
    if way is None and by == routes.EMAIL:
        return
    why = "no-account" if way is None else way.why_not
    if why:
        raise Invalid(WHY_NOT.get(why, "No message may be sent to that number."), fields={"by": f"not possible: {why}"})


def check(words: str) -> None:
    """The length in parts, and where its links lead. Raises Invalid."""
    most, parts = limits.limits().most_parts, segments.count(words).parts
    if parts > most:
        raise Invalid(
            "That is too long for a short message.", fields={"text": f"at most {most} parts, this has {parts}"}
        )
    ours = urlsplit(current_app.config["SETTINGS"].public_base_url).hostname
    for link in _LINK.findall(words):
        if urlsplit(link if "//" in link else f"https://{link}").hostname != ours:
            raise Invalid(
                "Short messages carry links to our own pages only: others look like fraud.",
                fields={"text": "links to our own pages only"},
            )


def templates(language: str = "") -> Sequence[Row[Any]]:
    """Approved words in use, of one language or all."""
    query = select(_TEMPLATES).where(_TEMPLATES.c.active)
    if language:
        query = query.where(_TEMPLATES.c.language == language)
    return db.session.execute(query.order_by(_TEMPLATES.c.id)).all()


def _approved(ticket: Any, ways: Sequence[Way], template: int, values: Sequence[str]) -> Chosen:
    row = db.session.execute(select(_TEMPLATES).where(_TEMPLATES.c.id == template, _TEMPLATES.c.active)).one_or_none()
    way = next((one for one in ways if one.kind == WHATSAPP), None)
    if row is None or way is None:
        raise Invalid("Choose words that are approved.", fields={"template": "one of the list"})
    if way.why_not not in ("", "shut"):
        _require(WHATSAPP, ways)
    given = tuple(" ".join(one.split()) for one in values)
    wanted = gaps(row.words)
    if len(given) < wanted or not all(given[:wanted]):
        raise Invalid("Fill in every gap.", fields={"values": f"{wanted} to fill in"})
    filled = given[:wanted]
    return Chosen(fill(row.words, filled), WHATSAPP, row.content_sid, filled)


def gaps(words: str) -> int:
    """How many are to be filled in."""
    return max((int(one) for one in _GAP.findall(words)), default=0)


def fill(words: str, values: Sequence[str]) -> str:
    """The words with their gaps filled in."""
    known: Mapping[str, str] = {str(n): value for n, value in enumerate(values, 1)}
    return _GAP.sub(lambda found: known.get(found[1], ""), words)
