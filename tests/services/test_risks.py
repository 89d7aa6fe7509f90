"""Breach risk from the body's own past: what counts, what is left out, who is told, the trial on the later part."""

from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import event

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Forbidden
from helpdesk.models.clocks import TicketClock
from helpdesk.permissions import SYSTEM
from helpdesk.services import records, replies, risks, rulebook, tickets, timers
from sla.risk import Group
from tests.builders import NOON, a_department, a_supervisor, a_ticket, an_account, an_agent

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = NOON + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(NOON - 500 * DAY)
    an_account(is_default=True)
    current_app.extensions.pop("risks", None)
    yield
    current_app.extensions.pop("risks", None)


def past(ticket, count, missed, ended=NOON - 30 * DAY, elapsed=HOUR, name="resolution"):
    """Clocks of the past as they are kept, on the ticket: so many that were met after that time, so many missed."""
    ground.flush_pending()
    model = db.session.query(TicketClock).filter_by(ticket_id=ticket.id, name="resolution", cycle=1).one()
    for at in range(count):
        breached = at < missed
        db.session.add(
            TicketClock(
                ticket_id=ticket.id,
                name=name,
                cycle=1000 + db.session.query(TicketClock).count(),
                state="breached" if breached else "met",
                started_at=ended - DAY,
                due_at=ended,
                stopped_at=None if breached else ended,
                breached_at=ended if breached else None,
                target_seconds=36_000,
                elapsed_seconds=40_000 if breached else int(elapsed.total_seconds()),
                policy_id=model.policy_id,
                calendar_id=model.calendar_id,
                target_key=model.target_key,
            )
        )
        db.session.flush()


def risk_of(ticket, now=NOW, name="resolution"):
    ground.flush_pending()
    rows = db.session.query(TicketClock).filter_by(ticket_id=ticket.id, cycle=1).all()
    return risks.of_clocks(ticket, rows, now).get((name, 1))


def test_the_risk_of_an_open_clock_is_counted_from_the_past_alike(ticket):
    past(ticket, 40, 10)
    risk = risk_of(ticket)
    assert risk is not None
    assert (risk.missed, risk.n, risk.share, risk.group) == (10, 40, 0.25, Group.ALIKE)


def test_one_that_has_outlasted_most_of_the_past_is_compared_with_the_rest(ticket):
    past(ticket, 60, 20, elapsed=HOUR)
    past(ticket, 20, 0, elapsed=9 * HOUR)
    risk = risk_of(ticket, NOON + 3 * DAY)
    assert risk is not None
    assert (risk.missed, risk.n) == (20, 40)


def test_another_department_borrows_the_past_of_the_house_and_says_so(ticket):
    past(ticket, 40, 10)
    other = a_ticket(department_id=a_department().id)
    risk = risk_of(other)
    assert risk is not None
    assert risk.group is Group.CLOCK
    assert risk_of(other, name="first_response") is None


def test_what_is_older_than_a_year_what_lapsed_and_what_is_yet_open_counts_nothing(ticket):
    past(ticket, 40, 10, ended=NOON - 400 * DAY)
    assert risks.load(NOW).history.n == 0
    past(ticket, 40, 10)
    recent = db.session.query(TicketClock).filter_by(state="met").filter(TicketClock.stopped_at > NOON - 100 * DAY)
    for row in recent.limit(5):
        row.state = "withdrawn"
    db.session.flush()
    assert risks.load(NOW).history.n == 40 - 5


def test_a_clock_that_is_over_or_late_has_no_risk(ticket):
    past(ticket, 40, 10)
    agent = an_agent(a_department())
    assert risk_of(ticket, NOON + 60 * DAY) is None
    tickets.resolve(a_supervisor(), ticket.id, "solved", "Έγινε.", at=NOON + HOUR)
    assert risk_of(ticket, NOON + 2 * HOUR) is None
    assert agent


def test_a_paused_clock_keeps_the_risk_it_had_when_it_paused(ticket):
    past(ticket, 60, 20, elapsed=HOUR)
    past(ticket, 20, 0, elapsed=9 * HOUR)
    tickets.wait(a_supervisor(), ticket.id, "needs_information", at=NOON + timedelta(minutes=30))
    soon, later = risk_of(ticket, NOON + HOUR), risk_of(ticket, NOON + 20 * DAY)
    assert soon is not None and soon == later
    assert soon.n == 80


def test_the_past_is_read_by_one_statement_and_kept_for_an_hour(ticket):
    past(ticket, 40, 10)
    seen: list[str] = []
    listen = lambda *told: seen.append(told[2])  # noqa: E731
    event.listen(db.session.connection().engine, "before_cursor_execute", listen)
    try:
        first = risks.known(NOW)
        assert [one for one in seen if "decided" in one] == seen
        assert risks.known(NOW + timedelta(minutes=59)) is first
        assert len(seen) == 1
        assert risks.known(NOW + HOUR) is not first
    finally:
        event.remove(db.session.connection().engine, "before_cursor_execute", listen)


def test_the_likeliest_stand_first_and_what_the_reader_may_not_see_is_left_out(department, ticket):
    past(ticket, 40, 30)
    calm = a_department()
    other = a_ticket(department_id=calm.id)
    past(other, 40, 1)
    hidden = a_ticket(department_id=department.id, restricted=True)
    ground.flush_pending()
    found = risks.likeliest(a_supervisor(calm), NOW)
    assert [one.number for one in found] == [ticket.id, other.id]
    assert found[0].risk.share > found[1].risk.share
    assert hidden.id in [one.number for one in risks.likeliest(a_supervisor(department), NOW)]
    assert [one.clock for one in found] == ["resolution", "resolution"]
    with pytest.raises(Forbidden):
        risks.likeliest(an_agent(calm), NOW)


def test_what_is_late_already_is_not_foretold(department, ticket):
    past(ticket, 40, 30)
    ground.flush_pending()
    assert risks.likeliest(a_supervisor(department), NOON + 60 * DAY) == []


def test_the_trial_learns_from_the_earlier_past_alone(ticket):
    past(ticket, 40, 4, ended=NOON - 100 * DAY)
    past(ticket, 40, 36, ended=NOON - DAY)
    known, trial = risks.trial(SYSTEM, NOW)
    assert (trial.learned, trial.judged) == (40, 40)
    assert known.parted_at is not None
    assert NOON - 100 * DAY < known.parted_at < NOON - DAY
    [first] = [one for one in trial.bins if one.low == 0.1]
    assert (first.foretold, first.came) == (pytest.approx(0.1), pytest.approx(0.9))
    with pytest.raises(Forbidden):
        risks.trial(an_agent(a_department()), NOW)


def test_a_body_without_a_past_foretells_nothing(ticket):
    known, trial = risks.trial(SYSTEM, NOW)
    assert (known.history.n, trial.judged, trial.bins, known.parted_at) == (0, 0, [], None)
    assert risk_of(ticket) is None


def test_the_ledger_tells_the_risk_of_what_is_open(ticket):
    past(ticket, 40, 10)
    told = {one["name"]: one["risk"] for one in records.ledger(SYSTEM, ticket.id, NOW)["clocks"]}
    assert told["resolution"]["n"] == 40
    assert told["first_response"] is None
    replies.reply(a_supervisor(), ticket.id, "Έρχεται συνεργείο.", at=NOW)
    assert timers.explain(SYSTEM, ticket.id, NOW + HOUR)
