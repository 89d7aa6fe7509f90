"""ChannelAccount, Mailbox (what we read), Inbound (raw, as received) and Outbound (the outbox)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Json, Key, Moment


class ChannelAccount(Base):
    """One of our addresses on a channel. ``secrets`` is encrypted JSON (MultiFernet)."""

    __tablename__ = "channel_account"
    __table_args__ = (UniqueConstraint("kind", "address"),)

    id: Mapped[Key]
    kind: Mapped[str]
    address: Mapped[str]
    name: Mapped[str] = mapped_column(default="", server_default="")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    settings: Mapped[Json] = mapped_column(default=dict, server_default="{}")
    secrets: Mapped[bytes | None] = mapped_column(LargeBinary)
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    is_default: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class Mailbox(Base):
    """A folder that we ask for mail: how far it was read, and how that went last.

    ``cursor`` is the channel's own; ``behind`` counts what lay there and was not brought yet at the last look.
    """

    __tablename__ = "mailbox"

    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"), primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    cursor: Mapped[Json] = mapped_column(default=dict, server_default="{}")
    tried_at: Mapped[datetime | None]
    succeeded_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    behind: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    error: Mapped[str | None]


class Inbound(Base):
    """A raw message, kept before anyone tries to understand it; once per (account, external id).

    ``outcome`` says what became of a processed one, ``reason`` why one is held or was discarded; ``cleared``
    means that a person looked at it and lets it pass. Large bytes stand in storage under the SHA-256 ``stored``.
    """

    __tablename__ = "inbound"
    __table_args__ = (
        UniqueConstraint("account_id", "external_id"),
        Index("inbound_kept_idx", "due_at", "id", postgresql_where=text("state = 'kept'")),
        Index("inbound_unreadable_idx", "id", postgresql_where=text("state = 'unreadable'")),
        Index("inbound_held_idx", "id", postgresql_where=text("state = 'held'")),
        Index("inbound_received_idx", "received_at"),
        Index("inbound_forget_idx", "processed_at", postgresql_where=text("raw is not null or stored is not null")),
        Index("inbound_processed_idx", "processed_at", postgresql_where=text("processed_at is not null")),
    )

    id: Mapped[Key]
    kind: Mapped[str]
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    external_id: Mapped[str]
    raw: Mapped[bytes | None] = mapped_column(LargeBinary)
    envelope: Mapped[Json] = mapped_column(default=dict, server_default="{}")
    received_at: Mapped[Moment]
    state: Mapped[str] = mapped_column(default="kept", server_default="kept")
    due_at: Mapped[Moment]
    attempts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    processed_at: Mapped[datetime | None]
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    error: Mapped[str | None]
    outcome: Mapped[str | None]
    reason: Mapped[str | None]
    cleared: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    stored: Mapped[str | None]


class Outbound(Base):
    """One outgoing thing, put in the transaction that caused it, claimed before it is sent.

    ``external_id`` (the Message-ID) is minted when the row is put: a repeated send carries the same.
    ``payload`` is what the channel needs: to, subject, text, html, references, reply_to, attachments.
    """

    __tablename__ = "outbound"
    __table_args__ = (
        Index("outbound_due_idx", "due_at", "id", postgresql_where=text("state = 'waiting'")),
        Index("outbound_claimed_idx", "claimed_at", postgresql_where=text("state = 'sending'")),
        Index("outbound_settled_badly_idx", "id", postgresql_where=text("state in ('refused', 'unknown')")),
        Index("outbound_told_idx", "created_at", postgresql_where=text("ticket_id is not null")),
        Index("outbound_held_idx", "id", postgresql_where=text("state = 'held'")),
        Index("outbound_forget_idx", "settled_at", postgresql_where=text("payload <> '{}'")),
    )

    id: Mapped[Key]
    kind: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("channel_account.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    external_id: Mapped[str] = mapped_column(unique=True)
    template: Mapped[str] = mapped_column(default="", server_default="")
    automatic: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    payload: Mapped[Json]
    state: Mapped[str] = mapped_column(default="waiting", server_default="waiting")
    created_at: Mapped[Moment]
    due_at: Mapped[Moment]
    claimed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    detail: Mapped[str | None]
