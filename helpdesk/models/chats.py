"""Conversations by chat, their lines, the places where a chat is embedded, and who is kept out."""

from datetime import datetime

from sqlalchemy import ARRAY, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Json, Key, Moment, Texts


class Chat(Base):
    """A conversation by chat. ``seq`` is the number of its newest line; ``ticket_id`` its request, once it is one.

    The citizen's token stands here as a hash only, like ``visitor``, where they come from. How to reach them stands
    here until there is a request, which knows it then. ``bot`` is what the bot keeps of it. At ``ask_at`` who waits is
    asked whether they wait on; ``warned_at``: since then it is asked whether the citizen is still there.
    """

    __tablename__ = "chat"
    __table_args__ = (
        Index("chat_queue_idx", "department_id", "queued_at", postgresql_where=text("state = 'queued'")),
        Index("chat_agent_idx", "agent_id", postgresql_where=text("state = 'active'")),
        Index("chat_open_idx", "state", postgresql_where=text("state in ('bot', 'queued', 'active', 'paused')")),
        Index("chat_ticket_idx", "ticket_id", postgresql_where=text("ticket_id is not null")),
        Index("chat_visitor_idx", "visitor", "opened_at"),
        Index("chat_opened_idx", "opened_at"),
    )

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    language: Mapped[str]
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    widget_id: Mapped[int | None] = mapped_column(ForeignKey("chat_widget.id"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("staff.person_id"))
    last_agent_id: Mapped[int | None] = mapped_column(ForeignKey("staff.person_id"))
    name: Mapped[str] = mapped_column(default="", server_default="")
    email: Mapped[str] = mapped_column(default="", server_default="")
    phone: Mapped[str] = mapped_column(default="", server_default="")
    proven: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    visitor: Mapped[str] = mapped_column(default="", server_default="")
    seq: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    citizen_read: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    agent_read: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    bot: Mapped[Json] = mapped_column(default=dict, server_default="{}")
    opened_at: Mapped[Moment]
    changed_at: Mapped[Moment]
    handed_over_at: Mapped[datetime | None]
    queued_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    citizen_seen_at: Mapped[Moment]
    agent_seen_at: Mapped[datetime | None]
    ask_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]


class ChatLine(Base):
    """One line. Its words stand in the request's message as soon as there is one, and only there.

    ``client_id`` is the sender's own name for it: sent again, it is the same line. ``code`` and ``data`` are what the
    house tells, and the bot's choices and sources.
    """

    __tablename__ = "chat_line"
    __table_args__ = (
        Index(
            "chat_line_client_key", "chat_id", "client_id", unique=True,
            postgresql_where=text("client_id is not null"),
        ),
        Index("chat_line_message_idx", "message_id", postgresql_where=text("message_id is not null")),
    )  # fmt: skip

    chat_id: Mapped[int] = mapped_column(
        ForeignKey("chat.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    author: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    client_id: Mapped[str | None]
    code: Mapped[str] = mapped_column(default="", server_default="")
    text: Mapped[str] = mapped_column(default="", server_default="")
    data: Mapped[Json] = mapped_column(default=dict, server_default="{}")
    at: Mapped[Moment]


class ChatWidget(Base):
    """A place on another site of the body where the chat is embedded; ``origins`` are the sites that may do so.

    ``secret`` (encrypted) proves who is signed in there; with ``identity_required`` nobody else is let in.
    """

    __tablename__ = "chat_widget"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    names: Mapped[Texts]
    origins: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    secret: Mapped[str | None]
    identity_required: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    colour: Mapped[str] = mapped_column(default="", server_default="")
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    changed_at: Mapped[Moment]


class ChatBlock(Base):
    """Somebody who may not open conversations for a while, by where they come from, and why."""

    __tablename__ = "chat_block"
    __table_args__ = (Index("chat_block_visitor_idx", "visitor", "until"),)

    id: Mapped[Key]
    visitor: Mapped[str]
    chat_id: Mapped[int | None] = mapped_column(ForeignKey("chat.id", ondelete="SET NULL"))
    reason: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.person_id"))
    at: Mapped[Moment]
    until: Mapped[Moment]
