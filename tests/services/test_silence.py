"""A case without a word for working days: the owner is told to the second, then who leads, once each."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from helpdesk.db import db, flush_pending
from helpdesk.models.catalogue import Department
from helpdesk.models.people import Membership
from helpdesk.models.tickets import Ticket
from helpdesk.services import catalogue, journal, replies, silence, tickets
from sla import Calendar
from sla.days import after_days
from tests.builders import NOON, a_message, a_ticket, an_agent

pytestmark = pytest.mark.usefixtures("body")

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
FIRST = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
"""Five working days after that Tuesday noon: the Tuesday after."""
LAST = datetime(2026, 12, 8, 10, 0, tzinfo=UTC)
"""Ten."""


@pytest.fixture
def lead(place, anna):
    found = an_agent(place, name="Ελένη")
    db.session.get(Membership, (found.id, place.id)).lead = True
    catalogue.changed(NOON)
    return found


@pytest.fixture
def case(place, anna, lead):
    given = {"owner_id": anna.id, "assignee_id": anna.id, "status": "open", "silent_at": NOON + DAY}
    return a_ticket(department_id=place.id, **given)


def told(ticket):
    flush_pending()
    return [
        (one.event.data()["told"], one.event.data()["days"], one.at)
        for one in journal.of(ticket.id)
        if one.type == "silence_noted"
    ]


def letters():
    query = text("select payload from outbound where template = 'silent' order by id")
    return list(db.session.execute(query).scalars())


def test_the_owner_is_told_to_the_second_and_once(case, anna):
    silence.tick(FIRST - SECOND)
    assert told(case) == []
    silence.tick(FIRST)
    silence.tick(FIRST + SECOND)
    assert told(case) == [("owner", 5, FIRST)]
    [letter] = letters()
    assert str(case.id) in letter["text"]


def test_then_who_leads_after_twice_as_long_and_once(case, lead):
    for at in (FIRST, LAST - SECOND):
        silence.tick(at)
    assert len(told(case)) == 1
    for at in (LAST, LAST + SECOND, LAST + 10 * DAY):
        silence.tick(at)
    assert told(case)[1:] == [("lead", 10, LAST)]
    assert len(letters()) == 2


def test_after_an_outage_the_owner_has_a_working_day_before_who_leads_is_told(case):
    late = LAST + 7 * DAY
    silence.tick(late)
    assert [who for who, *_ in told(case)] == ["owner"]
    silence.tick(late + DAY - SECOND)
    assert len(told(case)) == 1
    silence.tick(late + DAY)
    assert [who for who, *_ in told(case)] == ["owner", "lead"]


@pytest.mark.parametrize("word", ["note", "reply", "citizen"])
def test_any_word_breaks_the_silence_and_a_new_one_is_told_anew(case, anna, word):
    silence.tick(FIRST)
    at = FIRST + DAY
    if word == "citizen":
        a_message(case, at=at)
    else:
        getattr(replies, word)(anna, case.id, "Νεότερα.", at=at)
    silence.tick(LAST)
    assert [who for who, *_ in told(case)] == ["owner"]
    assert silence.known([case.id]) == {}
    silence.tick(LAST + DAY)
    assert told(case)[1:] == [("owner", 5, LAST + DAY)]
    assert silence.known([case.id]) == {case.id: at}


def test_a_machine_s_letter_is_no_word(case):
    a_message(case, at=FIRST - DAY, direction="outbound", automatic="delayed")
    silence.tick(FIRST)
    assert len(told(case)) == 1


def test_what_waits_is_not_silent_and_counts_from_when_it_goes_on(case, anna):
    tickets.wait(anna, case.id, "appointment", FIRST + 3 * DAY, at=NOON)
    silence.tick(FIRST)
    assert told(case) == []
    tickets.resume(anna, case.id, at=FIRST)
    silence.tick(FIRST + 2 * DAY)
    assert told(case) == []
    silence.tick(LAST)
    assert told(case) == [("owner", 5, LAST)]


def test_a_department_has_its_own_days_and_may_have_none(case, place):
    db.session.get(Department, place.id).silent_days = 2
    catalogue.changed(NOON)
    silence.tick(NOON + 2 * DAY)
    assert told(case) == [("owner", 2, NOON + 2 * DAY)]
    db.session.get(Department, place.id).silent_days = 0
    catalogue.changed(NOON)
    silence.tick(LAST)
    assert len(told(case)) == 1
    assert db.session.get(Ticket, case.id, populate_existing=True).silent_at is None


def test_one_letter_tells_of_all_that_went_silent(case, place, anna):
    more = a_ticket(department_id=place.id, owner_id=anna.id, status="open", silent_at=NOON + DAY)
    silence.tick(FIRST)
    [letter] = letters()
    assert str(case.id) in letter["text"] and str(more.id) in letter["text"]


def test_what_is_finished_or_in_triage_is_left_alone(case, anna):
    triage = a_ticket(silent_at=NOON + DAY)
    tickets.cancel(anna, case.id, "τέλος", at=NOON)
    silence.tick(LAST)
    assert told(case) == told(triage) == []


def test_working_days_pass_over_what_is_closed_and_end_at_the_next_opening():
    week = {day: [["08:00", "15:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    office = Calendar.from_dict({"tz": "Europe/Athens", "hours": week, "holidays": ["2026-12-25"]})
    at = datetime(2026, 12, 23, 10, 0, tzinfo=UTC)
    assert after_days(office, at, 1) == at + DAY
    assert after_days(office, at, 2) == datetime(2026, 12, 28, 10, 0, tzinfo=UTC)
    evening = datetime(2026, 12, 23, 20, 0, tzinfo=UTC)
    assert after_days(office, evening, 1) == datetime(2026, 12, 28, 6, 0, tzinfo=UTC)
