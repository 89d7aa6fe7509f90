"""Telephony: our numbers, their menus and prompts, calls with their legs and raw reports, recordings, missed calls."""

from datetime import datetime

from sqlalchemy import ARRAY, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, Json, Key, Moment, Texts

_OPEN = text("settled_at is null")


class PhoneMenu(Base):
    """What a caller is asked: ``tree`` is ``{"options": [{"digit", "titles", "does", …}]}``, see services/calls."""

    __tablename__ = "phone_menu"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    names: Mapped[Texts]
    tree: Mapped[Json]
    changed_at: Mapped[Moment]


class PhoneNumber(Base):
    """A number of ours, in E.164. Without a calendar of its own it keeps its department's hours.

    ``longest_wait`` and ``missed_after`` are seconds. ``voicemail`` and ``records`` are off as delivered: what is
    recorded is announced before, and kept for ``keep_days``; a machine writes it down where it ``transcribes``.
    """

    __tablename__ = "phone_number"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    number: Mapped[str] = mapped_column(unique=True)
    names: Mapped[Texts]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    calendar_key: Mapped[str | None]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), default=lambda: ["el", "en"], server_default="{el,en}")
    menu_id: Mapped[int | None] = mapped_column(ForeignKey("phone_menu.id"))
    longest_wait: Mapped[int] = mapped_column(default=900, server_default=text("900"))
    missed_after: Mapped[int] = mapped_column(default=5, server_default=text("5"))
    voicemail: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    records: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    keep_days: Mapped[int] = mapped_column(default=90, server_default=text("90"))
    transcribes: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    texts: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))


class PhonePrompt(Base):
    """What is said to callers in one language where it differs from what is delivered: words, or a sound of our own."""

    __tablename__ = "phone_prompt"

    key: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(default="", server_default="")
    sha256: Mapped[str | None]
    content_type: Mapped[str] = mapped_column(default="", server_default="")
    changed_at: Mapped[Moment]


class Call(Base):
    """One conversation by telephone, ours or theirs, with everybody who takes part in it as legs.

    ``other`` is the citizen's number, null where it is withheld. ``place`` is where in the menu the caller stands;
    ``nonce`` counts our answers, so that a repeated request is known. ``queued_at`` orders the queue and is kept when
    an offer lapses. ``room`` names the conference. ``errand`` says what it is for where somebody else began it (a
    call-back). ``consent`` is what the citizen said to being recorded, null where they were not asked. ``check_at`` is
    when we ask the carrier by ourselves. ``settled_at``: a record was made of it.
    """

    __tablename__ = "call"
    __table_args__ = (
        Index("call_queue_idx", "department_id", "queued_at", postgresql_where=text("state in ('queued', 'offered')")),
        Index("call_open_idx", "check_at", postgresql_where=_OPEN),
        Index("call_agent_idx", "agent_id", "id"),
        Index("call_ticket_idx", "ticket_id", "id", postgresql_where=text("ticket_id is not null")),
        Index("call_other_idx", "other", "id", postgresql_where=text("other is not null")),
        Index("call_errand_idx", "errand", postgresql_where=text("errand is not null")),
        Index("call_waited_idx", "department_id", "bridged_at", postgresql_where=text("bridged_at is not null")),
    )

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    number_id: Mapped[int | None] = mapped_column(ForeignKey("phone_number.id"))
    sid: Mapped[str | None] = mapped_column(unique=True)
    direction: Mapped[str]
    errand: Mapped[str | None]
    other: Mapped[str | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("staff.person_id"))
    language: Mapped[str] = mapped_column(default="el", server_default="el")
    state: Mapped[str]
    place: Mapped[str] = mapped_column(default="", server_default="")
    tries: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    nonce: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    entered: Mapped[str] = mapped_column(default="", server_default="")
    room: Mapped[str]
    consent: Mapped[str | None]
    result: Mapped[str | None]
    outcome: Mapped[str | None]
    cause: Mapped[str | None]
    checked: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    started_at: Mapped[Moment]
    queued_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    bridged_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    wrap_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    check_at: Mapped[datetime | None]


class CallLeg(Base):
    """One party's line of a call. ``key`` is our own name for it, in the addresses we gave the carrier.

    ``state`` is the carrier's word, or `placing` before it answered and `unknown` where its answer was lost;
    ``rank`` rises with it and never falls, because reports come in any order.
    """

    __tablename__ = "call_leg"
    __table_args__ = (
        Index("call_leg_call_idx", "call_id", "id"),
        Index("call_leg_open_idx", "check_at", postgresql_where=text("ended_at is null")),
    )

    id: Mapped[Key]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(unique=True)
    sid: Mapped[str | None] = mapped_column(unique=True)
    role: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    number: Mapped[str] = mapped_column(default="", server_default="")
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offer.id"))
    state: Mapped[str]
    rank: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    cause: Mapped[str | None]
    started_at: Mapped[Moment]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    check_at: Mapped[datetime | None]


class CallEvent(Base):
    """A report of the carrier as it came, once each; ``applied`` is null while the call is not known yet."""

    __tablename__ = "call_event"
    __table_args__ = (
        UniqueConstraint("account_id", "sid", "kind", "mark"),
        Index("call_event_parked_idx", "at", postgresql_where=text("applied_at is null")),
        Index("call_event_at_idx", "at"),
    )

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    sid: Mapped[str]
    kind: Mapped[str]
    mark: Mapped[str]
    at: Mapped[Moment]
    facts: Mapped[Json]
    applied_at: Mapped[datetime | None]


class Recording(Base):
    """A voicemail or a recorded talk. Its file is fetched, checked, kept here and deleted at the carrier.

    While ``paused_at`` is set nothing of the talk is recorded. ``transcript`` is a machine's and shown as such, with
    its ``confidence`` in hundredths.
    """

    __tablename__ = "recording"
    __table_args__ = (
        Index("recording_due_idx", "due_at", postgresql_where=text("due_at is not null")),
        Index("recording_call_idx", "call_id"),
        Index("recording_forget_idx", "keep_until", postgresql_where=text("sha256 is not null")),
    )

    id: Mapped[Key]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    sid: Mapped[str | None] = mapped_column(unique=True)
    kind: Mapped[str]
    state: Mapped[str]
    url: Mapped[str] = mapped_column(default="", server_default="")
    seconds: Mapped[int | None]
    consent: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    sha256: Mapped[str | None]
    content_type: Mapped[str] = mapped_column(default="", server_default="")
    size: Mapped[int | None]
    transcript: Mapped[str | None]
    confidence: Mapped[int | None]
    created_at: Mapped[Moment]
    paused_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    keep_until: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    deleted_there_at: Mapped[datetime | None]
    detail: Mapped[str] = mapped_column(default="", server_default="")


class MissedCall(Base):
    """Calls of one number to one department that nobody took, together: one ticket until somebody reaches them."""

    __tablename__ = "missed_call"
    __table_args__ = (
        Index(
            "missed_call_open_key",
            "number",
            "department_id",
            unique=True,
            postgresql_where=text("recovered_at is null"),
            postgresql_nulls_not_distinct=True,
        ),
        Index("missed_call_ticket_idx", "ticket_id"),
    )

    id: Mapped[Key]
    number: Mapped[str]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    count: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    first_at: Mapped[Moment]
    last_at: Mapped[Moment]
    recovered_at: Mapped[datetime | None]


class PhoneLine(Base):
    """Where somebody who works here is rung: an ordinary telephone, in E.164."""

    __tablename__ = "phone_line"

    person_id: Mapped[int] = mapped_column(ForeignKey("staff.person_id"), primary_key=True, autoincrement=False)
    number: Mapped[str]
    changed_at: Mapped[Moment]


class HookRefused(Base):
    """Calls from outside that were not proven, counted by hour and reason; nothing of them is kept."""

    __tablename__ = "hook_refused"

    kind: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    hour: Mapped[Moment] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=1, server_default=text("1"))
