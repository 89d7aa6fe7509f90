"""Conversations by chat: their lines, the places that embed one, and who is kept out."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Four tables, empty at first."""
    _widgets()
    _chats()
    _lines()
    _blocks()


def _moment(name: str, *, needed: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed)


def _number(name: str, default: str | None = None, *, needed: bool = False) -> sa.Column[object]:
    standing = sa.text(default) if default else None
    return sa.Column(name, sa.BigInteger(), server_default=standing, nullable=not (needed or default))


def _words(name: str, default: str | None = None, *, needed: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=not needed)


def _identity() -> sa.Column[object]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _yes(name: str, default: str) -> sa.Column[object]:
    return sa.Column(name, sa.Boolean(), server_default=sa.text(default), nullable=False)


def _json(name: str, default: str | None = "{}") -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(astext_type=sa.Text()), server_default=default, nullable=False)


def _to(of: str, column: str, target: str, **more: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"{of}_{column}_fkey"), **more)  # type: ignore[arg-type]


def _key(of: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"{of}_pkey"))


def _one_of_each(of: str, column: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(column, name=op.f(f"{of}_{column}_key"))


def _widgets() -> None:
    op.create_table(
        "chat_widget",
        _identity(),
        _words("key"),
        _json("names", None),
        sa.Column("origins", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        _number("department_id"),
        _words("secret", needed=False),
        _yes("identity_required", "false"),
        _words("colour", ""),
        _yes("active", "true"),
        _moment("changed_at", needed=True),
        _to("chat_widget", "department_id", "department.id"),
        _key("chat_widget", "id"),
        _one_of_each("chat_widget", "key"),
    )


_CHAT_POINTS = {
    "ticket_id": "ticket.id", "department_id": "department.id", "service_id": "service.id",
    "widget_id": "chat_widget.id", "agent_id": "staff.person_id", "last_agent_id": "staff.person_id",
}  # fmt: skip


def _chats() -> None:
    op.create_table(
        "chat",
        _identity(),
        *map(_words, ("token_hash", "state", "language")),
        *map(_number, _CHAT_POINTS),
        *(_words(name, "") for name in ("name", "email", "phone")),
        _yes("proven", "false"),
        _words("visitor", ""),
        *(_number(name, "0") for name in ("seq", "citizen_read", "agent_read")),
        _json("bot"),
        *(_moment(name, needed=True) for name in ("opened_at", "changed_at")),
        *map(_moment, ("handed_over_at", "queued_at", "accepted_at", "ended_at")),
        _moment("citizen_seen_at", needed=True),
        _moment("agent_seen_at"),
        *(_to("chat", column, target) for column, target in _CHAT_POINTS.items()),
        _key("chat", "id"),
        _one_of_each("chat", "token_hash"),
    )
    for name, columns, which in (
        ("queue", ["department_id", "queued_at"], "state = 'queued'"),
        ("agent", ["agent_id"], "state = 'active'"),
        ("open", ["state"], "state in ('bot', 'queued', 'active', 'paused')"),
        ("ticket", ["ticket_id"], "ticket_id is not null"),
    ):
        op.create_index(f"chat_{name}_idx", "chat", columns, postgresql_where=sa.text(which))
    op.create_index("chat_visitor_idx", "chat", ["visitor", "opened_at"])
    op.create_index("chat_opened_idx", "chat", ["opened_at"])


def _lines() -> None:
    name = "chat_line"
    op.create_table(
        name,
        *(sa.Column(own, sa.BigInteger(), autoincrement=False, nullable=False) for own in ("chat_id", "seq")),
        _words("author"),
        _number("person_id"),
        _number("message_id"),
        _words("client_id", needed=False),
        _words("code", ""),
        _words("text", ""),
        _json("data"),
        _moment("at", needed=True),
        _to(name, "chat_id", "chat.id", ondelete="CASCADE"),
        _to(name, "person_id", "person.id"),
        _to(name, "message_id", "message.id"),
        _key(name, "chat_id", "seq"),
    )
    known = sa.text("client_id is not null")
    op.create_index("chat_line_client_key", name, ["chat_id", "client_id"], unique=True, postgresql_where=known)
    op.create_index("chat_line_message_idx", name, ["message_id"], postgresql_where=sa.text("message_id is not null"))


def _blocks() -> None:
    op.create_table(
        "chat_block",
        _identity(),
        _words("visitor"),
        _number("chat_id"),
        _words("reason"),
        _number("by_id", needed=True),
        _moment("at", needed=True),
        _moment("until", needed=True),
        _to("chat_block", "chat_id", "chat.id", ondelete="SET NULL"),
        _to("chat_block", "by_id", "staff.person_id"),
        _key("chat_block", "id"),
    )
    op.create_index("chat_block_visitor_idx", "chat_block", ["visitor", "until"])
