"""What the bot finds articles by, and what was said to it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """From 0019."""
    op.add_column("article", sa.Column("phrasings", JSONB(), server_default="{}", nullable=False))
    op.add_column("article", sa.Column("indexed", sa.SmallInteger(), server_default=sa.text("0"), nullable=False))
    _tokens()
    _sessions()
    _turns()


def _tokens() -> None:
    op.create_table(
        "article_token",
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("line", sa.SmallInteger(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="article_token_article_id_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "language", "line", "place", "token", name="article_token_pkey"),
    )
    op.create_index("article_token_found_idx", "article_token", ["token"])
    op.create_index(
        "article_token_like_idx", "article_token", ["token"],
        postgresql_using="gin", postgresql_ops={"token": "gin_trgm_ops"},
    )  # fmt: skip


def _sessions() -> None:
    op.create_table(
        "bot_session",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="listening", nullable=False),
        sa.Column("failures", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("tried", sa.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.Column("offered", sa.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.Column("department_id", sa.BigInteger(), nullable=True),
        sa.Column("service_id", sa.BigInteger(), nullable=True),
        sa.Column("field", sa.Text(), server_default="", nullable=False),
        sa.Column("collected", JSONB(), server_default="{}", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("last_at", _MOMENT, nullable=False),
        sa.Column("handed_over_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name="bot_session_chat_id_fkey", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="bot_session_department_id_fkey"),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="bot_session_service_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="bot_session_pkey"),
    )
    for column in ("chat_id", "department_id", "service_id", "started_at"):
        op.create_index(f"bot_session_{column}_idx", "bot_session", [column])


def _turns() -> None:
    op.create_table(
        "bot_turn",
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("asked", sa.Text(), nullable=True),
        sa.Column("words", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=True),
        sa.Column("score", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column("worded", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["bot_session.id"], name="bot_turn_session_id_fkey", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="bot_turn_article_id_fkey", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("session_id", "place", name="bot_turn_pkey"),
    )
    op.create_index("bot_turn_at_idx", "bot_turn", ["at"])
    op.create_index("bot_turn_article_id_idx", "bot_turn", ["article_id"])
    op.create_index("bot_turn_kept_idx", "bot_turn", ["at"], postgresql_where=sa.text("asked is not null"))
