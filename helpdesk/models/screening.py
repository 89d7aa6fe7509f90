"""What keeps abuse out: lists of senders, marks of what came lately, the breaker, and what a virus scanner said."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Key, Moment


class SenderRule(Base):
    """An address or a domain (``@example.org``) that is always let in, or never."""

    __tablename__ = "sender_rule"

    id: Mapped[Key]
    pattern: Mapped[str] = mapped_column(unique=True)
    verdict: Mapped[str]
    note: Mapped[str] = mapped_column(default="", server_default="")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[Moment]


class ArrivalMark(Base):
    """That something came from a sender, a domain or under a subject; each only as a keyed hash, for a day."""

    __tablename__ = "arrival_mark"
    __table_args__ = (Index("arrival_mark_idx", "mark", "at"), Index("arrival_mark_at_idx", "at"))

    id: Mapped[Key]
    mark: Mapped[str]
    at: Mapped[Moment]


class Breaker(Base):
    """Something that was switched off by itself, until a person looks; ``reset_at`` null: still off."""

    __tablename__ = "breaker"
    __table_args__ = (Index("breaker_open_idx", "name", unique=True, postgresql_where=text("reset_at is null")),)

    id: Mapped[Key]
    name: Mapped[str]
    reason: Mapped[str]
    tripped_at: Mapped[Moment]
    reset_at: Mapped[datetime | None]
    reset_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    told: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")


class FileScan(Base):
    """What a virus scanner said of bytes, by their SHA-256: ``clean``, ``infected``, or null (still to be asked)."""

    __tablename__ = "file_scan"
    __table_args__ = (Index("file_scan_waiting_idx", "asked_at", postgresql_where=text("verdict is null")),)

    sha256: Mapped[str] = mapped_column(primary_key=True)
    verdict: Mapped[str | None]
    found: Mapped[str] = mapped_column(default="", server_default="")
    asked_at: Mapped[Moment]
