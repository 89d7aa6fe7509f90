"""Short messages: numbers we speak with, ours at the carrier, its reports, files that lie there, approved words."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Key, Moment, Texts


class TextContact(Base):
    """A citizen's number on one channel: about which request we spoke last, and whether we may write to it.

    ``account_id`` is the number of ours they wrote to. Free words on WhatsApp may be sent for a day after
    ``heard_at``, unless the carrier said since ``shut_at`` that it is over. ``declined_at``: they want none by this
    channel (``declined_how``: citizen, carrier, staff).
    """

    __tablename__ = "text_contact"
    __table_args__ = (
        Index("text_contact_ticket_idx", "ticket_id"),
        Index("text_contact_declined_idx", "declined_at", postgresql_where=text("declined_at is not null")),
    )

    kind: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("channel_account.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    spoken_at: Mapped[Moment]
    heard_at: Mapped[datetime | None]
    shut_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    declined_how: Mapped[str] = mapped_column(default="", server_default="")


class TextMessage(Base):
    """A row of the outbox that went to a carrier. It is written before the carrier is asked, so that one who dies in
    between is known to have asked. ``state`` is the carrier's word, ``rank`` rises with it and never falls.

    ``look_at``: when we ask the carrier by ourselves; ``looks``: how often we have.
    """

    __tablename__ = "text_message"
    __table_args__ = (
        Index("text_message_number_idx", "number", "asked_at"),
        Index("text_message_asked_idx", "asked_at"),
        Index("text_message_look_idx", "look_at", postgresql_where=text("look_at is not null")),
    )

    outbound_id: Mapped[int] = mapped_column(
        ForeignKey("outbound.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    kind: Mapped[str]
    number: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    sid: Mapped[str | None] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="asked", server_default="asked")
    rank: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    error: Mapped[str] = mapped_column(default="", server_default="")
    parts: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    asked_at: Mapped[Moment]
    changed_at: Mapped[Moment]
    look_at: Mapped[datetime | None]
    looks: Mapped[int] = mapped_column(default=0, server_default=text("0"))


class TextReport(Base):
    """A report of the carrier about a message of ours as it came, once each; ``applied_at`` null: not known yet."""

    __tablename__ = "text_report"
    __table_args__ = (
        UniqueConstraint("account_id", "sid", "state"),
        Index("text_report_parked_idx", "at", postgresql_where=text("applied_at is null")),
        Index("text_report_at_idx", "at"),
    )

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    sid: Mapped[str]
    key: Mapped[str] = mapped_column(default="", server_default="")
    state: Mapped[str]
    rank: Mapped[int]
    error: Mapped[str] = mapped_column(default="", server_default="")
    at: Mapped[Moment]
    applied_at: Mapped[datetime | None]


class TextMedia(Base):
    """A file that came with a message and lies at the carrier until it is here."""

    __tablename__ = "text_media"
    __table_args__ = (
        Index("text_media_due_idx", "due_at", postgresql_where=text("due_at is not null")),
        Index("text_media_message_idx", "message_id"),
    )

    id: Mapped[Key]
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    sid: Mapped[str]
    url: Mapped[str]
    content_type: Mapped[str] = mapped_column(default="", server_default="")
    state: Mapped[str] = mapped_column(default="expected", server_default="expected")
    attempts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    due_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    detail: Mapped[str] = mapped_column(default="", server_default="")


class TextTemplate(Base):
    """Words that WhatsApp has approved: may be sent when nobody has written for a day. ``content_sid`` is the
    carrier's name for them, ``words`` how they read, with ``{{1}}`` and so on for what is filled in.
    """

    __tablename__ = "text_template"

    id: Mapped[Key]
    names: Mapped[Texts]
    language: Mapped[str]
    content_sid: Mapped[str] = mapped_column(unique=True)
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    changed_at: Mapped[Moment]
    words: Mapped[str]
