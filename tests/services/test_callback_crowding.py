"""People fall away after calls were promised: supervisors are told, nothing moves by itself, who is moved is told."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from helpdesk import db as ground
from helpdesk import i18n
from helpdesk.db import db
from helpdesk.models.absences import Absence
from helpdesk.models.callbacks import CallbackPromise, CallbackSlot
from helpdesk.models.people import Staff
from helpdesk.models.post import Outbound
from helpdesk.permissions import SYSTEM
from helpdesk.services import asking_calls, callbacks, catalogue, rulebook, slots
from helpdesk.services.asking_calls import Asked
from helpdesk.services.callbacks import crowding, retrying
from helpdesk.services.callbacks.retrying import Pauses
from helpdesk.vocabulary import RulebookKind
from sla import Calendar
from tests.builders import NOON, a_department, a_supervisor, an_account, an_administrator, an_agent, calls_back

ATHENS = ZoneInfo("Europe/Athens")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WEEK = ("mon", "tue", "wed", "thu", "fri")


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)


@pytest.fixture
def department():
    """Two people, six calls in every half hour."""
    place = calls_back(a_department())
    an_agent(place), an_agent(place)
    catalogue.changed(NOON)
    return place


@pytest.fixture
def boss(department):
    found = a_supervisor(department)
    catalogue.changed(NOON)
    return found


def tomorrow(department):
    """The first window of the next morning."""
    return next(one for one in slots.windows(department.id, NOON) if one.begins_at > NOON + 12 * HOUR)


def asked(department, window, count: int) -> list[int]:
    """So many citizens book that window."""
    begins = window.begins_at
    wishes = [
        Asked(department.id, begins, f"69123456{number:02}", "Άννα", email=f"a{number}@example.org")
        for number in range(count)
    ]
    return [asking_calls.ask(SYSTEM, one, at=NOON).number for one in wishes]


def goes_away(department, people: int = 1) -> None:
    """So many of the department's agents are away tomorrow."""
    begins = datetime(2026, 11, 25, tzinfo=ATHENS)
    known = [one for one in catalogue.current().colleagues.values() if department.id in one.departments]
    for one in [person for person in known if person.role == "agent"][:people]:
        gone = {"person_id": one.id, "from_at": begins, "until_at": begins + timedelta(days=1)}
        db.session.add(Absence(**gone, handing="return", entered_at=NOON))
    db.session.flush()
    catalogue.changed(NOON)


def letters(template: str) -> list[Outbound]:
    ground.flush_pending()
    return list(db.session.scalars(select(Outbound).where(Outbound.template == template).order_by(Outbound.id)))


def test_a_leave_after_the_booking_shows_what_is_too_much_and_moves_nothing(department, boss):
    window = tomorrow(department)
    room = window.capacity
    numbers = asked(department, window, 5)
    assert crowding.crowds(NOON) == []
    goes_away(department, people=2)
    [crowd] = crowding.crowds(NOON)
    assert (crowd.booked, crowd.over) == (5, 5 - crowd.capacity) and crowd.capacity < 5 <= room
    assert sorted(row.ticket_id for row in crowding.promised_in([crowd.slot_id], boss)) == sorted(numbers)
    assert {one.begins_at for one in db.session.scalars(select(CallbackPromise))} == {window.begins_at}


def test_supervisors_are_told_once_of_each_call_too_many_and_what_to_do(department, boss):
    asked(department, tomorrow(department), 5)
    assert crowding.watch(NOON) == 0 and letters("calls_crowded") == []
    goes_away(department, people=2)
    assert [crowding.watch(NOON + n * MINUTE) for n in range(3)] == [1, 0, 0]
    [letter] = letters("calls_crowded")
    assert "/call-back" in letter.payload["text"] and letter.payload["to_address"]


def test_once_people_are_back_it_is_no_matter_any_more_and_the_next_time_is_told_again(department, boss):
    asked(department, tomorrow(department), 5)
    goes_away(department, people=2)
    crowding.watch(NOON)
    for gone in db.session.scalars(select(Absence)):
        db.session.delete(gone)
    db.session.flush()
    catalogue.changed(NOON)
    assert crowding.watch(NOON) == 0 and crowding.crowds(NOON) == []
    goes_away(department, people=2)
    assert crowding.watch(NOON) == 1 and len(letters("calls_crowded")) == 2


def test_a_holiday_that_is_declared_later_leaves_no_room_for_what_was_promised(department, boss):
    asked(department, tomorrow(department), 2)
    data = rulebook.versions(RulebookKind.CALENDAR)[0].data
    rulebook.enact(RulebookKind.CALENDAR, "default", {**data, "holidays": ["2026-11-25"]}, at=NOON)
    [crowd] = crowding.crowds(NOON)
    assert (crowd.booked, crowd.capacity) == (2, 0)


def test_who_leaves_the_house_makes_no_calls(department, boss):
    asked(department, tomorrow(department), 5)
    for staff in db.session.scalars(select(Staff)):
        staff.active = False
    db.session.flush()
    catalogue.changed(NOON)
    assert [one.capacity for one in crowding.crowds(NOON)] == [0]


def test_moving_one_makes_room_tells_the_citizen_and_counts_as_not_kept(department, boss):
    window = tomorrow(department)
    numbers = asked(department, window, 5)
    goes_away(department, people=2)
    before = crowding.crowds(NOON)[0].over
    assert letters("progress") == []
    later = next(one for one in slots.offered(department.id, NOON) if one.begins_at > window.begins_at + 20 * HOUR)
    callbacks.move(boss, numbers[0], later.begins_at, note="Άδεια συναδέλφου", at=NOON + MINUTE)
    ended = db.session.scalars(select(CallbackPromise).where(CallbackPromise.ended == "moved_by_us")).one()
    assert ended.ticket_id == numbers[0]
    left = crowding.crowds(NOON)
    assert sum(one.over for one in left) == before - 1
    assert db.session.scalars(select(CallbackSlot.booked).where(CallbackSlot.begins_at == window.begins_at)).one() == 4
    [letter] = letters("progress")
    assert (letter.ticket_id, letter.payload["to_address"]) == (numbers[0], "a0@example.org")
    assert i18n.clock_time(later.begins_at, "el") in letter.payload["text"]


def test_a_department_says_how_soon_it_tries_again(department):
    slots.save(an_administrator(), department.id, soon_minutes=25, later_minutes=60, most_retries=2, at=NOON)
    agent = an_agent(department)
    number = asked(department, tomorrow(department), 1)[0]
    at = tomorrow(department).begins_at
    due = []
    for _ in range(2):
        callbacks.dial(agent, number, "no_answer", at=at)
        ground.flush_pending()
        due.append(db.session.scalars(select(CallbackPromise.due_at)).one())
        at = due[-1]
    assert [due[0] - tomorrow(department).begins_at, due[1] - due[0]] == [25 * MINUTE, HOUR]
    callbacks.dial(agent, number, "no_answer", at=at)
    assert db.session.scalars(select(CallbackPromise.state)).one() == "unreachable"


@pytest.mark.parametrize(
    ("at", "pauses", "expected"),
    [
        # the night of Saturday to Sunday, 29 March 2026, has 23 hours, that of 25 October has 25
        ("2026-03-27 14:55", Pauses(10 * MINUTE), "2026-03-30 08:00"),
        ("2026-10-23 14:55", Pauses(10 * MINUTE), "2026-10-26 08:00"),
        # the 28th of October is a holiday
        ("2026-10-27 14:50", Pauses(20 * MINUTE), "2026-10-29 08:00"),
        ("2026-10-27 10:00", Pauses(20 * MINUTE), "2026-10-27 10:20"),
    ],
)
def test_retries_stay_in_opening_hours_over_changes_of_the_clock_and_holidays(at, pauses, expected):
    office = Calendar.from_dict(
        {"tz": "Europe/Athens", "hours": {day: [["08:00", "15:00"]] for day in WEEK}, "holidays": ["2026-10-28"]}
    )
    moment, wanted = (datetime.fromisoformat(told).replace(tzinfo=ATHENS) for told in (at, expected))
    assert retrying.again_at(office, 1, moment, moment, pauses) == wanted


@pytest.mark.parametrize(
    ("at", "expected"), [("2026-03-28 10:00", "2026-03-29 15:00"), ("2026-10-24 16:00", "2026-10-25 09:00")]
)
def test_the_other_half_of_a_day_on_which_the_clock_is_changed_is_by_the_clock_on_the_wall(at, expected):
    always = Calendar.from_dict(
        {"tz": "Europe/Athens", "hours": {d: [["00:00", "24:00"]] for d in (*WEEK, "sat", "sun")}}
    )
    moment, wanted = (datetime.fromisoformat(told).replace(tzinfo=ATHENS) for told in (at, expected))
    assert retrying.again_at(always, 3, moment, moment) == wanted
