"""Waiting is governed: it has a longest, is reminded of in office hours, ends by itself, and is reviewed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Forbidden, Invalid
from helpdesk.models.catalogue import Department
from helpdesk.models.clocks import TicketClock
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Message, Ticket
from helpdesk.models.waiting import TicketWait
from helpdesk.permissions import Actor
from helpdesk.services import journal, replies, rulebook, tickets, waiting
from helpdesk.services.waiting import Wanted, reminding
from helpdesk.vocabulary import ActorKind, Role, RulebookKind, WaitingReason
from tests.builders import (
    NOON,
    a_citizen,
    a_department,
    a_message,
    a_supervisor,
    a_ticket,
    an_account,
    an_agent,
)

DAY = timedelta(days=1)
LONGEST = {"needs_information": 30, "approval": 30, "supplier_works": 60}


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)
    data = rulebook.in_force(RulebookKind.WAITING).value.to_dict()
    for reason, days in LONGEST.items():
        data["reasons"][reason]["longest_days"] = days
    rulebook.enact(RulebookKind.WAITING, "default", data, at=NOON)


@pytest.fixture
def agent():
    return an_agent(a_department(), email="agent@example.org")


@pytest.fixture
def ticket(agent):
    asks = a_citizen(email="anna@example.org", language="en")
    found = a_ticket(department_id=next(iter(agent.departments)), requester=asks, language="en")
    tickets.take(agent, found.id, at=NOON)
    return found


def ruled(**rule: object) -> None:
    """Puts other rules in force for information that is needed."""
    data = rulebook.in_force(RulebookKind.WAITING).value.to_dict()
    data["reasons"]["needs_information"] |= rule
    rulebook.enact(RulebookKind.WAITING, "default", data, at=NOON)


def asked(agent, ticket, **given):
    words = given.pop("words", "Which street is it?")
    fields = {"reason": "needs_information"} | given
    return replies.reply(agent, ticket.id, words, then="wait", then_fields=fields, at=NOON)


def fresh(ticket: Ticket) -> Ticket:
    ground.flush_pending()
    db.session.expire_all()
    return db.session.get(Ticket, ticket.id)


def letters(template: str = "reminder") -> list[Outbound]:
    return db.session.query(Outbound).filter_by(template=template).order_by(Outbound.id).all()


def facts(ticket: Ticket, type_: str) -> list[dict[str, object]]:
    ground.flush_pending()
    return [fact.event.data() for fact in journal.of(ticket.id) if fact.type == type_]


def daily(until: datetime, since: datetime = NOON) -> None:
    """A clock that looks every hour."""
    now = since
    while now < until:
        now += timedelta(hours=1)
        waiting.tick(now)


def test_without_an_end_it_waits_as_long_as_its_reason_allows(agent, ticket):
    asked(agent, ticket)
    assert fresh(ticket).waiting_until == NOON + 30 * DAY


def test_waiting_longer_than_its_reason_allows_is_refused_and_the_field_is_named(agent, ticket):
    with pytest.raises(Invalid) as refused:
        tickets.wait(agent, ticket.id, "needs_information", NOON + 31 * DAY, at=NOON)
    assert "until" in refused.value.fields
    tickets.wait(agent, ticket.id, "supplier_works", NOON + 31 * DAY, at=NOON)


def test_setting_the_same_reason_again_does_not_begin_anew(agent, ticket):
    tickets.wait(agent, ticket.id, "approval", at=NOON)
    later = NOON + 20 * DAY
    tickets.wait(agent, ticket.id, "approval", NOON + 29 * DAY, at=later)
    with pytest.raises(Invalid):
        tickets.wait(agent, ticket.id, "approval", NOON + 40 * DAY, at=later)
    tickets.wait(agent, ticket.id, "supplier_works", NOON + 40 * DAY, at=later)


def test_the_citizen_is_reminded_in_office_hours_in_their_language_with_what_was_asked(agent, ticket):
    asked(agent, ticket)
    daily(NOON + 6 * DAY)
    [letter] = letters()
    assert letter.created_at == datetime(2026, 11, 30, 6, tzinfo=UTC)  # five days later is a Sunday
    assert letter.payload["to_address"] == "anna@example.org"
    assert letter.automatic
    assert "We still need something from you" in letter.payload["subject"]
    assert "> Which street is it?" in letter.payload["text"]
    assert facts(ticket, "waiting_reminded") == [{"message_id": letter.message_id, "last": False, "to": "citizen"}]
    message = db.session.get(Message, letter.message_id)
    assert (message.automatic, message.audience, message.direction) == (reminding.CODE, "public", "outbound")
    assert "Code:" not in message.text or "only in the letter" in message.text


def test_a_reminder_stops_no_clock(agent, ticket):
    tickets.wait(agent, ticket.id, "needs_information", at=NOON)
    daily(NOON + 6 * DAY)
    assert len(letters()) == 1
    ground.flush_pending()
    first = db.session.query(TicketClock).filter_by(ticket_id=ticket.id, name="first_response").one()
    assert first.stopped_at is None


def test_reminders_come_every_week_then_a_last_one_then_it_is_open_again(agent, ticket):
    asked(agent, ticket)
    daily(NOON + 31 * DAY)
    told = facts(ticket, "waiting_reminded")
    assert [one["last"] for one in told] == [False, False, False, True]
    assert "we will go on with what we have" in letters()[-1].payload["text"]
    assert fresh(ticket).status == "open"
    [*_, last] = facts(ticket, "status_changed")
    assert (last["status"], last["previous"], last["reason"]) == ("open", "waiting_requester", "waited_out")


def test_an_answer_ends_the_reminders(agent, ticket):
    asked(agent, ticket)
    replies.citizen_writes(Actor(ActorKind.CITIZEN, ticket.requester_id), ticket.id, "Main street.", at=NOON + DAY)
    daily(NOON + 31 * DAY)
    assert letters() == []
    assert db.session.get(TicketWait, ticket.id).next_at is None


def test_after_an_outage_one_reminder_leaves_and_not_at_night(agent, ticket):
    asked(agent, ticket)
    night = datetime(2026, 12, 16, 22, tzinfo=UTC)
    for _ in range(3):
        waiting.tick(night)
    assert letters() == []
    waiting.tick(datetime(2026, 12, 17, 6, tzinfo=UTC))
    waiting.tick(datetime(2026, 12, 17, 7, tzinfo=UTC))
    assert len(letters()) == 1


def test_what_is_due_in_an_outage_is_done_in_the_order_of_time(agent, ticket):
    second = a_ticket(department_id=ticket.department_id)
    tickets.wait(agent, second.id, "appointment", NOON + 3 * DAY, at=NOON)
    tickets.wait(agent, ticket.id, "appointment", NOON + 2 * DAY, at=NOON)
    waiting.tick(NOON + 9 * DAY)
    resumed = [id_ for id_, _ in ended(second, ticket)]
    assert resumed == [ticket.id, second.id]


def ended(*found: Ticket) -> list[tuple[int, int]]:
    """Tickets by the numbers of the facts that ended their waiting."""
    ground.flush_pending()
    last = [
        (ticket.id, [fact.id for fact in journal.of(ticket.id) if fact.type == "status_changed"][-1])
        for ticket in found
    ]
    return sorted(last, key=lambda one: one[1])


def test_a_crash_before_the_commit_leaves_no_reminder_and_the_next_tick_sends_one(agent, ticket, monkeypatch):
    asked(agent, ticket)
    ground.commit()
    due = datetime(2026, 11, 30, 6, tzinfo=UTC)

    def dies(*_: object) -> None:
        raise OperationalError("commit", {}, Exception("killed"))

    with monkeypatch.context() as patch, pytest.raises(OperationalError):
        patch.setattr(ground, "commit", dies)
        waiting.tick(due)
    assert letters() == []
    assert facts(ticket, "waiting_reminded") == []
    for _ in range(2):
        waiting.tick(due)
    assert len(letters()) == 1


def test_it_ends_in_resolved_only_where_the_rules_say_so_and_the_citizen_was_told(agent, ticket):
    ruled(longest_days=20, warn_days=5, end="resolved")
    asked(agent, ticket)
    daily(NOON + 21 * DAY)
    last = letters()[-1]
    assert "we will end this request" in last.payload["text"]
    now = fresh(ticket)
    assert (now.status, now.resolution_code) == ("resolved", "no_reply")
    assert now.resolved_at - last.created_at >= 5 * DAY
    assert "we will gladly go on" in now.resolution_text
    [*_, sent] = facts(ticket, "reply_sent")
    assert sent["automatic"] == "resolution"


def test_after_an_outage_the_last_reminder_comes_first_and_its_days_are_kept(agent, ticket):
    ruled(longest_days=20, warn_days=5, end="resolved")
    asked(agent, ticket)
    back = datetime(2027, 2, 1, 8, tzinfo=UTC)
    for _ in range(2):
        waiting.tick(back)
    assert fresh(ticket).waiting_until == back + 5 * DAY
    waiting.tick(back + 4 * DAY)
    assert fresh(ticket).status == "waiting_requester"
    daily(back + 8 * DAY, back + 4 * DAY)
    assert fresh(ticket).status == "resolved"
    assert len(letters()) == 1


def test_who_cannot_be_written_to_is_never_resolved_by_silence_and_the_colleagues_are_told(agent):
    ruled(longest_days=20, warn_days=5, end="resolved")
    rings = a_ticket(department_id=next(iter(agent.departments)), requester=a_citizen(email=None))
    tickets.take(agent, rings.id, at=NOON)
    tickets.wait(agent, rings.id, "needs_information", at=NOON)
    daily(NOON + 25 * DAY)
    assert fresh(rings).status == "open"
    assert {letter.payload["to_address"] for letter in letters("waiting")} == {"agent@example.org"}
    assert "τηλεφωνήστε" in letters("waiting")[0].payload["text"]
    assert {one["to"] for one in facts(rings, "waiting_reminded")} == {"staff"}


def test_who_wrote_by_machine_is_not_reminded_by_one(agent, ticket):
    a_message(ticket, warnings=["no-automatic-answer"])
    asked(agent, ticket)
    daily(NOON + 6 * DAY)
    assert letters() == []
    assert len(letters("waiting")) == 1


def test_waiting_for_others_reminds_the_owner_and_not_the_citizen(agent, ticket):
    tickets.wait(agent, ticket.id, "supplier_works", at=NOON)
    daily(NOON + 8 * DAY)
    assert letters() == []
    [letter] = letters("waiting")
    assert letter.payload["to_address"] == "agent@example.org"
    assert letter.ticket_id == ticket.id


def test_one_that_fails_is_set_aside_alone(agent, ticket):
    bad = a_ticket(department_id=ticket.department_id)
    tickets.wait(agent, bad.id, "appointment", NOON + DAY, at=NOON)
    tickets.wait(agent, ticket.id, "appointment", NOON + DAY, at=NOON)
    ground.flush_pending()
    rule = rulebook.enact(
        RulebookKind.MATRIX, "default", rulebook.in_force(RulebookKind.MATRIX).value.to_dict(), at=NOON
    )
    db.session.query(TicketWait).filter_by(ticket_id=bad.id).update({"rules_id": rule.id})
    waiting.tick(NOON + 2 * DAY)
    assert (fresh(ticket).status, fresh(bad).status) == ("open", "scheduled")
    [(number, why)] = waiting.set_aside()
    assert number == bad.id
    assert why
    waiting.tick(NOON + 2 * DAY)
    assert db.session.get(TicketWait, bad.id).next_at == NOON + 2 * DAY + timedelta(hours=1)


def test_the_rules_a_wait_began_under_hold_to_its_end(agent, ticket):
    asked(agent, ticket)
    ruled(first_days=1, again_days=1)
    daily(NOON + 4 * DAY)
    assert letters() == []


def test_another_system_s_waiting_is_kept_as_it_was(agent, ticket):
    tickets.wait(agent, ticket.id, "needs_information", NOON + 400 * DAY, past=True, at=NOON)
    daily(NOON + 40 * DAY)
    assert (fresh(ticket).status, letters()) == ("waiting_requester", [])
    waiting.tick(NOON + 400 * DAY)
    assert fresh(ticket).status == "open"


def test_a_supervisor_sees_what_waits_over_long_first_then_the_oldest(agent, ticket):
    ours = next(iter(agent.departments))
    boss = an_agent(role=Role.SUPERVISOR)
    old, older, over = (a_ticket(department_id=ours) for _ in range(3))
    tickets.wait(agent, old.id, "approval", at=NOON - 2 * DAY)
    tickets.wait(agent, older.id, "supplier_works", at=NOON - 3 * DAY)
    tickets.wait(agent, over.id, "needs_information", past=True, at=NOON - DAY)
    ground.flush_pending()
    assert [row.id for row in waiting.listed(boss, Wanted(), now=NOON).rows] == [over.id, older.id, old.id]
    assert [row.id for row in waiting.listed(boss, Wanted(reason="approval"), now=NOON).rows] == [old.id]
    assert waiting.listed(boss, Wanted(department_id=a_department().id), now=NOON).rows == []
    assert len(waiting.listed(boss, Wanted(agent_id=agent.id), now=NOON).rows) == 3
    assert waiting.listed(boss, Wanted(agent_id=boss.id), now=NOON).rows == []
    assert waiting.setters(boss) == [(agent.id, agent.name)]
    with pytest.raises(Forbidden):
        waiting.listed(agent, Wanted())


def test_the_review_goes_on_where_a_page_ends(agent, ticket, monkeypatch):
    monkeypatch.setattr("helpdesk.services.waiting.review.PAGE", 2)
    boss = an_agent(role=Role.SUPERVISOR)
    found = [a_ticket(department_id=ticket.department_id) for _ in range(5)]
    for age, one in enumerate(found):
        tickets.wait(agent, one.id, "approval", at=NOON - age * DAY)
    ground.flush_pending()
    seen, place = [], ""
    while True:
        part = waiting.listed(boss, Wanted(), place, now=NOON)
        seen += [row.id for row in part.rows]
        if part.next is None:
            break
        place = part.next
    assert seen == [one.id for one in reversed(found)]
    with pytest.raises(Invalid):
        waiting.listed(boss, Wanted(), "nonsense")


def test_only_a_supervisor_extends_beyond_the_longest_and_says_why(agent, ticket):
    boss = a_supervisor(db.session.get(Department, ticket.department_id))
    asked(agent, ticket)
    later, longer = NOON + 20 * DAY, NOON + 45 * DAY
    with pytest.raises(Forbidden):
        waiting.extend(agent, ticket.id, longer, "Γιατί όχι.", at=later)
    with pytest.raises(Invalid):
        waiting.extend(boss, ticket.id, longer, " ", at=later)
    with pytest.raises(Invalid) as refused:
        waiting.extend(boss, ticket.id, later + 31 * DAY, "Λείπει ο πολίτης.", at=later)
    assert "until" in refused.value.fields
    waiting.extend(boss, ticket.id, longer, "Λείπει ο πολίτης.", at=later)
    assert fresh(ticket).waiting_until == longer
    [*_, moved] = facts(ticket, "status_changed")
    assert (moved["status"], moved["previous"], moved["until"]) == ("waiting_requester",) * 2 + (longer.isoformat(),)
    note = db.session.get(Message, moved["message_id"])
    assert (note.text, note.audience) == ("Λείπει ο πολίτης.", "internal")
    kept = db.session.get(TicketWait, ticket.id)
    assert (kept.extended, kept.set_by_id, kept.since) == (1, agent.id, NOON)
    daily(NOON + 44 * DAY, later)
    assert fresh(ticket).status == "waiting_requester"


def test_a_supervisor_ends_waiting_with_a_reason(agent, ticket):
    boss = a_supervisor(db.session.get(Department, ticket.department_id))
    asked(agent, ticket)
    with pytest.raises(Invalid):
        waiting.end(boss, ticket.id, "", at=NOON + DAY)
    waiting.end(boss, ticket.id, "Ο πολίτης απάντησε στο τηλέφωνο.", at=NOON + DAY)
    assert fresh(ticket).status == "open"
    assert facts(ticket, "status_changed")[-1]["reason"] == "reviewed"


def test_every_reason_has_its_rule_and_only_the_citizen_s_silence_resolves():
    data = rulebook.in_force(RulebookKind.WAITING).value.to_dict()
    assert data["reasons"].keys() == set(WaitingReason)
    data["reasons"]["approval"] |= {"end": "resolved"}
    with pytest.raises(Invalid) as refused:
        rulebook.check(RulebookKind.WAITING, data)
    assert list(refused.value.fields) == ["reasons.approval.end"]
    del data["reasons"]["approval"]
    with pytest.raises(Invalid) as refused:
        rulebook.check(RulebookKind.WAITING, data)
    assert list(refused.value.fields) == ["reasons.approval"]


@pytest.mark.parametrize("reply_first", [True, False])
def test_reply_and_waiting_in_one_save_give_the_same_clocks_in_whatever_order(agent, ticket, reply_first):
    acts = [
        lambda: replies.reply(agent, ticket.id, "Ποια οδός;", at=NOON + DAY),
        lambda: tickets.wait(agent, ticket.id, "needs_information", at=NOON + DAY),
    ]
    for act in acts if reply_first else reversed(acts):
        act()
    ground.flush_pending()
    found = {clock.name: clock for clock in db.session.query(TicketClock).filter_by(ticket_id=ticket.id)}
    assert found["first_response"].stopped_at == NOON + DAY
    assert found["resolution"].paused_at == NOON + DAY
    assert fresh(ticket).status == "waiting_requester"
