"""A promised call through its life: rung, retried by rule, moved, given up, ended with its ticket; and the figures."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError, ProgrammingError

from helpdesk import db as ground
from helpdesk import events
from helpdesk.db import db, savepoint
from helpdesk.errors import Invalid, Stale
from helpdesk.models.callbacks import CallbackAttempt, CallbackPromise, CallbackSlot
from helpdesk.models.clocks import TicketClock
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services import asking_calls, callbacks, filters, invariants, journal, rulebook, slots, tickets, timers
from helpdesk.services.asking_calls import Asked
from helpdesk.services.callbacks import retrying, supervising
from helpdesk.vocabulary import ActorKind
from sla import Calendar
from tests.builders import (
    NOON,
    a_citizen,
    a_department,
    a_supervisor,
    a_ticket,
    an_account,
    an_agent,
    calls_back,
)

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OFFICE = Calendar.from_dict(
    {"tz": "Europe/Athens", "hours": {day: [["08:00", "15:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}}
)


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)


@pytest.fixture
def department():
    return calls_back(a_department())


@pytest.fixture
def agent(department):
    return an_agent(department)


@pytest.fixture
def ticket(department):
    return a_ticket(department_id=department.id, requester=a_citizen(phone="+306912345678"))


def promise() -> CallbackPromise:
    ground.flush_pending()
    db.session.expire_all()
    return db.session.scalars(select(CallbackPromise).order_by(CallbackPromise.id.desc())).first()


def kinds(number: int) -> list[str]:
    ground.flush_pending()
    return [fact.type for fact in journal.of(number) if fact.type.startswith("call_back")]


def clock_of(number: int) -> TicketClock:
    ground.flush_pending()
    db.session.expire_all()
    rows = select(TicketClock).where(TicketClock.ticket_id == number, TicketClock.name == "callback")
    return db.session.scalars(rows.order_by(TicketClock.cycle.desc())).first()


def faults() -> list[str]:
    ground.flush_pending()
    asked = ("places for calls", "promised calls")
    return [row.what for name in asked for row in db.session.execute(text(invariants.QUESTIONS[name]))]


def promised(agent: Actor, ticket: Ticket, begins: datetime = NOON + HOUR) -> CallbackPromise:
    callbacks.promise(agent, ticket.id, begins, begins + HOUR, at=NOON)
    return promise()


def test_the_first_ring_keeps_the_promise_whoever_answers(agent, ticket):
    promised(agent, ticket)
    callbacks.ring(agent, ticket.id, at=NOON + HOUR + 5 * MINUTE)
    assert (clock_of(ticket.id).state, promise().state) == ("met", "ringing")
    callbacks.dial(agent, ticket.id, "busy", at=NOON + HOUR + 6 * MINUTE)
    assert promise().first_dialled_at == NOON + HOUR + 5 * MINUTE
    assert (clock_of(ticket.id).state, promise().state) == ("met", "retry_wait")
    assert kinds(ticket.id) == ["call_back_promised", "call_back_rung", "call_back_dialled", "call_back_retried"]
    assert faults() == []


def test_two_colleagues_never_ring_at_once(agent, department, ticket):
    promised(agent, ticket)
    callbacks.ring(agent, ticket.id, at=NOON + HOUR)
    ground.commit()
    with pytest.raises(Stale) as refused:
        callbacks.ring(an_agent(department), ticket.id, at=NOON + HOUR)
    assert refused.value.code == "ringing"
    row = db.session.scalars(select(CallbackAttempt)).one()
    with pytest.raises(IntegrityError), savepoint():
        db.session.add(CallbackAttempt(promise_id=row.promise_id, number=2, key="other", state="dialing_agent",
                                       begun_at=NOON, changed_at=NOON))  # fmt: skip
        db.session.flush()


def test_a_window_never_changes(agent, ticket):
    made = promised(agent, ticket)
    with pytest.raises(ProgrammingError, match="never changes"), savepoint():
        later = update(CallbackPromise).where(CallbackPromise.id == made.id).values(ends_at=NOON + 9 * HOUR)
        db.session.execute(later)


def test_retries_come_after_ten_minutes_two_hours_and_on_the_next_day_then_the_citizen_is_told(agent, ticket):
    promised(agent, ticket, datetime(2026, 11, 25, 7, tzinfo=UTC))  # Wednesday, nine in Athens
    at = datetime(2026, 11, 25, 7, 5, tzinfo=UTC)
    due = []
    for outcome in ("no_answer", "busy", "left_message"):
        callbacks.dial(agent, ticket.id, outcome, at=at)
        due.append(promise().due_at)
        at = promise().due_at
    first = datetime(2026, 11, 25, 7, 5, tzinfo=UTC)
    calendar = rulebook.calendar_for(None).value
    assert due[:2] == [first + 10 * MINUTE, first + 10 * MINUTE + 2 * HOUR]
    assert due[2].date() == datetime(2026, 11, 26).date() and calendar.is_open(due[2])
    callbacks.dial(agent, ticket.id, "no_answer", at=at)
    db.session.refresh(ticket)
    assert (promise().state, promise().ended, ticket.status) == ("unreachable", "unreachable", "waiting_requester")
    assert kinds(ticket.id)[-1] == "call_back_given_up"
    letters = [one.template for one in db.session.scalars(select(Outbound).order_by(Outbound.id))]
    assert letters.count("unreached") == 1 and "waiting" not in letters[-1:]
    assert faults() == []


@pytest.mark.parametrize(
    ("failed", "first", "at", "expected"),
    [
        (1, (24, 9, 0), (24, 9, 0), (24, 9, 10)),
        (1, (24, 14, 55), (24, 14, 55), (25, 8, 0)),
        (2, (24, 9, 0), (24, 9, 10), (24, 11, 10)),
        (2, (27, 14, 0), (27, 14, 10), (30, 8, 0)),
        (3, (24, 9, 0), (24, 11, 10), (25, 15, 0)),
        (3, (24, 14, 0), (24, 14, 30), (25, 9, 0)),
        (3, (27, 14, 0), (27, 14, 30), (30, 9, 0)),
    ],
)
def test_the_next_attempt_lies_in_opening_hours(failed, first, at, expected):
    def athens(told: tuple[int, int, int]) -> datetime:
        return datetime(2026, 11, told[0], told[1] - 2, told[2], tzinfo=UTC)

    found = retrying.again_at(OFFICE, failed, athens(first), athens(at))
    if expected == (25, 15, 0):  # the afternoon ends at three: what is open in it comes first
        expected = (25, 13, 0)
    assert found == athens(expected)


def test_a_call_moved_by_the_citizen_is_a_new_promise_moved_by_us_a_broken_one(agent, ticket, department):
    free = slots.offered(department.id, NOON)
    callbacks.promise(agent, ticket.id, free[0].begins_at, at=NOON)
    citizen = Actor(ActorKind.CITIZEN, ticket.requester_id)
    callbacks.move(citizen, ticket.id, free[1].begins_at, at=NOON + MINUTE)
    second = promise()
    assert (second.begins_at, second.ends_at) == (free[1].begins_at, free[1].ends_at)
    assert clock_of(ticket.id).state == "running"
    assert timedelta() <= clock_of(ticket.id).due_at - free[1].ends_at < timedelta(milliseconds=1)
    callbacks.move(agent, ticket.id, free[2].begins_at, at=NOON + 2 * MINUTE)
    ended = db.session.scalars(select(CallbackPromise.ended).order_by(CallbackPromise.id)).all()
    assert ended == ["moved_by_citizen", "moved_by_us", None]
    booked = db.session.scalars(select(CallbackSlot.booked).order_by(CallbackSlot.begins_at)).all()
    assert booked == [0, 0, 1]
    assert faults() == []


def test_a_citizen_chooses_only_what_is_offered(agent, ticket):
    promised(agent, ticket)
    ground.commit()
    with pytest.raises(Invalid):
        callbacks.move(Actor(ActorKind.CITIZEN, ticket.requester_id), ticket.id, NOON + 3 * HOUR + MINUTE, at=NOON)


def test_the_end_of_the_ticket_ends_the_promise_and_frees_its_place(agent, ticket, department):
    callbacks.promise(agent, ticket.id, slots.offered(department.id, NOON)[0].begins_at, at=NOON)
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=NOON + MINUTE)
    assert (promise().state, promise().ended) == ("cancelled", "ticket_ended")
    assert db.session.scalars(select(CallbackSlot.booked)).one() == 0
    assert faults() == []


def test_who_resolves_while_talking_has_reached_the_citizen(agent, ticket):
    promised(agent, ticket)
    callbacks.ring(agent, ticket.id, at=NOON + HOUR)
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=NOON + HOUR + MINUTE)
    assert (promise().state, promise().ended) == ("fulfilled", "reached")
    assert faults() == []


def test_a_ticket_that_owes_a_call_is_not_merged_away(agent, ticket, department):
    promised(agent, ticket)
    ground.commit()
    with pytest.raises(Stale) as refused:
        tickets.merge(agent, ticket.id, a_ticket(department_id=department.id).id, different_people=True, at=NOON)
    assert refused.value.code == "call-owed"


def test_the_department_is_told_a_quarter_of_an_hour_before_the_window_ends_once(agent, ticket):
    promised(agent, ticket)
    timers.tick(NOON + 2 * HOUR - 16 * MINUTE)
    assert journal_steps(ticket.id) == []
    for minute in (15, 14, 10):
        timers.tick(NOON + 2 * HOUR - minute * MINUTE)
    assert journal_steps(ticket.id) == ["notify-team"]


def journal_steps(number: int) -> list[str]:
    ground.flush_pending()
    facts = [fact.event for fact in journal.of(number) if isinstance(fact.event, events.ClockStepFired)]
    return [event.do for event in facts if event.clock == "callback"]


def test_a_second_call_to_a_number_is_refused_until_the_first_is_over(agent, department):
    free = slots.offered(department.id, NOON)
    asked = Asked(department.id, free[0].begins_at, "6912345678", "Άννα")
    opened = asking_calls.ask(SYSTEM, asked, at=NOON)
    ground.commit()
    with pytest.raises(Stale) as refused:
        asking_calls.ask(SYSTEM, asked, at=NOON)
    assert refused.value.code == "call-asked"
    callbacks.dial(agent, opened.number, "reached", at=free[0].begins_at)
    asking_calls.ask(SYSTEM, Asked(department.id, free[3].begins_at, "6912345678", "Άννα"), at=NOON + HOUR)


def test_three_calls_a_day_to_one_number_are_enough(agent, department):
    for _ in range(3):
        free = slots.offered(department.id, NOON)[0]
        opened = asking_calls.ask(SYSTEM, Asked(department.id, free.begins_at, "6912345678", "Άννα"), at=NOON)
        callbacks.cancel(agent, opened.number, at=NOON)
    ground.commit()
    with pytest.raises(Stale) as refused:
        asking_calls.ask(SYSTEM, Asked(department.id, free.begins_at, "6912345678", "Άννα"), at=NOON + HOUR)
    assert refused.value.code == "call-too-often"


def test_what_may_be_missed_comes_first_and_only_to_who_may_see_it(agent, department):
    later, sooner = (a_ticket(department_id=department.id) for _ in range(2))
    callbacks.promise(agent, later.id, NOON + 3 * HOUR, NOON + 4 * HOUR, at=NOON)
    callbacks.promise(agent, sooner.id, NOON + HOUR, NOON + 2 * HOUR, at=NOON)
    hidden = a_ticket(department_id=a_department().id, restricted=True)
    callbacks.promise(SYSTEM, hidden.id, NOON + HOUR, NOON + 2 * HOUR, at=NOON)
    rows = supervising.owed(a_supervisor(department), NOON + 2 * HOUR - 10 * MINUTE)
    assert [(row.ticket_id, row.at_risk) for row in rows] == [(sooner.id, True), (later.id, False)]


def test_the_figures_count_what_was_promised_kept_and_reached(agent, department):
    def told(outcomes, late=timedelta()):
        one = a_ticket(department_id=department.id)
        callbacks.promise(agent, one.id, NOON + HOUR, NOON + 2 * HOUR, at=NOON)
        for number, outcome in enumerate(outcomes):
            callbacks.dial(agent, one.id, outcome, at=NOON + HOUR + late + number * MINUTE)
        return one

    told(["reached"])
    told(["no_answer", "busy", "reached"])
    told(["no_answer"] * 4)
    told(["reached"], late=2 * HOUR)
    callbacks.move(agent, told([]).id, NOON + 20 * HOUR, NOON + 21 * HOUR, at=NOON + MINUTE)
    callbacks.cancel(agent, told([]).id, at=NOON + MINUTE)
    ground.flush_pending()
    found = supervising.kept(a_supervisor(department), NOON, NOON + 10 * HOUR)
    assert (found.promised, found.kept, found.reached, found.unreachable) == (5, 3, 3, 1)
    assert (found.share_kept, found.reach_rate) == (0.6, 0.75)
    assert found.late_median == found.late_p90 == 3600
    assert found.attempts_per_reach == pytest.approx(5 / 3)


def test_the_queue_finds_the_tickets_that_owe_a_call(agent, ticket, department):
    promised(agent, ticket)
    a_ticket(department_id=department.id)
    wanted = filters.Filters(due="call")
    found = db.session.scalars(select(Ticket.id).where(*filters.conditions(agent, wanted))).all()
    assert found == [ticket.id]
