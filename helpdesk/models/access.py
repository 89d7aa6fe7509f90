"""How people get in: sessions, tokens, resets, counted failures, idempotency keys. Secrets only as hashes."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Json, Key, Moment


class LoginSession(Base):
    """One signed-in browser; revocable, re-checked by every request and live stream."""

    __tablename__ = "login_session"

    id: Mapped[Key]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[Moment]
    seen_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    revoked_at: Mapped[datetime | None]
    browser: Mapped[str] = mapped_column(default="", server_default="")


class ApiToken(Base):
    """A token that acts as a named person, shown once."""

    __tablename__ = "api_token"

    id: Mapped[Key]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    created_at: Mapped[Moment]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class PasswordReset(Base):
    """An e-mailed link that sets a new password once."""

    __tablename__ = "password_reset"

    id: Mapped[Key]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    used_at: Mapped[datetime | None]


class Failure(Base):
    """Failed tries of a secret, counted per (what, address): they delay, they never lock."""

    __tablename__ = "failure"
    __table_args__ = (UniqueConstraint("what", "address"),)

    id: Mapped[Key]
    what: Mapped[bytes]
    address: Mapped[bytes]
    count: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[Moment]


class IdempotencyKey(Base):
    """A POST told once: the same key gives the same answer for 24 hours."""

    __tablename__ = "idempotency_key"
    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        Index("idempotency_key_created_at_idx", "created_at"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str]
    request_hash: Mapped[bytes]
    created_at: Mapped[Moment]
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    body: Mapped[bytes | None]


class FormReceipt(Base):
    """A citizen's form told once: the form's own random key gives the same number again."""

    __tablename__ = "form_receipt"

    key: Mapped[bytes] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    created_at: Mapped[Moment] = mapped_column(index=True)


class FormDraft(Base):
    """A form somebody goes on with later, found by a random word of which only the hash is kept.

    ``service`` is a service's key, empty for none; ``mailed`` counts how often its link was sent.
    """

    __tablename__ = "form_draft"

    id: Mapped[Key]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    service: Mapped[str] = mapped_column(default="", server_default="")
    data: Mapped[Json]
    created_at: Mapped[Moment]
    saved_at: Mapped[Moment]
    expires_at: Mapped[Moment] = mapped_column(index=True)
    mailed: Mapped[int] = mapped_column(default=0, server_default=text("0"))


class SentAutomatically(Base):
    """Automatic mails to one address on one day: a hard cap against loops."""

    __tablename__ = "sent_automatically"

    address: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(server_default=text("0"))
