"""Short messages: numbers we speak with, ours at the carrier, its reports, files that lie there, approved words."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Five tables, empty at first."""
    _contacts()
    _messages()
    _reports()
    _media()
    _templates()


def _moment(name: str, *, needed: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed)


def _number(name: str, default: str | None = None, *, needed: bool = False) -> sa.Column[object]:
    standing = sa.text(default) if default else None
    return sa.Column(name, sa.BigInteger(), server_default=standing, nullable=not (needed or default))


def _words(name: str, default: str | None = None, *, needed: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=not needed)


def _identity() -> sa.Column[object]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _to(of: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"{of}_{column}_fkey"), ondelete=ondelete)


def _key(of: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*(columns or ("id",)), name=op.f(f"{of}_pkey"))


def _unique(of: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"{of}_{'_'.join(columns)}_key"))


def _where(name: str, of: str, column: str, where: str) -> None:
    op.create_index(name, of, [column], postgresql_where=sa.text(where))


def _contacts() -> None:
    op.create_table(
        "text_contact",
        _words("kind"),
        _words("number"),
        _number("account_id"),
        _number("ticket_id"),
        _moment("spoken_at", needed=True),
        _moment("heard_at"),
        _moment("shut_at"),
        _moment("declined_at"),
        _words("declined_how", ""),
        _to("text_contact", "account_id", "channel_account.id"),
        _to("text_contact", "ticket_id", "ticket.id"),
        _key("text_contact", "kind", "number"),
    )
    op.create_index("text_contact_ticket_idx", "text_contact", ["ticket_id"])
    _where("text_contact_declined_idx", "text_contact", "declined_at", "declined_at is not null")


def _messages() -> None:
    op.create_table(
        "text_message",
        _number("outbound_id", needed=True),
        _number("account_id", needed=True),
        _words("kind"),
        _words("number"),
        _words("key"),
        _words("sid", needed=False),
        _words("state", "asked"),
        _number("rank", "0"),
        _words("error", ""),
        _number("parts", "1"),
        _moment("asked_at", needed=True),
        _moment("changed_at", needed=True),
        _moment("look_at"),
        _number("looks", "0"),
        _to("text_message", "outbound_id", "outbound.id", "CASCADE"),
        _to("text_message", "account_id", "channel_account.id"),
        _key("text_message", "outbound_id"),
        _unique("text_message", "key"),
        _unique("text_message", "sid"),
    )
    op.create_index("text_message_number_idx", "text_message", ["number", "asked_at"])
    op.create_index("text_message_asked_idx", "text_message", ["asked_at"])
    _where("text_message_look_idx", "text_message", "look_at", "look_at is not null")


def _reports() -> None:
    op.create_table(
        "text_report",
        _identity(),
        _number("account_id", needed=True),
        _words("sid"),
        _words("key", ""),
        _words("state"),
        _number("rank", needed=True),
        _words("error", ""),
        _moment("at", needed=True),
        _moment("applied_at"),
        _to("text_report", "account_id", "channel_account.id"),
        _key("text_report"),
        _unique("text_report", "account_id", "sid", "state"),
    )
    op.create_index("text_report_at_idx", "text_report", ["at"])
    _where("text_report_parked_idx", "text_report", "at", "applied_at is null")


def _media() -> None:
    op.create_table(
        "text_media",
        _identity(),
        _number("message_id", needed=True),
        _number("ticket_id", needed=True),
        _number("account_id", needed=True),
        _words("sid"),
        _words("url"),
        _words("content_type", ""),
        _words("state", "expected"),
        _number("attempts", "0"),
        _moment("due_at"),
        _moment("settled_at"),
        _words("detail", ""),
        _to("text_media", "message_id", "message.id", "CASCADE"),
        _to("text_media", "ticket_id", "ticket.id"),
        _to("text_media", "account_id", "channel_account.id"),
        _key("text_media"),
    )
    op.create_index("text_media_message_idx", "text_media", ["message_id"])
    _where("text_media_due_idx", "text_media", "due_at", "due_at is not null")


def _templates() -> None:
    op.create_table(
        "text_template",
        _identity(),
        sa.Column("names", JSONB(), nullable=False),
        _words("language"),
        _words("content_sid"),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        _moment("changed_at", needed=True),
        _words("words"),
        _key("text_template"),
        _unique("text_template", "content_sid"),
    )
