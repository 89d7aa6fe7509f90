"""Article, Outage and CannedReply: what people can read instead of asking, and what agents need not type."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Key, Moment, Texts


class Article(Base):
    """A help article in Markdown, per language. ``words`` is kept by a trigger over both languages."""

    __tablename__ = "article"
    __table_args__ = (Index("article_words_idx", "words", postgresql_using="gin"),)

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    titles: Mapped[Texts]
    bodies: Mapped[Texts]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    published: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    updated_at: Mapped[Moment]
    words: Mapped[str | None] = mapped_column(TSVECTOR)


class Outage(Base):
    """A known disturbance, shown as a banner while it lasts."""

    __tablename__ = "outage"

    id: Mapped[Key]
    titles: Mapped[Texts]
    texts: Mapped[Texts]
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    begins_at: Mapped[Moment]
    ends_at: Mapped[datetime | None]


class CannedReply(Base):
    """A text an agent can put into an answer, in the citizen's language."""

    __tablename__ = "canned_reply"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    titles: Mapped[Texts]
    texts: Mapped[Texts]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
