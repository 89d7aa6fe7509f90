"""Problem and ProblemTicket: causes of incidents, ways round them, and the tickets they belong to (FitSM PR10)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Key, Moment, Texts


class Problem(Base):
    """The cause of incidents; in the state ``known_error`` it tells the way round, or says that there is none yet.

    ``symptoms`` are the words by which people tell of it. The cause is never public; title and workaround are, where
    the ``audience`` is. ``words`` is kept by a trigger over all four texts.
    """

    __tablename__ = "problem"
    __table_args__ = (
        Index("problem_words_idx", "words", postgresql_using="gin"),
        Index("problem_review_idx", "review_on", postgresql_where=text("state <> 'resolved' and active")),
    )

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    state: Mapped[str]
    titles: Mapped[Texts]
    symptoms: Mapped[Texts] = mapped_column(default=dict, server_default="{}")
    causes: Mapped[Texts] = mapped_column(default=dict, server_default="{}")
    workarounds: Mapped[Texts] = mapped_column(default=dict, server_default="{}")
    no_workaround: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    audience: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("staff.person_id"))
    review_on: Mapped[date | None]
    opened_at: Mapped[Moment]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    declared_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    updated_at: Mapped[Moment]
    words: Mapped[str | None] = mapped_column(TSVECTOR)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ProblemTicket(Base):
    """A ticket that a problem caused; ``used_at`` when its workaround helped there."""

    __tablename__ = "problem_ticket"

    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"), primary_key=True, autoincrement=False)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False, index=True)
    at: Mapped[Moment]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    used_at: Mapped[datetime | None]
