"""Call-backs as managed work: what departments offer, slots, places held, promises, attempts."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_OPEN = sa.text("state in ('scheduled', 'ringing', 'retry_wait')")
_ASKED = sa.text("state in ('scheduled', 'ringing', 'retry_wait') and origin <> 'agent'")

_IMMUTABLE = """
create function keep_callback_window() returns trigger language plpgsql as $$
begin
    raise exception 'the window of a promised call never changes';
end $$;
create trigger callback_promise_window before update of begins_at, ends_at, ticket_id, promised_at on callback_promise
    for each row when (old.begins_at is distinct from new.begins_at or old.ends_at is distinct from new.ends_at
                       or old.ticket_id is distinct from new.ticket_id
                       or old.promised_at is distinct from new.promised_at)
    execute function keep_callback_window();
"""


def upgrade() -> None:
    """Five tables, empty at first; windows that were promised stay as they are."""
    _departments()
    _slots()
    _holds()
    _promises()
    _attempts()
    op.execute(_IMMUTABLE)


def _moment(name: str, *, needed: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed)


def _number(name: str, default: str | None = None, *, needed: bool = False) -> sa.Column[object]:
    standing = sa.text(default) if default else None
    return sa.Column(name, sa.BigInteger(), server_default=standing, nullable=not (needed or default))


def _flag(name: str, default: str) -> sa.Column[object]:
    return sa.Column(name, sa.Boolean(), server_default=sa.text(default), nullable=False)


def _words(name: str, default: str | None = None, *, needed: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=not needed)


def _identity() -> sa.Column[object]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _to(of: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"{of}_{column}_fkey"))


def _key(of: str, column: str = "id") -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=op.f(f"{of}_pkey"))


def _departments() -> None:
    op.create_table(
        "department_callback",
        sa.Column("department_id", sa.BigInteger(), autoincrement=False, nullable=False),
        _flag("offered", "true"),
        _number("slot_minutes", "30"),
        _number("handling_minutes", "10"),
        _number("share_percent", "25"),
        _number("notice_minutes", "30"),
        _number("days_ahead", "7"),
        _number("most_retries", "3"),
        _moment("changed_at", needed=True),
        _to("department_callback", "department_id", "department.id"),
        _key("department_callback", "department_id"),
    )


def _slots() -> None:
    op.create_table(
        "callback_slot",
        _identity(),
        _number("department_id", needed=True),
        _moment("begins_at", needed=True),
        _moment("ends_at", needed=True),
        _number("capacity", needed=True),
        _number("booked", "0"),
        _number("held", "0"),
        sa.CheckConstraint("booked >= 0 and held >= 0", name=op.f("callback_slot_counts_check")),
        sa.CheckConstraint("ends_at > begins_at", name=op.f("callback_slot_window_check")),
        _to("callback_slot", "department_id", "department.id"),
        _key("callback_slot"),
        sa.UniqueConstraint("department_id", "begins_at", name=op.f("callback_slot_department_id_begins_at_key")),
    )


def _holds() -> None:
    op.create_table(
        "callback_hold",
        _identity(),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        _number("slot_id", needed=True),
        _moment("expires_at", needed=True),
        _to("callback_hold", "slot_id", "callback_slot.id"),
        _key("callback_hold"),
        sa.UniqueConstraint("token_hash", name=op.f("callback_hold_token_hash_key")),
    )
    op.create_index(op.f("callback_hold_expires_at_idx"), "callback_hold", ["expires_at"])


def _promises() -> None:
    op.create_table(
        "callback_promise",
        _identity(),
        _number("ticket_id", needed=True),
        _number("department_id"),
        _number("slot_id"),
        _number("previous_id"),
        _words("phone", ""),
        _words("origin"),
        _moment("begins_at", needed=True),
        _moment("ends_at", needed=True),
        _moment("promised_at", needed=True),
        _number("promised_by_id"),
        _words("state", "scheduled"),
        _moment("due_at", needed=True),
        _number("attempts", "0"),
        _moment("first_dialled_at"),
        _moment("ended_at"),
        _words("ended", needed=False),
        sa.CheckConstraint("ends_at > begins_at", name=op.f("callback_promise_window_check")),
        _to("callback_promise", "ticket_id", "ticket.id"),
        _to("callback_promise", "department_id", "department.id"),
        _to("callback_promise", "slot_id", "callback_slot.id"),
        _to("callback_promise", "previous_id", "callback_promise.id"),
        _to("callback_promise", "promised_by_id", "person.id"),
        _key("callback_promise"),
    )
    op.create_index(
        "callback_promise_ticket_key", "callback_promise", ["ticket_id"], unique=True, postgresql_where=_OPEN
    )
    op.create_index("callback_promise_phone_key", "callback_promise", ["phone"], unique=True, postgresql_where=_ASKED)
    op.create_index("callback_promise_due_idx", "callback_promise", ["due_at"], postgresql_where=_OPEN)
    op.create_index("callback_promise_ticket_idx", "callback_promise", ["ticket_id", "id"])
    op.create_index("callback_promise_ends_idx", "callback_promise", ["ends_at"])
    op.create_index(
        "callback_promise_slot_idx", "callback_promise", ["slot_id"], postgresql_where=sa.text("slot_id is not null")
    )


def _attempts() -> None:
    op.create_table(
        "callback_attempt",
        _identity(),
        _number("promise_id", needed=True),
        _number("number", needed=True),
        _words("key"),
        _words("state"),
        _number("agent_id"),
        _flag("by_hand", "false"),
        _moment("begun_at", needed=True),
        _moment("changed_at", needed=True),
        _moment("dialled_at"),
        _moment("ended_at"),
        _words("outcome", needed=False),
        _words("agent_call", needed=False),
        _words("citizen_call", needed=False),
        _number("seconds"),
        _number("message_id"),
        _to("callback_attempt", "promise_id", "callback_promise.id"),
        _to("callback_attempt", "agent_id", "person.id"),
        _to("callback_attempt", "message_id", "message.id"),
        _key("callback_attempt"),
        sa.UniqueConstraint("key", name=op.f("callback_attempt_key_key")),
        sa.UniqueConstraint("promise_id", "number", name=op.f("callback_attempt_promise_id_number_key")),
    )
    op.create_index(
        "callback_attempt_alive_key",
        "callback_attempt",
        ["promise_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index(op.f("callback_attempt_agent_call_idx"), "callback_attempt", ["agent_call"])
    op.create_index(op.f("callback_attempt_citizen_call_idx"), "callback_attempt", ["citizen_call"])
