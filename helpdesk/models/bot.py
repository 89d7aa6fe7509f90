"""What help articles are found by (ArticleToken), and what was said to the bot (BotSession, BotTurn)."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Key, Moment


class ArticleToken(Base):
    """A word of an article as it is compared: its folded stem, or with ``~`` before it how Greek sounds in Latin.

    ``line`` 0 is the title, 1 and up its other phrasings, -1 the text; ``place`` is the word's place in it.
    """

    __tablename__ = "article_token"
    __table_args__ = (
        Index("article_token_found_idx", "token"),
        Index("article_token_like_idx", "token", postgresql_using="gin", postgresql_ops={"token": "gin_trgm_ops"}),
    )

    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    language: Mapped[str] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    token: Mapped[str] = mapped_column(primary_key=True)


class BotSession(Base):
    """What was said with the bot in one conversation, by chat or on the command line (no ``chat_id``).

    What was given for a form (``collected``) is emptied with the questions, after some days.
    """

    __tablename__ = "bot_session"

    id: Mapped[Key]
    chat_id: Mapped[int | None] = mapped_column(ForeignKey("chat.id", ondelete="SET NULL"), index=True)
    language: Mapped[str]
    state: Mapped[str] = mapped_column(default="listening", server_default="listening")
    failures: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=text("0"))
    tried: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list, server_default="{}")
    offered: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list, server_default="{}")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    field: Mapped[str] = mapped_column(default="", server_default="")
    collected: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    reason: Mapped[str | None]
    started_at: Mapped[Moment] = mapped_column(index=True)
    last_at: Mapped[Moment]
    handed_over_at: Mapped[datetime | None]


class BotTurn(Base):
    """One thing said to the bot and what came of it. ``asked`` is emptied after some days; ``words`` are its stems.

    ``settled_at``: when an editor took an unanswered question up, as another way to ask for an article or as none.
    """

    __tablename__ = "bot_turn"
    __table_args__ = (Index("bot_turn_kept_idx", "at", postgresql_where=text("asked is not null")),)

    session_id: Mapped[int] = mapped_column(
        ForeignKey("bot_session.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    at: Mapped[Moment] = mapped_column(index=True)
    asked: Mapped[str | None]
    words: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    language: Mapped[str]
    outcome: Mapped[str]
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="SET NULL"), index=True)
    score: Mapped[float] = mapped_column(default=0.0, server_default=text("0"))
    worded: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    settled_at: Mapped[datetime | None]
