"""Faults that other helpdesks had with deadlines, each made into a story that must end well here."""

from datetime import timedelta

import pytest

from helpdesk import events
from helpdesk.db import db
from helpdesk.models.clocks import TicketClock
from helpdesk.permissions import Actor
from helpdesk.services import journal, replies, rulebook, tickets, timers
from helpdesk.vocabulary import WAITING_STATUS, ActorKind, WaitingReason
from tests.builders import NOON, a_department, a_ticket, an_account, an_agent
from tests.lives.house import DAY, HOUR, agree, athens, keep_office_hours, promise, read, row


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(NOON)
    agree("default", promise())
    an_account(is_default=True)


@pytest.mark.parametrize("reason", WaitingReason)
def test_what_is_resolved_straight_from_waiting_keeps_its_hold_and_so_does_its_reopening(agent, ticket, reason):
    paused = WAITING_STATUS[reason] in ("waiting_requester", "scheduled")
    tickets.wait(agent, ticket.id, reason, at=NOON + HOUR)
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=NOON + DAY + HOUR)
    worked = HOUR if paused else 8 * HOUR
    assert read(ticket, NOON + 99 * DAY)["resolution"][0].elapsed == worked
    tickets.reopen(agent, ticket.id, "Ξανά.", at=NOON + 2 * DAY)
    [reading] = read(ticket, NOON + 2 * DAY + 3 * HOUR)["resolution"]
    assert (reading.elapsed, reading.paused) == (worked + 3 * HOUR, 7 * HOUR if paused else timedelta())


def test_what_is_reopened_and_closed_again_loses_none_of_its_cycles(agent, ticket):
    agree("default", promise(reopen="new-cycle"))
    ticket = a_ticket(department_id=ticket.department_id)
    for day in (1, 3):
        tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=NOON + day * DAY)
        tickets.reopen(agent, ticket.id, "Ξανά.", at=NOON + day * DAY + HOUR)
    tickets.resolve(agent, ticket.id, "solved", "Τώρα ναι.", at=NOON + 6 * DAY)
    tickets.close(agent, ticket.id, at=NOON + 7 * DAY)
    kept = db.session.query(TicketClock).filter_by(ticket_id=ticket.id, name="resolution")
    assert [(one.cycle, one.state) for one in kept.order_by(TicketClock.cycle)] == [(1, "met"), (2, "met"), (3, "met")]


@pytest.mark.parametrize("channel", ["email", "webform", "phone", "api"])
def test_an_answer_of_the_citizen_moves_the_clocks_by_whatever_channel_it_comes(agent, ticket, channel):
    replies.reply(agent, ticket.id, "Στείλτε τη διεύθυνση.", at=NOON + HOUR, then="wait",
                  then_fields={"reason": "needs_information"})  # fmt: skip
    citizen = Actor(ActorKind.CITIZEN, ticket.requester_id)
    journal.record(ticket.id, events.MessageReceived(1, channel), citizen, NOON + DAY)
    journal.record(ticket.id, events.StatusChanged("open", "waiting_requester"), citizen, NOON + DAY)
    assert (row(ticket, "resolution").state, row(ticket, "next_response").state) == ("running", "running")


def test_a_department_s_time_begins_when_it_is_handed_the_ticket_not_when_the_ticket_was_made(agent, ticket):
    second = a_department(key="second")
    for key, hours in (("first", 2), ("second", 7)):
        agree(f"ola-{key}", {"targets": [{"clock": "ola", "seconds": hours * 3600}], "when": {"department": [key]},
                             "agreement": {"kind": "ola", "department": key}})  # fmt: skip
    first = a_department(key="first")
    ticket = a_ticket(department_id=first.id)
    worker = an_agent(first, second)
    tickets.transfer(worker, ticket.id, second.id, "Δικό σας.", at=NOON + 6 * HOUR)
    stays = read(ticket, NOON + DAY)["ola"]
    assert [(one.state.value, one.started_at, one.target) for one in stays] == [
        ("breached", NOON, 2 * HOUR),
        ("running", NOON + 6 * HOUR, 7 * HOUR),
    ]
    assert stays[1].due_at == athens("2026-11-25T15:00+02:00")


def test_each_stay_is_measured_in_the_hours_of_its_own_department():
    keep_office_hours("late", {"tz": "Europe/Athens", "hours": {"wed": [["16:00", "20:00"]]}})
    agree("ola", {"targets": [{"clock": "ola", "seconds": 3 * 3600}], "agreement": {"kind": "ola"}})
    late, usual = a_department(calendar_key="late"), a_department()
    ticket = a_ticket(department_id=late.id)
    assert row(ticket, "ola").due_at == athens("2026-11-25T19:00+02:00")
    tickets.transfer(an_agent(late, usual), ticket.id, usual.id, "Δικό σας.", at=NOON + HOUR)
    assert row(ticket, "ola", 2).due_at == athens("2026-11-25T09:00+02:00")


def test_a_department_that_promised_nothing_owes_nothing_and_the_stay_before_it_has_ended(agent, ticket):
    agree("ola", {"targets": [{"clock": "ola", "seconds": 3600}], "when": {"department": ["first"]},
                  "agreement": {"kind": "ola"}})  # fmt: skip
    first, other = a_department(key="first"), a_department()
    ticket = a_ticket(department_id=first.id)
    tickets.transfer(an_agent(first, other), ticket.id, other.id, "Δικό σας.", at=NOON + timedelta(minutes=30))
    assert [(one.state.value, one.stopped_at) for one in read(ticket, NOON + 9 * DAY)["ola"]] == [
        ("met", NOON + timedelta(minutes=30))
    ]


def test_a_stay_that_begins_while_the_ticket_waits_is_paused_from_its_beginning():
    agreed = {"targets": [{"clock": "ola", "seconds": 3600}], "pauses": {"ola": ["waiting_supplier"]},
              "when": {"department": ["first", "third"]}, "agreement": {"kind": "ola"}}  # fmt: skip
    agree("ola", agreed)
    first, second, third = a_department(key="first"), a_department(), a_department(key="third")
    ticket, worker = a_ticket(department_id=first.id), an_agent(first, second, third)
    tickets.wait(worker, ticket.id, "supplier_works", at=NOON + timedelta(minutes=10))
    for hours, to in ((1, second), (2, third)):
        tickets.transfer(worker, ticket.id, to.id, "Δικό σας.", at=NOON + hours * HOUR)
    assert [(one.state.value, one.elapsed) for one in read(ticket, NOON + 9 * DAY)["ola"]] == [
        ("met", timedelta(minutes=10)),
        ("paused", timedelta()),
    ]


def test_an_agent_s_and_a_server_s_zone_change_no_deadline(agent, ticket):
    due = row(ticket, "resolution").due_at
    for zone in ("America/New_York", "Asia/Kathmandu"):
        keep_office_hours("elsewhere", {"tz": zone, "hours": {"sun": [["00:00", "24:00"]]}})
    assert list(timers.verify(NOON + DAY)) == []
    assert row(ticket, "resolution").due_at == due
