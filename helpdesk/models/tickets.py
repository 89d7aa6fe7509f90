"""Ticket, Message, Attachment, Link and the search words of messages."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Computed,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, Json, Key, Moment
from helpdesk.models.people import Person

QUEUE_PLACE = "case when major then '1970-01-01 00:00:00+00'::timestamptz else next_due_at end"
_OPEN = text("is_open")
_OPEN_UNASSIGNED = text("is_open and assignee_id is null")
_INCIDENT = text("type = 'incident'")
_WAITING = text("status in ('waiting_requester', 'waiting_supplier', 'waiting_internal', 'scheduled')")


class Ticket(Base):
    """One record of one request. ``id`` is the number people use; it begins at 100001.

    ``next_due_at`` caches the earliest running clock's due moment (``clock.NEVER`` when none runs), so
    that the queue is one ordered index scan; ``queue_at`` is its place there: the same, but before all others for a
    major incident. ``version`` makes a stale change visible. A merged ticket names
    the one it was merged into and the ``survivor`` it ended on, which differ where that one was merged too.
    ``owner_by_default``: nobody has worked on it yet, so the department's own case owner answers for it. ``silent_at``
    is when the clock looks whether it has gone silent; ``escalation_told`` the highest level its citizen was told of.
    ``complained_of`` are the members of staff whom it is about: they know nothing of it. ``opening_category_id`` is
    the category it opened with, which later ones leave as it was.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ticket_open_idx", "queue_at", "id", postgresql_where=_OPEN),
        Index("ticket_open_department_idx", "department_id", "queue_at", "id", postgresql_where=_OPEN),
        Index("ticket_open_assignee_idx", "assignee_id", "queue_at", "id", postgresql_where=_OPEN),
        Index("ticket_open_owner_idx", "owner_id", "queue_at", "id", postgresql_where=_OPEN),
        Index("ticket_silent_idx", "silent_at", postgresql_where=_OPEN),
        Index("ticket_open_free_idx", "department_id", "queue_at", "id", postgresql_where=_OPEN_UNASSIGNED),
        Index("ticket_waiting_department_idx", "department_id", "queue_at", "id", postgresql_where=_WAITING),
        Index("ticket_incident_idx", "service_id", "received_at", postgresql_where=_INCIDENT),
        Index("ticket_resolved_idx", "resolved_at", postgresql_where=text("status = 'resolved'")),
        Index("ticket_waiting_idx", "waiting_until", postgresql_where=text("waiting_until is not null")),
        Index("ticket_received_idx", "received_at", "id"),
        Index("ticket_department_received_idx", "department_id", "received_at"),
        Index("ticket_resolved_at_idx", "resolved_at", postgresql_where=text("resolved_at is not null")),
        Index("ticket_requester_idx", "requester_id", "id"),
        Index("ticket_assignee_idx", "assignee_id", "id", postgresql_where=text("assignee_id is not null")),
        Index(
            "ticket_complained_of_idx",
            "complained_of",
            postgresql_using="gin",
            postgresql_where=text("complained_of is not null"),
        ),
        Index("ticket_survivor_idx", "survivor_id", postgresql_where=text("survivor_id is not null")),
        Index("ticket_subject_words", "subject", postgresql_using="gin", postgresql_ops={"subject": "gin_trgm_ops"}),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=False, start=100_001), primary_key=True)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    protocol_number: Mapped[str | None] = mapped_column(unique=True)
    type: Mapped[str]
    status: Mapped[str]
    is_open: Mapped[bool] = mapped_column(
        Boolean, Computed("status not in ('resolved', 'closed', 'cancelled', 'merged')", persisted=True)
    )
    waiting_reason: Mapped[str | None]
    waiting_until: Mapped[datetime | None]
    channel: Mapped[str]
    subject: Mapped[str]
    language: Mapped[str]
    requester_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    opening_category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer_body.id"))
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("supplier.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    owner_by_default: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    impact: Mapped[str]
    urgency: Mapped[str]
    priority: Mapped[str]
    priority_reason: Mapped[str] = mapped_column(default="", server_default="")
    routing: Mapped[Json] = mapped_column(default=dict, server_default="{}")
    escalation_level: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    escalation_told: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    silent_at: Mapped[datetime | None]
    major: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    restricted: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    complained_of: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    automatic: Mapped[str | None]
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    form: Mapped[Json] = mapped_column(default=dict, server_default="{}")
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("rulebook.id"))
    matrix_id: Mapped[int | None] = mapped_column(ForeignKey("rulebook.id"))
    received_at: Mapped[Moment]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    acknowledged_at: Mapped[datetime | None]
    first_response_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    resolution_code: Mapped[str | None]
    resolution_text: Mapped[str | None]
    root_cause: Mapped[str | None]
    workaround_used: Mapped[bool | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    forwarded_to: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    incomplete_since: Mapped[datetime | None]
    extended_days: Mapped[int | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    survivor_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    reopened: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    tracking_version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    next_due_at: Mapped[Moment]
    queue_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), Computed(QUEUE_PLACE, persisted=True), nullable=False
    )

    requester: Mapped[Person | None] = relationship(foreign_keys=[requester_id], lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Message(Base):
    """One thing said on a ticket. ``reply_text`` is the new part, null where it equals ``text``.

    ``copy_of_id``: what was said on a surviving ticket, as it went to who asked in one merged into it.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("message_ticket_idx", "ticket_id", "at", "id"),
        Index("message_copy_idx", "copy_of_id", postgresql_where=text("copy_of_id is not null")),
        Index("message_external_idx", "external_id", postgresql_where=text("external_id is not null")),
        Index(
            "message_undelivered_idx",
            "ticket_id",
            postgresql_where=text("delivery_state in ('refused', 'unknown', 'bounced')"),
        ),
    )

    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    direction: Mapped[str]
    audience: Mapped[str]
    channel: Mapped[str]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[Moment]
    subject: Mapped[str] = mapped_column(default="", server_default="")
    text: Mapped[str]
    html: Mapped[str | None]
    reply_text: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="", server_default="")
    automatic: Mapped[str | None]
    copy_of_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    external_id: Mapped[str | None]
    inbound_id: Mapped[int | None] = mapped_column(ForeignKey("inbound.id", ondelete="SET NULL"), index=True)
    authentication: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    warnings: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    delivery_state: Mapped[str | None]
    delivery_at: Mapped[datetime | None]
    delivery_detail: Mapped[str | None]


class MessageWords(Base):
    """The words of a message for full-text search: narrow, so that newest-first stays cheap."""

    __tablename__ = "message_words"
    __table_args__ = (
        Index("message_words_idx", "words", postgresql_using="gin"),
        Index("message_words_at_idx", "at"),
    )

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    ticket_id: Mapped[int]
    at: Mapped[Moment]
    words: Mapped[str] = mapped_column(TSVECTOR)


class Attachment(Base):
    """A file of a message; its bytes stand in storage under the SHA-256."""

    __tablename__ = "attachment"

    id: Mapped[Key]
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    name: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(index=True)
    inline: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    content_id: Mapped[str | None]


class Participant(Base):
    """Somebody who takes part in a ticket's conversation beside the requester."""

    __tablename__ = "participant"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    added_at: Mapped[Moment]


class Link(Base):
    """Two tickets that belong together: ``related`` (perhaps), ``follow_up``, ``duplicate``, ``merged``."""

    __tablename__ = "link"
    __table_args__ = (UniqueConstraint("from_id", "to_id", "kind"),)

    id: Mapped[Key]
    kind: Mapped[str]
    from_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    at: Mapped[Moment]
