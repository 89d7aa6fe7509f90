"""CustomerBody and Supplier: who commissions services (FitSM PR7.1), and who does part of them for us (PR8.1)."""

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Key, Texts


class Party(Base):
    """What both have: a contact, a member of staff who owns the relationship, and whom to turn to when it fails."""

    __abstract__ = True

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    names: Mapped[Texts]
    contact_name: Mapped[str] = mapped_column(default="", server_default="")
    contact_email: Mapped[str] = mapped_column(default="", server_default="")
    contact_phone: Mapped[str] = mapped_column(default="", server_default="")
    language: Mapped[str] = mapped_column(default="el", server_default="el")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.person_id"))
    escalation_name: Mapped[str] = mapped_column(default="", server_default="")
    escalation_email: Mapped[str] = mapped_column(default="", server_default="")
    escalation_phone: Mapped[str] = mapped_column(default="", server_default="")
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))


class CustomerBody(Party):
    """A public body or unit that commissions services from us; agreements are made with it, not with citizens."""

    __tablename__ = "customer_body"


class Supplier(Party):
    """Somebody outside who does part of the work under a contract."""

    __tablename__ = "supplier"
