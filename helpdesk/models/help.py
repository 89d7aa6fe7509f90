"""Article, Outage and CannedReply: what people can read instead of asking, and what agents need not type."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Key, Moment, Texts


class Article(Base):
    """A help article in Markdown, per language. ``words`` is kept by a trigger over both languages.

    ``phrasings`` are other ways to ask for it, one a line; ``indexed`` says by which way of reading its tokens were
    made (none yet: 0). Whoever saves it says that it holds: ``updated_at`` is when it was reviewed last. Published, it
    is read by whom ``audience`` names.
    """

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
    phrasings: Mapped[Texts] = mapped_column(default=dict, server_default="{}")
    indexed: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=text("0"))
    audience: Mapped[str] = mapped_column(default="public", server_default="public")


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
