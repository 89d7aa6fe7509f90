"""Person, and what makes a person staff: role, departments, skills, hours."""

from datetime import datetime

from sqlalchemy import ARRAY, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, Key, Moment


class Person(Base):
    """Somebody who asks or who answers. Found by e-mail (kept in lower case) or phone (E.164).

    ``mail_returned`` counts letters that came back for good since they last wrote; ``unreachable_since`` is set when
    that was more than once.
    ``care`` says that their requests want more of it than others', ``care_reason`` why; they never read either.
    """

    __tablename__ = "person"
    __table_args__ = (
        Index("person_email_key", "email", unique=True, postgresql_where=text("email is not null")),
        Index("person_phone_idx", "phone", postgresql_where=text("phone is not null")),
        Index("person_care_idx", "id", postgresql_where=text("care is not null")),
        Index("person_name_words", "name", postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"}),
        Index("person_email_words", "email", postgresql_using="gin", postgresql_ops={"email": "gin_trgm_ops"}),
    )

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None]
    phone: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="el", server_default="el")
    created_at: Mapped[Moment]
    erased_at: Mapped[datetime | None]
    mail_returned: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    unreachable_since: Mapped[datetime | None]
    care: Mapped[str | None]
    care_reason: Mapped[str] = mapped_column(default="", server_default="")

    staff: Mapped["Staff | None"] = relationship(back_populates="person", lazy="raise_on_sql")


class Staff(Base):
    """What a person has who works here. A leaver is not active; the row stays for the journal."""

    __tablename__ = "staff"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str]
    password_hash: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    skills: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    capacity: Mapped[int] = mapped_column(default=20, server_default=text("20"))
    calendar_key: Mapped[str | None]
    signature: Mapped[str] = mapped_column(default="", server_default="")

    person: Mapped[Person] = relationship(back_populates="staff", lazy="joined", innerjoin=True)
    memberships: Mapped[list["Membership"]] = relationship(lazy="selectin", cascade="all, delete-orphan")


class Membership(Base):
    """A member of staff works in a department; a lead answers for it."""

    __tablename__ = "membership"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.person_id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True, index=True)
    lead: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class TeamMember(Base):
    """A member of staff belongs to a team."""

    __tablename__ = "team_member"

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.person_id"), primary_key=True, index=True)
