"""Department, Team, Service, Category: who answers for what."""

from typing import Any

from sqlalchemy import ForeignKey, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Key, Texts


class Escalating:
    """Whom to turn to when a department or team cannot help."""

    escalation_name: Mapped[str] = mapped_column(default="", server_default="")
    escalation_email: Mapped[str] = mapped_column(default="", server_default="")
    escalation_phone: Mapped[str] = mapped_column(default="", server_default="")


class Department(Escalating, Base):
    """A part of the body that answers requests. ``key`` is what rules and URLs name; ``owner_id`` answers for it.

    ``default_owner_id`` answers for a case until somebody has taken it (none: whoever leads); ``silent_days`` working
    days without a word make a case silent (none: the usual number, 0: never).
    """

    __tablename__ = "department"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    names: Mapped[Texts]
    descriptions: Mapped[Texts] = mapped_column(default=dict, server_default="{}")
    calendar_key: Mapped[str | None]
    phone: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.person_id"))
    default_owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    silent_days: Mapped[int | None]


class Team(Escalating, Base):
    """A group of people within a department; ``lead_id`` is who leads it (none: who leads the department)."""

    __tablename__ = "team"

    id: Mapped[Key]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    key: Mapped[str] = mapped_column(unique=True)
    names: Mapped[Texts]
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))


class Category(Base):
    """A node of the classification tree; its sisters stand in the order of ``position``.

    ``examples`` says what belongs there. What is chosen no more may name a ``successor_id``, which is chosen instead.
    """

    __tablename__ = "category"

    id: Mapped[Key]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    key: Mapped[str] = mapped_column(unique=True)
    names: Mapped[Texts]
    descriptions: Mapped[Texts] = mapped_column(default=dict, server_default="{}")
    examples: Mapped[Texts] = mapped_column(default=dict, server_default="{}")
    position: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))


class Service(Base):
    """What citizens can ask for (FitSM PR2.1). Only live ones take new requests; ``customer_id`` commissions it.

    ``owner_id`` answers for it, ``supplier_id`` does part of it; who asks for a retired one is led to its
    ``successor_id``. What is asked of an ``application`` is one by law: it gets a protocol number.

    ``fields`` is what its form asks beside the common ones: a list of
    ``{"name", "labels", "kind": text|textarea|date|choice, "required", "choices"}``.
    """

    __tablename__ = "service"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer_body.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.person_id"))
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("supplier.id"))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    application: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    names: Mapped[Texts]
    descriptions: Mapped[Texts] = mapped_column(default=dict, server_default="{}")
    phase: Mapped[str] = mapped_column(default="live", server_default="live")
    type: Mapped[str] = mapped_column(default="request", server_default="request")
    impact: Mapped[str] = mapped_column(default="medium", server_default="medium")
    urgency: Mapped[str] = mapped_column(default="medium", server_default="medium")
    fields: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    featured: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    icon: Mapped[str] = mapped_column(default="", server_default="")
