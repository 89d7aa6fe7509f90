"""Quiet hours over the nights in which clocks change: a letter leaves exactly at the wall-clock end."""

from datetime import datetime, timedelta

import pytest

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.models.post import Outbound
from helpdesk.permissions import SYSTEM
from helpdesk.services import informing, rulebook, tickets
from helpdesk.vocabulary import PublicChange, Reader, RulebookKind
from tests.builders import a_department, a_ticket, an_account, an_agent

LONG_BEFORE = datetime.fromisoformat("2026-01-07T12:00:00+02:00")


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(LONG_BEFORE)
    an_account(is_default=True)


def enact(**quiet: object) -> None:
    """Puts the usual rules in force with these hours."""
    data = rulebook.in_force(RulebookKind.INFORMING).value.to_dict() | {"quiet": quiet}
    rulebook.enact(RulebookKind.INFORMING, "default", data, at=LONG_BEFORE, actor=SYSTEM)


def leaves(written: str) -> datetime:
    """When the letter leaves about a request that somebody takes at that moment."""
    at = datetime.fromisoformat(written)
    agent = an_agent(place := a_department())
    ticket = a_ticket(department_id=place.id, received_at=at - timedelta(hours=1))
    tickets.take(agent, ticket.id, at=at)
    ground.flush_pending()
    [letter] = db.session.query(Outbound).filter_by(ticket_id=ticket.id, template="progress").all()
    return letter.due_at


@pytest.mark.parametrize(
    ("at", "until"),
    [
        pytest.param("2026-10-24T21:00:00+03:00", "2026-10-25T08:00:00+02:00", id="autumn, from the first moment"),
        pytest.param("2026-10-25T03:30:00+03:00", "2026-10-25T08:00:00+02:00", id="autumn, half past three"),
        pytest.param("2026-10-25T03:30:00+02:00", "2026-10-25T08:00:00+02:00", id="autumn, half past three again"),
        pytest.param("2027-03-27T21:00:00+02:00", "2027-03-28T08:00:00+03:00", id="spring, from the first moment"),
        pytest.param("2027-03-28T02:59:59+02:00", "2027-03-28T08:00:00+03:00", id="spring, just before"),
        pytest.param("2027-03-28T04:00:00+03:00", "2027-03-28T08:00:00+03:00", id="spring, after it"),
    ],
)  # fmt: skip
def test_a_letter_of_a_night_in_which_clocks_change_leaves_at_eight_by_the_wall(at, until):
    assert leaves(at) == datetime.fromisoformat(until)


@pytest.mark.parametrize("day", ["2026-10-25T{}+02:00", "2027-03-28T{}+03:00"])
def test_on_either_side_of_such_a_night_letters_wait_only_their_moment(day):
    morning = datetime.fromisoformat(day.format("08:00:00"))
    before = morning - informing.GRACE - timedelta(seconds=1)
    assert leaves(before.isoformat()) == morning
    assert leaves(morning.isoformat()) == morning + informing.GRACE
    evening = datetime.fromisoformat(day.format("20:59:29"))
    assert leaves(evening.isoformat()) == evening + informing.GRACE


def test_hours_that_end_in_the_hour_that_is_skipped_end_when_clocks_have_moved():
    enact(**{"from": "21:00", "to": "03:30", "closed_days": False})
    assert leaves("2027-03-28T01:00:00+02:00") == datetime.fromisoformat("2027-03-28T04:00:00+03:00")


def test_hours_that_begin_and_end_within_the_doubled_hour_hold_nothing_longer_than_they_say():
    enact(**{"from": "02:00", "to": "03:30", "closed_days": False})
    assert leaves("2026-10-25T02:30:00+03:00") == datetime.fromisoformat("2026-10-25T03:30:00+03:00")
    assert leaves("2026-10-25T04:10:00+02:00") == datetime.fromisoformat("2026-10-25T04:10:30+02:00")


def test_days_that_are_closed_are_quiet_to_the_next_open_morning_whichever_clock_it_goes_by():
    """The last Sundays of October and March, on which clocks change, are closed."""
    enact(**{"from": "21:00", "to": "08:00", "closed_days": True})
    assert leaves("2026-10-24T12:00:00+03:00") == datetime.fromisoformat("2026-10-26T08:00:00+02:00")
    assert leaves("2027-03-27T12:00:00+02:00") == datetime.fromisoformat("2027-03-29T08:00:00+03:00")


def test_what_may_not_wait_leaves_in_the_night_in_which_clocks_change():
    at = datetime.fromisoformat("2026-10-25T03:30:00+02:00")
    assert informing.leaves(PublicChange.RESOLVED, Reader.REQUESTER, at) == at
