"""What was said on a ticket, and on those merged into it: messages, notes, files, copies."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, BigInteger, BindParameter, Row, Select, bindparam, func, select

from helpdesk.db import db, table
from helpdesk.errors import NotFound
from helpdesk.models.people import Person
from helpdesk.models.tickets import Attachment, Message
from helpdesk.permissions import Actor
from helpdesk.services import family
from helpdesk.services.conversation.parts import Said
from helpdesk.vocabulary import Direction

_messages, _files, _people = table(Message), table(Attachment), table(Person)

NUMBER: BindParameter[int] = bindparam("number")
"""The ticket's number, in statements that are put together once: that costs more than to run them."""

_MERGED = func.any(bindparam("merged", type_=ARRAY(BigInteger)))


def said(number: int, merged: Sequence[int], limit: int | None) -> list[Said]:
    """The newest messages, oldest of them first, each with its files and copies."""
    given: dict[str, Any] = {"number": number}
    if merged:
        given["merged"] = list(merged)
    rows = db.session.execute(_newest(limit, bool(merged)), given).all()
    files = _by_message(db.session.execute(_files_of_all(bool(merged)), given), "message_id")
    copies = _by_message(db.session.execute(_copies(), given), "copy_of_id") if merged else {}
    return [
        Said(row, files.get(row.id, ()), copies.get(row.id, ()), row.ticket_id if row.ticket_id != number else None)
        for row in reversed(rows)
    ]


def _by_message(rows: Any, name: str) -> Mapping[int, Sequence[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def _here(merged: bool) -> Any:
    """On the ticket alone, in the order of its index; with others what was copied to them is left out."""
    own = _messages.c.ticket_id == NUMBER
    return own | ((_messages.c.ticket_id == _MERGED) & _messages.c.copy_of_id.is_(None)) if merged else own


@cache
def _newest(limit: int | None, merged: bool) -> Select[Any]:
    query = select(*_messages.c, _people.c.name.label("author"))
    query = query.outerjoin(_people, _people.c.id == _messages.c.author_id).where(_here(merged))
    return query.order_by(_messages.c.at.desc(), _messages.c.id.desc()).limit(limit)


@cache
def _files_of_all(merged: bool) -> Select[Any]:
    query = select(*_files.c).join(_messages, _messages.c.id == _files.c.message_id)
    return query.where(_here(merged)).order_by(_files.c.id)


@cache
def _copies() -> Select[Any]:
    names = ("copy_of_id", "ticket_id", "channel", "delivery_state", "delivery_at", "delivery_detail")
    query = select(*(_messages.c[name] for name in names))
    return query.where(_messages.c.ticket_id == _MERGED, _messages.c.copy_of_id.is_not(None)).order_by(_messages.c.id)


def attachment(actor: Actor, id_: int) -> Row[Any]:
    """A file of a ticket that the actor may read; raises NotFound."""
    query: Select[Any] = select(*_files.c, _messages.c.ticket_id)
    query = query.join(_messages, _messages.c.id == _files.c.message_id)
    row = db.session.execute(query.where(_files.c.id == id_)).one_or_none()
    if row is None or not family.may_read(actor, row.ticket_id):
        raise NotFound("There is no such file.")
    return row


def formatted(actor: Actor, id_: int) -> Row[Any]:
    """An inbound message with its cleaned HTML, of a ticket that the actor may read; raises NotFound without any."""
    shown = (_messages.c[name] for name in ("id", "ticket_id", "subject", "language", "html"))
    query: Select[Any] = select(*shown)
    query = query.where(_messages.c.id == id_, _messages.c.direction == Direction.INBOUND, _messages.c.html != "")
    row = db.session.execute(query).one_or_none()
    if row is None or not family.may_read(actor, row.ticket_id):
        raise NotFound("This message has no other look.")
    return row


def enclosed(message_id: int, content_ids: Iterable[str]) -> Sequence[Row[Any]]:
    """The files of a message that its own page names; who calls has checked that the reader may have them."""
    wanted = _files.c.content_id.in_(list(content_ids))
    return db.session.execute(select(*_files.c).where(_files.c.message_id == message_id, wanted)).all()
