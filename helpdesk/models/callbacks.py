"""Call-backs as managed work: what departments offer, slots and who holds one, promises, attempts to keep them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Key, Moment

OPEN = text("state in ('scheduled', 'ringing', 'retry_wait')")


class DepartmentCallback(Base):
    """What a department offers of calls back; one without a row offers none.

    ``handling_minutes`` is what one call takes on average, ``share_percent`` how much of their time people of the
    department give to it, ``notice_minutes`` how soon the earliest may be, ``days_ahead`` how far the list goes. Who
    was not reached is rung again after ``soon_minutes``, then after ``later_minutes``, then on the next day.
    """

    __tablename__ = "department_callback"

    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True, autoincrement=False)
    offered: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    slot_minutes: Mapped[int] = mapped_column(default=30, server_default=text("30"))
    handling_minutes: Mapped[int] = mapped_column(default=10, server_default=text("10"))
    share_percent: Mapped[int] = mapped_column(default=25, server_default=text("25"))
    notice_minutes: Mapped[int] = mapped_column(default=30, server_default=text("30"))
    days_ahead: Mapped[int] = mapped_column(default=7, server_default=text("7"))
    most_retries: Mapped[int] = mapped_column(default=3, server_default=text("3"))
    soon_minutes: Mapped[int] = mapped_column(default=10, server_default=text("10"))
    later_minutes: Mapped[int] = mapped_column(default=120, server_default=text("120"))
    changed_at: Mapped[Moment]


class CallbackSlot(Base):
    """A window in which so many calls can be promised. ``held``: places kept while somebody fills in the form.

    ``over_told``: for how many calls too many its supervisors were told; none while all that is booked fits.
    """

    __tablename__ = "callback_slot"
    __table_args__ = (
        UniqueConstraint("department_id", "begins_at"),
        CheckConstraint("booked >= 0 and held >= 0", name="counts"),
        CheckConstraint("ends_at > begins_at", name="window"),
    )

    id: Mapped[Key]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    begins_at: Mapped[Moment]
    ends_at: Mapped[Moment]
    capacity: Mapped[int]
    booked: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    held: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    over_told: Mapped[int] = mapped_column(default=0, server_default=text("0"))


class CallbackHold(Base):
    """A place in a slot, kept for whoever has the token until it expires."""

    __tablename__ = "callback_hold"

    id: Mapped[Key]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("callback_slot.id"))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class CallbackPromise(Base):
    """A call promised for a window, which never changes: who wants another one gets another promise.

    ``first_dialled_at`` is when the citizen's phone rang first: the promise is kept where that lies in the window.
    ``due_at`` is when somebody is to ring next; ``previous_id`` the promise that this one took the place of.
    ``place_since``: since when they waited in the line of callers, where they gave up waiting and not their place.
    ``way`` is how they want to be spoken with.
    """

    __tablename__ = "callback_promise"
    __table_args__ = (
        Index("callback_promise_ticket_key", "ticket_id", unique=True, postgresql_where=OPEN),
        Index(
            "callback_promise_phone_key",
            "phone",
            unique=True,
            postgresql_where=text(
                "state in ('scheduled', 'ringing', 'retry_wait') and origin <> 'agent' and phone <> ''"
            ),
        ),
        Index("callback_promise_number_idx", "phone", "promised_at", postgresql_where=text("phone <> ''")),
        Index("callback_promise_due_idx", "due_at", postgresql_where=OPEN),
        Index("callback_promise_ticket_idx", "ticket_id", "id"),
        Index("callback_promise_ends_idx", "ends_at"),
        Index(
            "callback_promise_place_idx",
            "department_id",
            "place_since",
            postgresql_where=text("place_since is not null and state = 'scheduled'"),
        ),
        Index("callback_promise_slot_idx", "slot_id", postgresql_where=text("slot_id is not null")),
        CheckConstraint("ends_at > begins_at", name="window"),
    )

    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("callback_slot.id"))
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("callback_promise.id"))
    phone: Mapped[str] = mapped_column(default="", server_default="")
    origin: Mapped[str]
    way: Mapped[str] = mapped_column(default="phone", server_default="phone")
    place_since: Mapped[datetime | None]
    begins_at: Mapped[Moment]
    ends_at: Mapped[Moment]
    promised_at: Mapped[Moment]
    promised_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(default="scheduled", server_default="scheduled")
    due_at: Mapped[Moment]
    attempts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    first_dialled_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended: Mapped[str | None]


class CallbackAttempt(Base):
    """One attempt to ring: the agent first, then the citizen. Of one promise only one is alive at a time.

    ``key`` goes to the carrier with the call, so that a lost answer can be looked up; ``by_hand``: from a telephone
    of their own, which nobody connects.
    """

    __tablename__ = "callback_attempt"
    __table_args__ = (
        Index("callback_attempt_alive_key", "promise_id", unique=True, postgresql_where=text("ended_at is null")),
        UniqueConstraint("promise_id", "number"),
    )

    id: Mapped[Key]
    promise_id: Mapped[int] = mapped_column(ForeignKey("callback_promise.id"))
    number: Mapped[int]
    key: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    by_hand: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    begun_at: Mapped[Moment]
    changed_at: Mapped[Moment]
    dialled_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    agent_call: Mapped[str | None] = mapped_column(index=True)
    citizen_call: Mapped[str | None] = mapped_column(index=True)
    seconds: Mapped[int | None]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
