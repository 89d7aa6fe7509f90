"""What was said and what happened on a ticket, as records: messages, files, facts of the journal."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select

from helpdesk.db import db, table
from helpdesk.errors import NotFound
from helpdesk.models.people import Person
from helpdesk.models.tickets import Attachment, Message
from helpdesk.permissions import Actor
from helpdesk.services import family, journal
from helpdesk.services.records import cursors
from helpdesk.services.records.people import CONTACT, contact
from helpdesk.services.records.tickets import require

_messages, _files, _people = table(Message), table(Attachment), table(Person)
_FILE = ("id", "name", "content_type", "size", "sha256", "inline")


def messages(actor: Actor, number: int, cursor: str | None, limit: int) -> tuple[list[dict[str, Any]], str | None]:
    """A part of what was said on a ticket and on those merged into it, oldest first."""
    require(actor, number)
    last = cursors.read(cursor, int)[0] if cursor else 0
    query = _said().where(_on(number), _messages.c.id > last)
    rows = db.session.execute(query.order_by(_messages.c.id).limit(limit + 1)).all()
    more = cursors.write([rows[limit - 1].id]) if len(rows) > limit else None
    return _records(rows[:limit]), more


def _on(number: int) -> ColumnElement[bool]:
    """What stands on the ticket; of merged ones not what was copied to them from here."""
    merged = family.merged_into(number)
    own = _messages.c.ticket_id == number
    return or_(own, _messages.c.ticket_id.in_(merged) & _messages.c.copy_of_id.is_(None)) if merged else own


def message(message_id: int) -> dict[str, Any]:
    """One message, for whoever just wrote it."""
    return _records([db.session.execute(_said().where(_messages.c.id == message_id)).one()])[0]


def _said() -> Select[Any]:
    query = select(_messages, *(_people.c[name].label(f"author_{name}_") for name in CONTACT))
    return query.outerjoin(_people, _people.c.id == _messages.c.author_id)


def _records(rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    files = _files_of([row.id for row in rows])
    return [_record(row, files.get(row.id, [])) for row in rows]


def _record(row: Row[Any], files: list[dict[str, Any]]) -> dict[str, Any]:
    state = {"state": row.delivery_state, "at": row.delivery_at, "detail": row.delivery_detail}
    return {
        **{name: getattr(row, name) for name in ("id", "direction", "audience", "channel", "at", "text", "html")},
        "ticket": str(row.ticket_id),
        "author": contact(row, "author"),
        "reply_text": row.text if row.reply_text is None else row.reply_text,
        "attachments": files,
        "delivery": state if row.delivery_state else None,
        "automatic": row.automatic is not None,
    }


def _files_of(message_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    query = select(_files).where(_files.c.message_id.in_(message_ids)).order_by(_files.c.id)
    found: dict[int, list[dict[str, Any]]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.message_id, []).append({name: getattr(row, name) for name in _FILE})
    return found


def attachment(actor: Actor, file_id: int) -> Row[Any]:
    """A file of a ticket that the actor may read, as the row that serves it; raises NotFound."""
    query = select(_files, _messages.c.ticket_id).join(_messages, _messages.c.id == _files.c.message_id)
    row = db.session.execute(query.where(_files.c.id == file_id)).one_or_none()
    if row is None or not family.may_read(actor, row.ticket_id):
        raise NotFound("There is no such attachment.")
    return row


def events(actor: Actor, number: int, cursor: str | None, limit: int) -> tuple[list[dict[str, Any]], str | None]:
    """A part of a ticket's journal, oldest first."""
    require(actor, number)
    found, more = cursors.part(journal.of(number), lambda fact: fact.id or 0, cursor, limit)
    return [_fact(fact) for fact in found], more


def _fact(fact: journal.Recorded) -> dict[str, Any]:
    actor = {"kind": fact.actor_kind, "id": fact.actor_id}
    return {"id": fact.id, "type": fact.type, "at": fact.at, "actor": actor, "data": fact.event.data()}
