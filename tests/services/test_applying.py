"""Versions applied to open tickets: previewed, told in each journal, done once, taken back; the old truth stays."""

from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import func, select, text

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.db import db, table
from helpdesk.errors import Forbidden, Invalid, Stale
from helpdesk.models.clocks import TicketClock
from helpdesk.models.replay import ApplicationTicket, ReplayFlip
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM
from helpdesk.services import classification, journal, replay, replies, rulebook, tickets, timers
from helpdesk.services.replay import Choice, kept, running
from helpdesk.vocabulary import RulebookKind, RunKind, RunState
from tests.builders import a_department, a_ticket, an_account, an_administrator, an_agent

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALWAYS = {
    "tz": "Europe/Athens",
    "hours": {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
}


def promised(hours, **more):
    return {"targets": [{"clock": "resolution", "seconds": hours * 3600}, *more.pop("beside", ())], **more}


@pytest.fixture(autouse=True)
def body(session):
    begin = clock.now() - 30 * DAY
    rulebook.ensure_defaults(begin)
    rulebook.enact(RulebookKind.CALENDAR, "default", ALWAYS, at=begin)
    rulebook.enact(RulebookKind.POLICY, "default", promised(48), at=begin)
    an_account(is_default=True)


@pytest.fixture
def admin():
    return an_administrator()


def open_since(hours, **given):
    given.setdefault("department_id", a_department().id)
    return a_ticket(received_at=clock.now() - hours * HOUR, **given)


def enacted(kind, data, key="default"):
    version = rulebook.enact(kind, key, data, at=clock.now())
    ground.flush_pending()
    return version


def worked(id_):
    """Lets workers do an application to its end."""
    while kept.application(id_).state in replay.UNDER_WAY:
        running.apply(id_)
    row = kept.application(id_)
    assert row.state == RunState.DONE, row.error
    return row


def clock_of(ticket, name="resolution"):
    ground.flush_pending()
    db.session.expire_all()
    return db.session.query(TicketClock).filter_by(ticket_id=ticket.id, name=name).one()


def facts(ticket):
    return [fact for fact in journal.of(ticket.id) if fact.type == "clock_retargeted"]


def verified():
    return [vars(one) for one in timers.verify()]


def test_tickets_keep_the_version_they_opened_under_until_it_is_previewed_and_applied(admin):
    fresh, old = open_since(2), open_since(20)
    before = clock_of(old).due_at
    version = enacted(RulebookKind.POLICY, promised(8))
    assert clock_of(old).target_seconds == 48 * 3600

    run = replay.ask(admin, RunKind.OPEN, [version.id], Choice())
    running.work(run)
    seen = kept.record(run)
    assert (seen.state, seen.found) == (
        "done", {"tickets": 2, "changed": 2, "clocks": 2, "breached": 1, "late_before": 0},
    )  # fmt: skip
    assert facts(old) == []
    assert clock_of(old).due_at == before

    row = worked(replay.apply(admin, [version.id], "Απόφαση 12"))
    assert (row.done, row.why, row.asked_by_id) == (2, "Απόφαση 12", admin.id)
    late, in_time = clock_of(old), clock_of(fresh)
    assert (late.target_seconds, late.state, in_time.state) == (8 * 3600, "breached", "running")
    assert db.session.get(Ticket, old.id).policy_id == version.id
    [told] = facts(old)
    assert (told.event.application_id, told.actor_id) == (row.id, admin.id)
    assert replay.applied(row.id) == {"changed": 2, "clocks": 2, "breached": 1, "late_before": 0}
    assert verified() == []

    back = worked(replay.undo(admin, row.id, "Λάθος"))
    assert clock_of(old).due_at == before
    assert clock_of(old).state == "running"
    assert [one.event.application_id for one in facts(old)] == [row.id, back.id]
    assert db.session.get(Ticket, old.id).policy_id != version.id
    assert verified() == []


def test_elapsed_and_paused_time_stay_as_they_were(admin):
    department = a_department()
    ticket, agent = open_since(10, department_id=department.id), an_agent(department)
    tickets.wait(agent, ticket.id, "needs_information", at=clock.now() - 8 * HOUR)
    tickets.resume(agent, ticket.id, at=clock.now() - 5 * HOUR)
    before = clock_of(ticket)
    had = before.due_at, before.paused_seconds
    worked(replay.apply(admin, [enacted(RulebookKind.POLICY, promised(20)).id], "νέα"))
    after = clock_of(ticket)
    assert after.paused_seconds == had[1] == 3 * 3600
    assert abs(after.elapsed_seconds - 7 * 3600) <= 5
    assert after.due_at == had[0] - 28 * HOUR


def test_a_deadline_missed_before_stays_missed_and_is_reported(admin):
    ticket = open_since(60)
    version = enacted(RulebookKind.POLICY, promised(100))
    row = worked(replay.apply(admin, [version.id], "περισσότερος χρόνος"))
    assert replay.applied(row.id) == {"changed": 1, "clocks": 1, "breached": 0, "late_before": 1}
    after = clock_of(ticket)
    assert (after.state, after.retargeted_after_breach) == ("running", 1)
    [reading] = [one for _, one in timers.readings(journal.of(ticket.id), clock.now())]
    assert reading.missed[0].target == 48 * HOUR


def test_what_has_ended_and_what_another_policy_promises_is_left_alone(admin):
    works = a_department()
    special = promised(30, when={"department": [works.key]})
    enacted(RulebookKind.POLICY, special, "special")
    theirs, ended = open_since(2, department_id=works.id), open_since(5)
    tickets.resolve(an_administrator(), ended.id, "solved", "Έγινε.", at=clock.now())
    worked(replay.apply(admin, [enacted(RulebookKind.POLICY, promised(8)).id], "νέα"))
    assert facts(theirs) == facts(ended) == []


def test_a_policy_that_no_longer_asks_for_a_ticket_hands_it_on_and_one_that_newly_does_takes_it(admin):
    works = a_department()
    ticket = open_since(2, department_id=works.id)
    special = enacted(RulebookKind.POLICY, promised(30, when={"department": [works.key]}), "special")
    worked(replay.apply(admin, [special.id], "ειδική"))
    assert clock_of(ticket).target_seconds == 30 * 3600
    gone = enacted(RulebookKind.POLICY, promised(30, when={"department": ["none"]}), "special")
    worked(replay.apply(admin, [gone.id], "άλλη"))
    assert clock_of(ticket).target_seconds == 48 * 3600


def test_hours_are_applied_to_what_counts_in_them(admin):
    ticket = open_since(2)
    nights = {"tz": "Europe/Athens", "hours": {day: [["00:00", "00:01"]] for day in ALWAYS["hours"]}}
    version = enacted(RulebookKind.CALENDAR, nights)
    before = clock_of(ticket).calendar_id
    row = worked(replay.apply(admin, [version.id], "ωράριο"))
    assert clock_of(ticket).calendar_id == version.id
    worked(replay.undo(admin, row.id, "πίσω"))
    assert clock_of(ticket).calendar_id == before
    assert verified() == []


def test_priorities_follow_a_matrix_that_is_applied_unless_somebody_chose_them(admin):
    targets = [{"clock": "resolution", "seconds": 3600, "when": {"priority": ["critical"]}},
               {"clock": "resolution", "seconds": 48 * 3600}]  # fmt: skip
    enacted(RulebookKind.POLICY, {"targets": targets})
    derived, chosen = open_since(2, priority_reason="matrix"), open_since(2, priority_reason="matrix")
    classification.classify(admin, chosen.id, priority="low", reason="μικρό", at=clock.now() - HOUR)
    level = ("high", "medium", "low")
    version = enacted(RulebookKind.MATRIX, {impact: dict.fromkeys(level, "critical") for impact in level})
    row = worked(replay.apply(admin, [version.id], "πίνακας"))
    assert clock_of(derived).target_seconds == 3600
    assert clock_of(derived).state == "breached"
    assert [db.session.get(Ticket, one.id).priority for one in (derived, chosen)] == ["critical", "low"]
    assert len(facts(derived)) == 1
    worked(replay.undo(admin, row.id, "πίσω"))
    ticket = db.session.get(Ticket, derived.id)
    assert (ticket.priority, ticket.priority_reason) == ("normal", "matrix")
    assert clock_of(derived).target_seconds == 48 * 3600
    assert verified() == []


def test_a_killed_worker_loses_nothing_and_does_no_ticket_twice(admin, monkeypatch):
    known = [open_since(2) for _ in range(7)]
    version = enacted(RulebookKind.POLICY, promised(8))
    id_ = replay.apply(admin, [version.id], "νέα")
    monkeypatch.setattr(running, "APPLIED_AT_ONCE", 2)
    row = kept.claim(kept.APPLICATIONS, id_, clock.now())
    running.applying.portion(row, [one.id for one in known[:2]], 0, clock.now())  # and then it dies
    assert not running.applying.portion(row, [one.id for one in known[:2]], 0, clock.now())
    running.apply(id_)
    assert kept.application(id_).done == 2, "somebody has it, as far as anybody knows"
    db.session.execute(text("update application set beat_at = :at"), {"at": clock.now() - 2 * kept.FORGOTTEN})
    assert replay.nudge(clock.now()) == 1
    worked(id_)
    assert [len(facts(one)) for one in known] == [1] * 7
    assert db.session.execute(select(func.count()).select_from(table(ApplicationTicket))).scalar() == 7


def test_work_goes_on_by_turns(admin, monkeypatch):
    for _ in range(5):
        open_since(2)
    monkeypatch.setattr(running, "APPLIED_AT_ONCE", 1)
    monkeypatch.setattr(running, "PORTIONS", 2)
    id_ = replay.apply(admin, [enacted(RulebookKind.POLICY, promised(8)).id], "νέα")
    running.apply(id_)
    assert (kept.application(id_).state, kept.application(id_).done, kept.application(id_).total) == ("waiting", 2, 5)
    assert worked(id_).done == 5


def test_only_an_administrator_applies_only_what_is_in_force_one_at_a_time_and_says_why(admin):
    draft = rulebook.make_draft(SYSTEM, RulebookKind.POLICY, "default", promised(8))
    with pytest.raises(Stale):
        replay.apply(admin, [draft], "νέα")
    version = rulebook.put_in_force(SYSTEM, draft)
    with pytest.raises(Forbidden):
        replay.apply(an_agent(), [version.id], "νέα")
    with pytest.raises(Invalid):
        replay.apply(admin, [version.id], "  ")
    with pytest.raises(Invalid):
        replay.apply(admin, [rulebook.in_force(RulebookKind.WAITING).id], "νέα")
    first = replay.apply(admin, [version.id], "νέα")
    with pytest.raises(Stale):
        replay.apply(admin, [version.id], "πάλι")
    with pytest.raises(Stale):
        replay.undo(admin, first, "πίσω")
    worked(first)
    second = replay.apply(admin, [version.id], "πάλι")
    worked(second)
    with pytest.raises(Stale, match="later"):
        replay.undo(admin, first, "πίσω")
    worked(replay.undo(admin, second, "πίσω"))
    worked(replay.undo(admin, first, "πίσω"))
    with pytest.raises(Stale):
        replay.undo(admin, first, "ξανά")


def test_a_run_over_past_tickets_is_kept_with_its_flips_and_goes_on_where_it_was(admin, monkeypatch):
    agent = an_agent()
    for _ in range(3):
        replies.reply(admin, open_since(30).id, "Ναι.", at=clock.now())
    draft = rulebook.make_draft(SYSTEM, RulebookKind.POLICY, "default", promised(8))
    run = replay.ask(admin, RunKind.PAST, [draft], Choice())
    with pytest.raises(Stale):
        replay.ask(admin, RunKind.PAST, [draft], Choice())
    monkeypatch.setattr(running, "PORTIONS", 1)
    monkeypatch.setattr(running.sharing, "PORTION", 1)
    monkeypatch.setattr(running.sharing.portions, "__defaults__", (1,))
    running.work(run)
    half = kept.record(run)
    assert (half.state, half.done, half.total) == ("waiting", 1, 3)
    running.work(run)
    running.work(run)
    done = kept.record(run)
    assert (done.state, done.done, done.as_of) == ("done", 3, half.as_of)
    assert replay.Tally.from_dict(done.found).flips["broken", "resolution", None, "normal"] == 0
    assert db.session.execute(select(func.count()).select_from(table(ReplayFlip))).scalar() == 3
    assert [row.change for row in replay.flips(admin, run, {})] == ["broken"] * 3
    assert len(replay.flips(agent, run, {"change": "broken"}, limit=2)) == 2
    assert replay.flips(admin, run, {"change": "mended"}) == []
    again = replay.ask(admin, RunKind.PAST, [draft], Choice())
    replay.stop_run(admin, again)
    running.work(again)
    assert kept.record(again).state == "stopped"


def test_a_verification_is_kept_with_what_differs(admin):
    open_since(2)
    ticket = open_since(3)
    db.session.execute(text("update ticket_clock set target_seconds = 1 where ticket_id = :id"), {"id": ticket.id})
    run = replay.ask(admin, RunKind.VERIFY, [], Choice())
    running.work(run)
    row = kept.record(run)
    assert (row.state, row.done, row.found["count"]) == ("done", 2, 1)
    assert row.found["differences"] == [[str(ticket.id), "resolution 1 target_seconds", "1", str(48 * 3600)]]


def test_a_run_that_fails_says_why(admin):
    open_since(2)
    draft = rulebook.make_draft(SYSTEM, RulebookKind.POLICY, "default", promised(8))
    run = replay.ask(admin, RunKind.OPEN, [draft], Choice())
    db.session.execute(text("update rulebook set data = '{}' where id = :id"), {"id": draft})
    current_app.extensions.pop("rulebook_versions", None)
    with pytest.raises(Exception, match="targets"):
        running.work(run)
    assert kept.record(run).state == "failed"
    assert "targets" in kept.record(run).error
