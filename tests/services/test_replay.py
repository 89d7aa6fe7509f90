"""Other rules tried on past tickets: the same deeds under other promises, and nothing is written."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Invalid
from helpdesk.permissions import SYSTEM
from helpdesk.services import classification, journal, replay, replies, rulebook, tickets, timers
from helpdesk.services.replay.comparing import compared
from helpdesk.services.replay.retelling import retold
from helpdesk.services.replay.tickets import HEARD, Known, opened, rows
from helpdesk.services.replay.worlds import Worlds
from helpdesk.vocabulary import RulebookKind, WaitingReason
from tests.builders import NOON, a_department, a_service, a_ticket, an_account, an_agent

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = NOON + timedelta(days=40)
CLOCKS = {
    "targets": [
        {"clock": "first_response", "seconds": 8 * 3600},
        {"clock": "next_response", "seconds": 6 * 3600},
        {"clock": "update", "seconds": 20 * 3600},
        {"clock": "resolution", "seconds": 20 * 3600, "when": {"priority": ["critical", "high"]}},
        {"clock": "resolution", "seconds": 40 * 3600},
        {"clock": "ola", "seconds": 10 * 3600},
        {"clock": "statutory", "days": 10},
    ]
}
TIGHT = {
    "targets": [
        {"clock": "first_response", "seconds": 1 * 3600},
        {"clock": "resolution", "seconds": 5 * 3600, "when": {"priority": ["critical", "high"]}},
        {"clock": "resolution", "seconds": 12 * 3600},
        {"clock": "ola", "seconds": 3 * 3600},
        {"clock": "statutory", "days": 3},
    ],
    "pauses": {"resolution": ["waiting_requester", "waiting_internal"]},
    "reopen": "new-cycle",
}


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(NOON - DAY)
    rulebook.enact(RulebookKind.POLICY, "default", CLOCKS, at=NOON - DAY)
    an_account(is_default=True)


@pytest.fixture
def town():
    return a_department(), a_department()


def life(town, begin=NOON):
    """A ticket to which everything happens that moves a clock."""
    first, second = town
    agent = an_agent(first, second)
    ticket = a_ticket(department_id=first.id, received_at=begin, service_id=a_service(department_id=first.id).id)
    replies.reply(agent, ticket.id, "Το βλέπουμε.", at=begin + 2 * HOUR)
    classification.classify(agent, ticket.id, impact="high", urgency="high", at=begin + 3 * HOUR)
    tickets.wait(agent, ticket.id, "needs_information", at=begin + DAY)
    tickets.resume(agent, ticket.id, at=begin + 2 * DAY)
    tickets.transfer(agent, ticket.id, second.id, "Δικό σας", at=begin + 2 * DAY + HOUR)
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=begin + 7 * DAY)
    tickets.reopen(agent, ticket.id, "Ξανά", at=begin + 8 * DAY)
    classification.classify(agent, ticket.id, priority="low", reason="μικρό", at=begin + 8 * DAY + HOUR)
    tickets.resolve(agent, ticket.id, "solved", "Έγινε ξανά.", at=begin + 9 * DAY)
    ground.flush_pending()
    db.session.expire_all()
    return ticket


def told(read):
    """What a reading comes to, whatever the versions are numbered."""
    names = ("cycle", "state", "started_at", "due_at", "stopped_at", "target", "elapsed", "paused", "breached_at")
    return sorted((promise.clock.value, *(str(getattr(reading, name)) for name in names)) for promise, reading in read)


def replayed(ticket, *tried):
    [row] = rows([ticket.id])
    facts = journal.of_many([ticket.id], HEARD)[ticket.id]
    return timers.readings(retold(facts, opened(row, facts, Known.now()), Worlds(tried), LATER), LATER)


def read(ticket):
    return timers.readings(journal.of(ticket.id), LATER)


def tried(kind, data, key="default"):
    return rulebook.version(rulebook.make_draft(SYSTEM, kind, key, data, at=LATER))


def test_under_the_rules_it_had_a_life_reads_as_it_was(town):
    ticket = life(town)
    assert told(replayed(ticket)) == told(read(ticket))
    same = compared([ticket.id], worlds=Worlds(()), known=Known.now(), now=LATER)
    assert (same.tally.tickets, same.tally.flipped, same.flips) == (1, 0, [])


def test_rules_put_in_force_since_change_nothing_of_the_past(town):
    ticket = life(town)
    rulebook.enact(RulebookKind.POLICY, "default", TIGHT, at=NOON + 20 * DAY)
    rulebook.enact(RulebookKind.POLICY, "other", TIGHT | {"order": 1}, at=NOON + 20 * DAY)
    assert told(replayed(ticket)) == told(read(ticket))


def test_a_draft_gives_what_living_under_it_would_have_given(town):
    past, draft = life(town), tried(RulebookKind.POLICY, TIGHT)
    rulebook.enact(RulebookKind.POLICY, "default", TIGHT, at=NOON - HOUR)
    lived = life(town)
    assert told(replayed(past, draft)) == told(read(lived))
    assert told(read(past)) != told(read(lived))


def test_hours_that_are_tried_give_what_living_in_them_would_have_given(town):
    short = {"tz": "Europe/Athens", "hours": {day: [["10:00", "12:00"]] for day in ("mon", "wed", "thu")}}
    past, draft = life(town), tried(RulebookKind.CALENDAR, short)
    rulebook.enact(RulebookKind.CALENDAR, "default", short, at=NOON - HOUR)
    assert told(replayed(past, draft)) == told(read(life(town)))


def test_a_matrix_that_is_tried_gives_other_priorities_but_not_where_somebody_chose(town):
    level = ("high", "medium", "low")
    flat = {impact: dict.fromkeys(level, "high") for impact in level}
    past, draft = life(town), tried(RulebookKind.MATRIX, flat)
    chosen = a_ticket(department_id=town[0].id, priority="low")
    read_anew = {promise.clock: reading for promise, reading in replayed(chosen, draft)}
    assert read_anew["resolution"].target == 40 * HOUR
    [derived] = [one for promise, one in replayed(a_ticket(department_id=town[0].id), draft)
                 if promise.clock == "resolution"]  # fmt: skip
    assert derived.target == 20 * HOUR
    assert [one.target for promise, one in replayed(past, draft) if promise.clock == "resolution"] == [40 * HOUR]


def test_a_policy_that_asks_for_more_is_chosen_and_one_that_goes_first(town):
    ticket = a_ticket(department_id=town[0].id)
    asked = {"when": {"department": [town[0].key]}}
    special = tried(RulebookKind.POLICY, {"targets": [{"clock": "resolution", "seconds": 3600}]} | asked, "special")
    [[promise, reading]] = replayed(ticket, special)
    assert (promise.policy.key, reading.target) == ("special", HOUR)
    elsewhere = tried(RulebookKind.POLICY, special.value.to_dict() | {"when": {"department": ["none"]}}, "elsewhere")
    assert told(replayed(ticket, elsewhere)) == told(read(ticket))


def test_waiting_that_may_last_less_long_would_have_ended_sooner(town):
    agent = an_agent(town[0])
    ticket = a_ticket(department_id=town[0].id)
    tickets.wait(agent, ticket.id, "needs_information", at=NOON)
    tickets.resume(agent, ticket.id, at=NOON + 9 * DAY)
    ground.flush_pending()
    two_days, forty = (
        tried(RulebookKind.WAITING, {"reasons": {reason: {"longest_days": days} for reason in WaitingReason}})
        for days in (2, 40)
    )
    [paused] = [one.paused for promise, one in replayed(ticket, two_days) if promise.clock == "resolution"]
    assert paused == 14 * HOUR
    assert told(replayed(ticket, forty)) == told(read(ticket))


def gathered(*versions, **chosen):
    whole = replay.Found()
    for found in replay.what_if(versions, replay.Choice(**chosen), LATER):
        whole.tally.add(found.tally)
        whole.flips += found.flips
    return whole


def test_attainment_and_flips_are_counted_by_clock_department_and_priority(town):
    ticket = a_ticket(department_id=town[0].id)
    replies.reply(an_agent(town[0]), ticket.id, "Ναι.", at=NOON + 2 * HOUR)
    ground.flush_pending()
    found = gathered(tried(RulebookKind.POLICY, {"targets": [{"clock": "first_response", "seconds": 3600},
                                                            {"clock": "acknowledge", "seconds": 60}]}))  # fmt: skip
    assert found.tally.attainment("first_response", replay.BEFORE).share == 1
    assert found.tally.attainment("first_response", replay.AFTER).share == 0
    assert found.tally.flips["broken", "first_response", town[0].id, "normal"] == 1
    assert {(flip.change, flip.clock) for flip in found.flips} == {
        ("broken", "first_response"), ("promised", "acknowledge"), ("dropped", "resolution"), ("dropped", "ola"),
        ("dropped", "update"), ("dropped", "statutory"),
    }  # fmt: skip
    assert replay.Tally.from_dict(found.tally.to_dict()) == found.tally


def test_only_tickets_of_the_period_and_the_department_are_looked_at(town):
    first, second = town
    for day, place in ((0, first), (1, first), (2, second)):
        a_ticket(department_id=place.id, received_at=NOON + day * DAY)
    draft = tried(RulebookKind.POLICY, TIGHT)
    until = date(2026, 11, 25)
    assert gathered(draft, first=date(2026, 11, 25), last=until).tally.tickets == 1
    assert gathered(draft, department_id=first.id).tally.tickets == 2
    assert gathered(draft, last=until, department_id=second.id).tally.tickets == 0


def test_a_dry_run_writes_nothing(town):
    life(town)
    drafts = tried(RulebookKind.POLICY, TIGHT), tried(RulebookKind.MATRIX, replay_matrix())
    ground.commit()

    def state():
        tables = text("select relname from pg_stat_user_tables where schemaname = 'public'")
        rows = "select md5(string_agg(t::text, ',' order by t::text)) from {} t"
        names = db.session.execute(tables).scalars().all()
        return {name: db.session.execute(text(rows.format(name))).scalar() for name in names}

    before = state()
    assert gathered(*drafts).tally.flipped == 1
    assert not db.session.new
    assert not db.session.dirty
    ground.commit()
    assert state() == before


def replay_matrix():
    level = ("high", "medium", "low")
    return {impact: dict.fromkeys(level, "critical") for impact in level}


def test_what_decides_about_no_clock_cannot_be_tried_nor_two_versions_of_one_thing():
    with pytest.raises(Invalid):
        gathered()
    with pytest.raises(Invalid):
        gathered(rulebook.in_force(RulebookKind.RULESET))
    with pytest.raises(Invalid):
        gathered(tried(RulebookKind.POLICY, TIGHT), tried(RulebookKind.POLICY, CLOCKS))


def test_a_ticket_that_cannot_be_computed_is_counted_and_holds_up_nobody(town):
    broken, fine = a_ticket(department_id=town[0].id), a_ticket(department_id=town[0].id)
    db.session.execute(
        text("insert into ticket_event (ticket_id, type, at, actor_kind, data) values (:id, 'clock_started', :at,"
             " 'system', '{\"clock\": \"resolution\", \"cycle\": 1, \"target_seconds\": 1, \"policy_id\": 99999999,"
             " \"calendar_id\": 1, \"target_key\": \"x\"}')"),
        {"id": broken.id, "at": NOON},
    )  # fmt: skip
    found = gathered(tried(RulebookKind.POLICY, {"targets": TIGHT["targets"][:1]}))
    assert (found.tally.tickets, found.tally.failed) == (2, 1)
    assert {flip.ticket_id for flip in found.flips} == {fine.id}
