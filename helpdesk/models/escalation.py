"""EscalationLevel: to which team a department's tickets go when they need more knowledge, in order."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base


class EscalationLevel(Base):
    """The team of one level of a department's functional path; it may belong to another department."""

    __tablename__ = "escalation_level"

    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
