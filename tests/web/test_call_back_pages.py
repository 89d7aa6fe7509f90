"""Calls back as supervisors and administrators see them: what is too much, why nothing is dialled, how soon again."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.models.callbacks import CallbackAttempt
from helpdesk.services import callbacks, catalogue, rulebook, slots
from helpdesk.vocabulary import RulebookKind
from tests.builders import (
    NOON,
    a_citizen,
    a_department,
    a_promised_call,
    a_supervisor,
    a_ticket,
    an_account,
    an_administrator,
    an_agent,
    calls_back,
)
from tests.web.staff_browser import StaffBrowser

HOUR = timedelta(hours=1)
ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@pytest.fixture
def department(app, session):
    rulebook.ensure_defaults(NOON)
    rulebook.enact(RulebookKind.CALENDAR, "default", {"tz": "Europe/Athens", "hours": ALWAYS}, at=NOON)
    an_account(is_default=True)
    place = calls_back(a_department())
    catalogue.changed(NOON)
    return place


@pytest.fixture
def root(app, department):
    return StaffBrowser(app, an_administrator())


def test_a_window_with_too_many_calls_stands_first_with_a_way_to_move_each(app, department):
    boss = StaffBrowser(app, a_supervisor(department))
    agent = an_agent(department)
    catalogue.changed(NOON)
    ticket = a_ticket(department_id=department.id, requester=a_citizen(phone="+306912345678"))
    window = slots.offered(department.id, clock.now())[2]
    callbacks.promise(agent, ticket.id, window.begins_at)
    ground.commit()
    assert f"/desk/tickets/{ticket.id}/call-back" not in boss.page("/supervise/calls")
    rulebook.enact(
        RulebookKind.CALENDAR,
        "default",
        {"tz": "Europe/Athens", "hours": {"mon": [["03:00", "03:10"]]}},
        at=clock.now(),
    )
    ground.commit()
    page = boss.page("/supervise/calls")
    assert f"/desk/tickets/{ticket.id}/call-back" in page and "1 promised, 0 can be made" in page


def test_the_list_and_the_settings_say_why_nothing_is_dialled(app, department, root):
    boss = StaffBrowser(app, a_supervisor(department))
    before = boss.page("/supervise/calls")
    root.send_fields("/admin/callbacks", {"calls_a_day": "500", "minutes_a_day": "1500", "calls_to_one": "8",
                                          "countries": "GR"}, status=303)  # fmt: skip
    after = boss.page("/supervise/calls")
    assert 'class="notice late"' in after and 'class="notice late"' not in before
    assert "The system dials nobody." in root.page("/admin/callbacks")


def test_what_a_day_may_cost_stops_the_system_and_is_counted_on_the_page(department, root):
    promise = a_promised_call(a_ticket(department_id=department.id))
    now = clock.now()
    ground.db.session.add(CallbackAttempt(promise_id=promise.id, number=1, key="k", state="done", begun_at=now,
                                          changed_at=now, dialled_at=now, ended_at=now, seconds=600))  # fmt: skip
    ground.commit()
    fields = {"dialling": "yes", "calls_a_day": "1", "minutes_a_day": "1500", "calls_to_one": "8", "countries": "GR"}
    root.send_fields("/admin/callbacks", fields, status=303)
    page = root.page("/admin/callbacks")
    assert "1 of 1 calls, 10 of 1500 minutes" in page and "until some of it is a day old" in page


def test_how_soon_somebody_is_rung_again_is_a_department_s_own(department, root):
    fields = {
        "offered": "yes", "slot_minutes": "30", "handling_minutes": "10", "share_percent": "50",
        "notice_minutes": "30", "days_ahead": "7", "most_retries": "2", "soon_minutes": "20", "later_minutes": "90",
    }  # fmt: skip
    root.send_fields(f"/admin/callbacks/{department.id}", fields, status=303)
    rule = slots.of(department.id)
    assert (rule.most_retries, rule.soon_minutes, rule.later_minutes) == (2, 20, 90)
    root.send_fields(f"/admin/callbacks/{department.id}", fields | {"soon_minutes": "0"}, status=422)


def test_a_country_is_let_in_and_what_is_none_is_refused(department, root):
    fields = {"dialling": "yes", "calls_a_day": "5", "minutes_a_day": "9", "calls_to_one": "3", "countries": "gr, cy"}
    root.send_fields("/admin/callbacks", fields, status=303)
    assert slots.brakes().countries == ("GR", "CY")
    root.send_fields("/admin/callbacks", fields | {"countries": "Greece"}, status=422)
