"""Files that came with messages: fetched from the carrier by a worker, looked at, kept here, deleted there."""

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Row, insert, text, update

from channels.carrier import Busy, Refused, Unknown
from channels.port import ChannelError
from helpdesk import events, kinds, storage
from helpdesk.db import db, end_reading, table, unit
from helpdesk.models.texts import TextMedia
from helpdesk.models.tickets import Attachment
from helpdesk.permissions import SYSTEM
from helpdesk.services import journal, scanning
from helpdesk.services.texts.looking import carrier_of

LARGEST = 16 * 1024 * 1024
TRIES = 8
KEPT, FAILED = "kept", "failed"
_ROWS = table(TextMedia)
_DUE = text("select * from text_media where due_at <= :at order by due_at limit 20")
_NAME = re.compile(r"[A-Za-z]{2}[0-9A-Za-z]{1,60}")
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", kinds.PDF: "pdf",
            "audio/ogg": "ogg", "audio/mpeg": "mp3", "video/mp4": "mp4", "text/vcard": "vcf"}  # fmt: skip


def work(at: datetime) -> int:
    """Fetches what is due; how many files that was."""
    rows = list(db.session.execute(_DUE, {"at": at}))
    end_reading()
    for row in rows:
        _fetch(row, at)
    return len(rows)


def _fetch(row: Row[Any], at: datetime) -> None:
    known = carrier_of(row.account_id)
    end_reading()
    if known is None:
        _settle(row, FAILED, "the number is out of use", at)
        return
    try:
        media = known[0].fetch_media(row.url, LARGEST)
    except (Busy, Unknown) as why:
        _again(row, str(why), at)
        return
    except Refused as why:
        _settle(row, FAILED, str(why), at)
        return
    _keep(row, media.data, media.content_type or row.content_type, at)
    name = urlsplit(row.url).path.rpartition("/")[2]
    if _NAME.fullmatch(name):
        try:
            known[0].delete_media(row.sid, name)
        except ChannelError:
            _note(row.id, "it still lies at the carrier")


@unit()
def _keep(row: Row[Any], data: bytes, said: str, at: datetime) -> None:
    kind = kinds.honest(said, data[: kinds.ENOUGH])
    told = {"message_id": row.message_id, "name": f"{row.id}.{_ENDINGS.get(kind, 'bin')}", "content_type": kind}
    told |= {"size": len(data), "sha256": storage.keep(data), "inline": False, "content_id": None}
    made = insert(table(Attachment)).values(**told).returning(table(Attachment).c.id)
    attachment_id = db.session.execute(made).scalar_one()
    scanning.expect([told["sha256"]], at)
    _end(row.id, KEPT, "", at)
    _tell(row, KEPT, at, int(attachment_id))


@unit()
def _settle(row: Row[Any], state: str, why: str, at: datetime) -> None:
    _end(row.id, state, why, at)
    _tell(row, state, at)


def _end(media_id: int, state: str, why: str, at: datetime) -> None:
    values = {"state": state, "detail": why[:200], "due_at": None, "settled_at": at}
    db.session.execute(update(_ROWS).where(_ROWS.c.id == media_id).values(**values))


def _tell(row: Row[Any], state: str, at: datetime, attachment_id: int | None = None) -> None:
    fact = events.MediaSettled(row.message_id, row.id, state, attachment_id)
    journal.record(row.ticket_id, fact, SYSTEM, at)


@unit()
def _again(row: Row[Any], why: str, at: datetime) -> None:
    """Later and later, then given up."""
    tried = row.attempts + 1
    if tried >= TRIES:
        _settle(row, FAILED, why, at)
        return
    values = {"attempts": tried, "detail": why[:200], "due_at": at + timedelta(seconds=15 * 2**tried)}
    db.session.execute(update(_ROWS).where(_ROWS.c.id == row.id).values(**values))


@unit()
def _note(media_id: int, why: str) -> None:
    db.session.execute(update(_ROWS).where(_ROWS.c.id == media_id).values(detail=why))
