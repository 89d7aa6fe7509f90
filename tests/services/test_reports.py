"""Figures: each against a count of the rows themselves over random lives, and against small cases made by hand."""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Forbidden, HelpdeskError, Invalid, NotFound
from helpdesk.i18n import ZONE
from helpdesk.models.catalogue import Category, Department
from helpdesk.models.clocks import TicketClock
from helpdesk.models.informing import Informed
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services import classification, journal, replies, reports, rulebook, tickets, timers
from helpdesk.services.reports import FIGURES, Period, Reading, Unit, Value
from helpdesk.services.reports.periods import Step, last_days, read
from tests.builders import NOON, a_department, a_supervisor, a_ticket, an_account, an_administrator, an_agent

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
LATER = datetime(2027, 1, 15, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(NOON - 60 * DAY)
    an_account(is_default=True)


@pytest.fixture
def chief():
    return an_administrator()


def a_category(key: str) -> Category:
    row = Category(key=key, names={"el": key, "en": key})
    db.session.add(row)
    db.session.flush()
    return row


def closed_as(actor: Actor, department: Department, opened: Category | None, ended: Category) -> None:
    id_ = opened and opened.id
    ticket = a_ticket(department_id=department.id, category_id=id_, opening_category_id=id_)
    tickets.resolve(actor, ticket.id, "solved", "Έγινε.", category_id=ended.id, at=NOON + HOUR)
    tickets.close(actor, ticket.id, at=NOON + DAY)


def figure(actor: Actor, key: str, period: Period = NOVEMBER, department: int | None = None) -> Reading:
    ground.flush_pending()
    return reports.figure(actor, key, period, department, now=LATER)


def value(actor: Actor, key: str, period: Period = NOVEMBER) -> Value:
    return figure(actor, key, period).whole


def on(day: int) -> Period:
    return Period(date(2026, 11, day), date(2026, 11, day))


# Small cases


def test_without_a_ticket_counts_are_zero_and_nothing_else_is_claimed(chief):
    found = {reading.figure.key: reading.whole for reading in reports.overview(chief, NOVEMBER, now=LATER)}
    assert found.keys() == FIGURES.keys()
    assert {key for key, value in found.items() if value.value == 0} == {"received", "resolved", "backlog", "reopened"}
    assert {value.value for key, value in found.items() if FIGURES[key].unit is not Unit.TICKETS} == {None}


def test_a_kept_first_response_counts_in_office_and_calendar_time(chief, agent, department):
    ticket = a_ticket(department_id=department.id)  # Tuesday noon; the office closes at three
    replies.reply(agent, ticket.id, "Έρχεται συνεργείο.", at=NOON + DAY)
    found = value(chief, "first_response")
    assert (found.n, found.value, found.calendar_median) == (1, 7 * 3600, 24 * 3600)
    assert (value(chief, "first_response_met").met, value(chief, "first_response_met").value) == (1, 100.0)


def test_waiting_for_the_citizen_is_left_out_of_office_time_alone(chief, agent, department):
    ticket = a_ticket(department_id=department.id)
    tickets.wait(agent, ticket.id, "needs_information", at=NOON + HOUR)
    tickets.resume(agent, ticket.id, at=NOON + DAY)
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=NOON + DAY + HOUR)
    found = value(chief, "resolution")
    assert (found.value, found.calendar_median) == (2 * 3600, 25 * 3600)


def test_a_promise_missed_and_still_owed_counts_though_no_tick_saw_it(chief, department):
    a_ticket(department_id=department.id)  # first response due on Wednesday, resolution in December
    ground.flush_pending()
    assert (value(chief, "first_response_met").n, value(chief, "first_response_met").value) == (1, 0.0)
    assert value(chief, "resolution_met").n == 0
    early = reports.figure(chief, "first_response_met", NOVEMBER, now=NOON + HOUR)
    assert early.whole.n == 0


def test_a_late_answer_counts_as_missed_when_it_comes(chief, agent, department):
    ticket = a_ticket(department_id=department.id)
    replies.reply(agent, ticket.id, "Συγγνώμη.", at=NOON + 10 * DAY)
    december = Period(date(2026, 12, 1), date(2026, 12, 31))
    assert value(chief, "first_response_met").n == 0
    assert (value(chief, "first_response_met", december).n, value(chief, "first_response_met", december).met) == (1, 0)


def test_a_paused_promise_is_not_missed(chief, agent, department):
    ticket = a_ticket(department_id=department.id)
    tickets.wait(agent, ticket.id, "needs_information", at=NOON + HOUR)
    year = Period(date(2026, 11, 1), date(2027, 1, 15))
    assert value(chief, "resolution_met", year).n == 0


def test_withdrawn_promises_count_nowhere(chief, agent, department):
    ticket = a_ticket(department_id=department.id)
    tickets.cancel(agent, ticket.id, "διπλό", at=NOON + HOUR)
    for key in ("first_response", "first_response_met", "resolution", "resolution_met", "backlog"):
        assert value(chief, key).n == 0, key


def test_the_backlog_of_a_past_day_follows_what_happened_since(chief, agent, department):
    ticket = a_ticket(department_id=department.id)  # the 24th
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=NOON + DAY)  # the 25th
    tickets.reopen(agent, ticket.id, "Ξανά το ίδιο", at=NOON + 3 * DAY)  # the 27th
    tickets.resolve(agent, ticket.id, "solved", "Τώρα ναι.", at=NOON + 4 * DAY)  # the 28th
    tickets.close(SYSTEM, ticket.id, reason="silence", at=NOON + 5 * DAY)
    days = {day: figure(chief, "backlog", on(day)).whole.n for day in range(23, 31)}
    assert days == {23: 0, 24: 1, 25: 0, 26: 0, 27: 1, 28: 0, 29: 0, 30: 0}
    drawn = figure(chief, "backlog", Period(date(2026, 11, 23), date(2026, 11, 30))).series
    assert [part.n for _, part in drawn] == list(days.values())


def test_resolved_and_closed_later_is_not_open_in_between(chief, agent, department):
    ticket = a_ticket(department_id=department.id)
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=NOON + HOUR)
    tickets.close(SYSTEM, ticket.id, reason="silence", at=NOON + 20 * DAY)
    assert figure(chief, "backlog").whole.n == 0


def test_a_resolution_undone_later_stays_in_its_month_and_its_time_does_not(chief, agent, department):
    ticket = a_ticket(department_id=department.id)
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=NOON + HOUR)
    tickets.reopen(agent, ticket.id, "Ξανά το ίδιο", at=NOON + 7 * DAY)
    december = Period(date(2026, 12, 1), date(2026, 12, 31))
    assert (value(chief, "resolved").n, value(chief, "reopened").n, value(chief, "resolution").n) == (1, 0, 0)
    assert value(chief, "reopened", december).n == 1


def test_a_day_begins_at_midnight_of_the_body(chief, department):
    a_ticket(department_id=department.id, received_at=datetime(2026, 11, 24, 22, 30, tzinfo=UTC))
    assert [figure(chief, "received", on(day)).whole.n for day in (24, 25)] == [0, 1]
    assert [part.n for _, part in figure(chief, "received", on(25)).series] == [1]


def test_a_second_cycle_is_a_promise_of_its_own_and_stands_on_the_list(chief, agent, department):
    ticket = a_ticket(department_id=department.id)
    tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=NOON + HOUR)
    ground.flush_pending()
    first = db.session.query(TicketClock).filter_by(ticket_id=ticket.id, name="resolution").one()
    kept = {column.name: getattr(first, column.name) for column in TicketClock.__table__.columns}
    db.session.add(TicketClock(**kept | {"id": None, "cycle": 2, "state": "breached"}))
    assert (value(chief, "resolution_met").n, value(chief, "resolution_met").met) == (2, 1)
    page = reports.tickets_of(chief, "resolution_met", NOVEMBER, limit=1)
    rest = reports.tickets_of(chief, "resolution_met", NOVEMBER, cursor=page.next, limit=1)
    assert [(row.id, row.cycle) for row in (*page.rows, *rest.rows)] == [(ticket.id, 1), (ticket.id, 2)]
    assert rest.next is None


def test_another_category_at_the_end_counts_once_it_is_closed_and_what_opened_with_none_never(chief, department):
    lights, water = a_category("lights"), a_category("water")
    for opened, ended in ((lights, water), (lights, lights), (None, water)):
        closed_as(chief, department, opened, ended)
    found = value(chief, "recategorised")
    assert (found.n, found.met, found.value) == (2, 1, 50.0)


# Who sees what


def test_agents_get_no_figures(agent):
    for ask in (
        lambda: reports.overview(agent, NOVEMBER),
        lambda: reports.figure(agent, "received", NOVEMBER),
        lambda: reports.tickets_of(agent, "received", NOVEMBER),
    ):
        with pytest.raises(Forbidden):
            ask()


def test_a_supervisor_s_figures_leave_out_what_they_may_not_see(chief, department):
    other = a_department()
    a_ticket(department_id=department.id, restricted=True)
    a_ticket(department_id=other.id, restricted=True)
    a_ticket(department_id=other.id)
    ours = a_supervisor(department)
    assert (value(chief, "received").n, value(ours, "received").n) == (3, 2)
    assert len(reports.tickets_of(ours, "received", NOVEMBER).rows) == 2
    assert {key: one.n for key, one in figure(ours, "received").departments.items()} == {department.id: 1, other.id: 1}


def test_one_department_or_those_that_have_none_can_be_asked_for(chief, department):
    a_ticket(department_id=department.id)
    a_ticket(department_id=None)
    a_ticket(department_id=None)
    counts = [figure(chief, "received", department=wanted).whole.n for wanted in (None, department.id, reports.TRIAGE)]
    assert counts == [3, 1, 2]


def test_an_unknown_figure_and_a_broken_place_are_told(chief):
    with pytest.raises(NotFound):
        reports.tickets_of(chief, "speed", NOVEMBER)
    for cursor in ("x", "1", "1.x", "-1.0", "9" * 40 + ".1"):
        with pytest.raises(Invalid):
            reports.tickets_of(chief, "received", NOVEMBER, cursor=cursor)


# Periods


def test_periods_are_read_strictly_and_cut_into_parts():
    assert read(None, None, NOON).days == 30
    assert read("2026-11-01", "2026-11-30", NOON) == NOVEMBER
    assert read(None, "2026-10-31", NOON) == Period(date(2026, 10, 2), date(2026, 10, 31))
    for first, last in (("2026-11-30", "2026-11-01"), ("x", None), ("1999-01-01", None), ("2020-01-01", "2026-01-01")):
        with pytest.raises(Invalid):
            read(first, last, NOON)
    assert (NOVEMBER.step, len(NOVEMBER.parts())) == (Step.DAY, 30)
    quarter, year = Period(date(2026, 9, 1), date(2026, 11, 30)), Period(date(2026, 1, 15), date(2026, 12, 31))
    assert (quarter.step, quarter.parts()[0], len(quarter.parts())) == (Step.WEEK, date(2026, 8, 31), 14)
    assert (year.step, year.parts()[0], len(year.parts())) == (Step.MONTH, date(2026, 1, 1), 12)


# Random lives against a count of the rows themselves


def live(dice: random.Random, agent: Actor, other: Actor, places: list[int | None], kinds: Sequence[Category]) -> None:
    """A ticket's random life through the services; moves that are not legal are left out."""
    at = NOON - 20 * DAY + timedelta(minutes=dice.randrange(25 * 1440))
    first = dice.choice([None, *(row.id for row in kinds)])
    ticket = a_ticket(
        department_id=dice.choice(places), received_at=at, restricted=dice.random() < 0.15,
        category_id=first, opening_category_id=first,
    )  # fmt: skip
    moves: list[Callable[[], Any]] = [
        lambda: replies.reply(agent, ticket.id, "Απάντηση", at=at),
        lambda: tickets.wait(agent, ticket.id, "needs_information", at=at),
        lambda: tickets.wait(agent, ticket.id, "supplier_works", at=at),
        lambda: tickets.resume(agent, ticket.id, at=at),
        *[lambda: tickets.resolve(agent, ticket.id, "solved", "Έγινε.", at=at)] * 4,
        *[lambda: tickets.reopen(agent, ticket.id, "Ξανά", at=at)] * 4,
        *[lambda: tickets.close(agent, ticket.id, at=at)] * 2,
        lambda: tickets.cancel(agent, ticket.id, "διπλό", at=at),
        lambda: classification.classify(agent, ticket.id, impact="high", urgency="high", at=at),
        lambda: classification.classify(agent, ticket.id, category_id=dice.choice(kinds).id, at=at),
        lambda: tickets.transfer(agent, ticket.id, other.departments and min(other.departments), "αλλού", at=at),
    ]
    for move in dice.choices(moves, k=dice.randrange(8)):
        at += timedelta(minutes=dice.randrange(1, 4 * 1440))
        try:
            move()
        except HelpdeskError:
            continue


class Share(NamedTuple):
    """Whether one belongs to the share that a figure measures."""

    state: str


class Truth:
    """The figures, slowly: from the tickets' rows, their journals, and clocks read anew from those."""

    def __init__(self, rows: list[Ticket], now: datetime) -> None:
        self.rows, self.now = rows, now
        self.facts = {row.id: journal.of(row.id) for row in rows}
        read_anew = timers.read_all({row.id: now for row in rows})
        self.readings = {number: [(p.clock.value, r) for p, r in pairs] for number, pairs in read_anew.items()}

    def counted(self, key: str, period: Period) -> list[tuple[Ticket, Any]]:
        if key == "told_in_time":
            return self._late(period)
        if key == "recategorised":
            return self._closed(period)
        if FIGURES[key].clock:
            return [
                (row, reading)
                for row in self.rows
                for name, reading in self.readings[row.id]
                if name == FIGURES[key].clock and self._counts(key, reading, period)
            ]
        return [(row, None) for row in self.rows if self._holds(key, row, period)]

    def _late(self, period: Period) -> list[tuple[Ticket, Any]]:
        """Letters of which none ever leaves here; test_informing_log.py counts those that do."""
        rows, notes = {row.id: row for row in self.rows}, db.session.query(Informed)
        leaves = {note.external_id: note.leaves_at for note in notes}
        found = db.session.query(Outbound).filter(Outbound.ticket_id.in_(rows), Outbound.state == "waiting")
        return [
            (rows[letter.ticket_id], letter)
            for letter in found
            if inside(letter.created_at, period)
            and (leaves.get(letter.external_id) or letter.created_at) + timedelta(minutes=15) < self.now
        ]

    def _closed(self, period: Period) -> list[tuple[Ticket, Any]]:
        """Those that opened with a category, and whether the journal says that they have another one."""
        found = []
        for row in self.rows:
            if row.status == "closed" and row.opening_category_id and inside(self._last(row, "ticket_closed"), period):
                said = [fact.event.category_id for fact in self.facts[row.id] if fact.type == "ticket_classified"]
                ended_with = next((id_ for id_ in reversed(said) if id_ is not None), row.opening_category_id)
                found.append((row, Share("met" if ended_with != row.opening_category_id else "")))
        return found

    def _last(self, row: Ticket, type_: str) -> datetime:
        return max(fact.at for fact in self.facts[row.id] if fact.type == type_)

    def _holds(self, key: str, row: Ticket, period: Period) -> bool:
        if key == "received":
            return inside(row.received_at, period)
        if key == "backlog":
            return self.is_open(row, period.end)
        type_ = {"resolved": "ticket_resolved", "reopened": "ticket_reopened"}[key]
        return any(fact.type == type_ and inside(fact.at, period) for fact in self.facts[row.id])

    def is_open(self, row: Ticket, moment: datetime) -> bool:
        is_open = row.received_at < moment
        for fact in self.facts[row.id]:
            if fact.at < moment and fact.type in {"ticket_resolved", "ticket_closed", "ticket_cancelled"}:
                is_open = False
            if fact.at < moment and fact.type == "ticket_reopened":
                is_open = True
        return is_open

    def _counts(self, key: str, reading: Any, period: Period) -> bool:
        if reading.state == "withdrawn":
            return False
        if reading.stopped_at is not None:
            return inside(reading.stopped_at, period)
        missed = reading.breached_at
        return key.endswith("_met") and missed is not None and missed <= self.now and inside(missed, period)

    def value(self, key: str, period: Period, part: Callable[[Ticket], bool] = lambda row: True) -> Value:
        rows = [(row, reading) for row, reading in self.counted(key, period) if part(row)]
        if FIGURES[key].unit is Unit.TICKETS:
            return Value(len(rows), float(len(rows)))
        if not rows:
            return Value(0)
        if FIGURES[key].unit is Unit.PERCENT:
            met = sum(reading.state == "met" for _, reading in rows)
            return Value(len(rows), 100.0 * met / len(rows), met=met)
        office = [int(reading.elapsed.total_seconds()) for _, reading in rows]
        whole = [(reading.stopped_at - reading.started_at).total_seconds() for _, reading in rows]
        return Value(len(rows), share(office, 0.5), share(office, 0.9), share(whole, 0.5), share(whole, 0.9))


def inside(moment: datetime, period: Period) -> bool:
    return period.first <= moment.astimezone(ZONE).date() <= period.last


def share(values: list[Any], part: float) -> float:
    ordered, place = sorted(values), part * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (ordered[high] - ordered[low]) * (place - low))


def same(found: Value, true: Value) -> bool:
    numbers = ("n", "value", "p90", "calendar_median", "calendar_p90", "met")
    pairs = [(getattr(found, name), getattr(true, name)) for name in numbers]
    return all(one == two or one == pytest.approx(two, abs=1e-6) for one, two in pairs)


def periods(dice: random.Random) -> Iterator[Period]:
    yield NOVEMBER
    for _ in range(4):
        first = date(2026, 11, 1) + timedelta(days=dice.randrange(40))
        yield Period(first, first + timedelta(days=dice.randrange(20)))


@pytest.fixture(params=[5, 14])
def lives(request, department):
    """Random lives at three places, and the dice that made them."""
    dice = random.Random(request.param)
    chief, other = an_administrator(), an_agent(a_department())
    kinds = [a_category("lights"), a_category("water")]
    ground.commit()  # a refused move rolls back to here
    for _ in range(25):
        live(dice, chief, other, [department.id, min(other.departments), None], kinds)
    for ended in kinds:
        closed_as(chief, department, kinds[0], ended)
    ground.flush_pending()
    db.session.expire_all()
    assert {"met", "breached", "withdrawn"} <= {clock.state for clock in db.session.query(TicketClock)}
    assert any(row.reopened for row in db.session.query(Ticket))
    return dice


def test_every_figure_equals_a_count_of_the_rows(lives, chief):
    truth = Truth(db.session.query(Ticket).all(), LATER)
    for period in periods(lives):
        for reading in reports.overview(chief, period, now=LATER):
            key = reading.figure.key
            assert same(reading.whole, truth.value(key, period)), (key, period, reading.whole)
            for place, found in reading.departments.items():
                true = truth.value(key, period, lambda row, place=place: row.department_id == place)
                assert same(found, true), (key, period, place)
            assert sum(found.n for found in reading.departments.values()) == reading.whole.n


def test_every_part_of_a_picture_equals_the_figure_of_that_part(lives, chief):
    period = Period(date(2026, 11, 9), date(2026, 12, 6))
    truth = Truth(db.session.query(Ticket).all(), LATER)
    for reading in reports.overview(chief, period, now=LATER):
        assert [day for day, _ in reading.series] == period.parts()
        for day, found in reading.series:
            key = reading.figure.key
            true = truth.value(key, Period(day, day))
            if key not in {"resolved", "reopened"}:  # what ended twice within the period counts on the last day
                assert same(found, true), (key, day)
        if reading.figure.key != "backlog":
            assert sum(found.n for _, found in reading.series) == reading.whole.n


def test_the_list_behind_a_figure_holds_exactly_what_it_counts(lives, chief, department):
    sees = (chief, a_supervisor(department))
    for period, actor in zip(periods(lives), [*sees, *sees, chief], strict=True):
        for reading in reports.overview(actor, period, now=LATER):
            found, cursor = [], None
            while True:
                page = reports.tickets_of(actor, reading.figure.key, period, cursor=cursor, limit=4, now=LATER)
                found += [(row.id, row.cycle) for row in page.rows]
                if (cursor := page.next) is None:
                    break
            assert found == sorted(set(found))
            assert len(found) == reading.whole.n, reading.figure.key


def test_the_last_days_include_today():
    assert last_days(1, NOON) == on(24)
