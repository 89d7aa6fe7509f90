"""Windows in which calls are promised: cut from open hours, as many as people can make, never one too many."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from helpdesk.db import commit, db
from helpdesk.errors import Forbidden, Invalid, Stale
from helpdesk.models.absences import Absence
from helpdesk.models.callbacks import CallbackSlot
from helpdesk.services import catalogue, rulebook, slots
from helpdesk.services.slots import CallbackRule
from helpdesk.vocabulary import RulebookKind
from sla import Calendar
from tests.builders import NOON, a_department, an_administrator, an_agent, calls_back

HALF = timedelta(minutes=30)
ATHENS = ZoneInfo("Europe/Athens")


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(NOON)


@pytest.fixture
def department():
    place = calls_back(a_department())
    an_agent(place)
    return place


def cut_of(day: date, hours: list[list[str]]) -> list[tuple[datetime, datetime]]:
    calendar = Calendar.from_dict({"tz": "Europe/Athens", "hours": {day.strftime("%a").lower(): hours}})
    begin = datetime(day.year, day.month, day.day, tzinfo=ATHENS)
    return list(slots.cut(calendar.spans(begin, begin + timedelta(days=1, hours=2)), HALF, begin))


def test_open_time_is_cut_from_each_opening_and_a_rest_is_no_window():
    found = cut_of(date(2026, 11, 24), [["08:00", "09:15"], ["17:00", "18:00"]])
    assert [one.astimezone(ATHENS).strftime("%H:%M") for one, _ in found] == ["08:00", "08:30", "17:00", "17:30"]


@pytest.mark.parametrize(("day", "count"), [(date(2027, 3, 28), 2), (date(2026, 10, 25), 6)])
def test_a_day_on_which_the_clock_is_changed_has_as_many_windows_as_it_has_open_hours(day, count):
    found = cut_of(day, [["02:00", "04:00"]])
    assert len(found) == count
    assert all(end - begin == HALF for begin, end in found)
    assert len({begin for begin, _ in found}) == count


@pytest.mark.parametrize(
    ("people", "minutes", "share", "expected"),
    [(1, 30, 100, 3), (2, 30, 50, 3), (1, 30, 25, 0), (4, 30, 25, 3), (0, 60, 100, 0)],
)
def test_capacity_is_what_people_on_shift_get_done_in_their_share_of_the_time(people, minutes, share, expected):
    assert slots.capacity(people, minutes, CallbackRule(1, share_percent=share)) == expected


def test_the_earliest_window_is_neither_past_nor_too_near(department):
    rule = CallbackRule(department.id, offered=True, share_percent=100, notice_minutes=60)
    first = slots.offered(department.id, NOON, rule)[0]
    assert first.begins_at >= NOON + timedelta(minutes=60)
    assert first.begins_at < NOON + timedelta(minutes=60) + HALF


def test_a_holiday_has_no_windows(department):
    data = rulebook.versions(RulebookKind.CALENDAR)[0].data
    rulebook.enact(RulebookKind.CALENDAR, "default", {**data, "holidays": ["2026-11-25"]}, at=NOON)
    days = {one.begins_at.astimezone(ATHENS).date() for one in slots.windows(department.id, NOON)}
    assert date(2026, 11, 25) not in days
    assert date(2026, 11, 26) in days


def test_who_is_away_makes_no_calls(department):
    tomorrow = datetime(2026, 11, 25, tzinfo=ATHENS)
    person = next(one.id for one in catalogue.current().colleagues.values() if department.id in one.departments)
    leave = {"person_id": person, "from_at": tomorrow, "until_at": tomorrow + timedelta(days=1)}
    db.session.add(Absence(**leave, handing="return", entered_at=NOON))
    db.session.flush()
    catalogue.changed(NOON)
    rooms = {one.begins_at.astimezone(ATHENS).date(): one.capacity for one in slots.windows(department.id, NOON)}
    assert (rooms[date(2026, 11, 25)], rooms[date(2026, 11, 26)]) == (0, 3)


def test_looking_makes_no_row(department):
    assert slots.offered(department.id, NOON)
    assert db.session.execute(select(CallbackSlot)).all() == []


def test_a_department_that_says_nothing_offers_nothing():
    assert slots.offered(a_department().id, NOON) == []


def test_a_full_window_is_offered_no_more_and_refuses(department):
    first = slots.offered(department.id, NOON)[0].begins_at
    for _ in range(3):
        slots.book(department.id, first, NOON)
    assert first not in {one.begins_at for one in slots.offered(department.id, NOON)}
    with pytest.raises(Stale) as refused:
        slots.book(department.id, first, NOON)
    assert refused.value.code == "slot-full"


def test_a_window_that_is_not_offered_is_refused(department):
    with pytest.raises(Invalid) as refused:
        slots.book(department.id, NOON + timedelta(minutes=7), NOON)
    assert set(refused.value.fields) == {"begins_at"}


def test_a_place_is_kept_for_five_minutes_and_then_free_again(department):
    first = slots.offered(department.id, NOON)[0].begins_at
    kept = [slots.hold(department.id, first, NOON) for _ in range(3)]
    with pytest.raises(Stale):
        slots.book(department.id, first, NOON)
    slots.book(department.id, first, NOON, kept[0].token)
    assert slots.held(kept[0].token, NOON) is None, "a place is used once"
    later = NOON + slots.HOLDS
    assert slots.held(kept[1].token, later) is None
    slots.forget_holds(later)
    row = db.session.execute(select(CallbackSlot.booked, CallbackSlot.held)).one()
    assert tuple(row) == (1, 0)


def test_a_place_kept_in_one_window_books_no_other(department):
    first, second = slots.offered(department.id, NOON)[:2]
    kept = slots.hold(department.id, first.begins_at, NOON)
    slots.book(department.id, second.begins_at, NOON, kept.token)
    rows = db.session.execute(select(CallbackSlot.booked, CallbackSlot.held).order_by(CallbackSlot.begins_at))
    assert [tuple(row) for row in rows] == [(0, 1), (1, 0)]


@pytest.mark.parametrize("told", ["210 3214567", "+30 210 3214567", "6912345678", "0030 6912345678", "210 32 14/567"])
def test_fixed_and_mobile_numbers_of_greece_are_rung(told):
    assert slots.reachable(told).startswith("+30")


@pytest.mark.parametrize(
    "told",
    ["9011234567", "8011234567", "112", "1520", "+266696687", "anonymous", "", "+44 20 7946 0000", "2103214567 ext. 5"],
)
def test_premium_shared_short_foreign_and_unknown_numbers_are_not(told):
    assert slots.reachable(told) == ""


def test_a_country_that_the_body_lets_in_is_rung():
    assert slots.reachable("+44 20 7946 0018", ("GR", "GB")) == "+442079460018"


def test_only_administrators_say_what_a_department_offers(department):
    commit()
    with pytest.raises(Forbidden):
        slots.save(an_agent(department), department.id, slot_minutes=60, at=NOON)
    slots.save(an_administrator(), department.id, slot_minutes=60, at=NOON)
    assert slots.of(department.id).slot_minutes == 60
    first = slots.offered(department.id, NOON)[0]
    assert first.ends_at - first.begins_at == timedelta(hours=1)


def test_wrong_settings_are_named(department):
    with pytest.raises(Invalid) as refused:
        slots.save(an_administrator(), department.id, slot_minutes=1, colour="red", at=NOON)
    assert set(refused.value.fields) == {"slot_minutes", "colour"}
    with pytest.raises(Invalid) as refused:
        slots.save_brakes(an_administrator(), countries=("Greece",), at=NOON)
    assert set(refused.value.fields) == {"countries"}


def test_the_brakes_are_the_body_s_own(department):
    slots.save_brakes(an_administrator(), dialling=False, countries=("GR", "CY"), at=NOON)
    found = slots.brakes()
    assert (found.dialling, found.countries, found.calls_a_day) == (False, ("GR", "CY"), 500)


def test_a_window_that_is_open_all_day_begins_at_the_same_moments_whenever_one_looks(department):
    hours = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    rulebook.enact(RulebookKind.CALENDAR, "default", {"tz": "Europe/Athens", "hours": hours}, at=NOON)
    first = {one.begins_at for one in slots.windows(department.id, NOON)}
    later = {one.begins_at for one in slots.windows(department.id, NOON + timedelta(minutes=17))}
    assert later - first <= {max(later)}
    assert datetime(2026, 11, 25, 3, tzinfo=UTC) in later
