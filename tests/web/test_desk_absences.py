"""The page of absences: one's own, those of one's people, and what it refuses."""

from datetime import timedelta

import pytest

from helpdesk import clock, i18n
from helpdesk.db import db
from helpdesk.models.people import Membership
from helpdesk.services import absences, catalogue
from tests.builders import NOON, an_administrator, an_agent
from tests.web.staff_browser import StaffBrowser, visible

pytestmark = pytest.mark.usefixtures("house_in_order")


@pytest.fixture
def anna(place):
    return an_agent(place, name="Άννα Ιωάννου")


@pytest.fixture
def nikos(place, anna):
    found = an_agent(place, name="Νίκος Ρήγας")
    catalogue.changed(NOON)
    return found


def day(number):
    return (clock.now().astimezone(i18n.ZONE) + timedelta(days=number)).date().isoformat()


def test_somebody_enters_their_own_absence_and_calls_it_off(app, anna, nikos):
    browser = StaffBrowser(app, anna)
    assert "No absence of yours is entered." in visible(browser.page("/desk/absences"))
    told = {"from_day": day(3), "until_day": day(9), "deputy_id": str(nikos.id), "handing": "stay"}
    browser.send_fields("/desk/absences", told)
    [row] = absences.coming(anna, clock.now())
    assert (row.deputy_id, row.handing) == (nikos.id, "stay")
    assert (row.from_at, row.until_at) == absences.days(
        clock.now().astimezone(i18n.ZONE).date() + timedelta(days=3),
        clock.now().astimezone(i18n.ZONE).date() + timedelta(days=9),
    )
    page = visible(browser.page("/desk/absences"))
    assert "Νίκος Ρήγας stands in." in page
    browser.send_fields(f"/desk/absences/{row.id}/end", {}, at="/desk/absences")
    assert absences.coming(anna, clock.now()) == []


def test_a_part_of_a_day_has_times(app, anna, nikos):
    browser = StaffBrowser(app, anna)
    told = {"from_day": day(1), "from_time": "12:30", "until_day": day(1), "until_time": "15:00", "handing": "keep"}
    browser.send_fields("/desk/absences", told)
    [row] = absences.coming(anna, clock.now())
    assert row.until_at - row.from_at == timedelta(hours=2, minutes=30)
    assert "12:30" in visible(browser.page("/desk/absences"))


def test_what_is_wrong_stands_at_its_field_and_keeps_what_was_typed(app, anna, nikos):
    browser = StaffBrowser(app, anna)
    for sent, told in (
        ({"from_day": "soon", "until_day": day(2)}, "First day away: Give a day."),
        ({"from_day": day(2), "from_time": "noon", "until_day": day(2)}, "From what time: Give a time, like 14:30."),
        ({"from_day": day(3), "until_day": day(2)}, "Last day away: The end lies after the beginning"),
    ):
        page = browser.send_fields("/desk/absences", sent, status=422).text
        assert told in visible(page)
        assert f'value="{sent["until_day"]}"' in page
        assert 'aria-invalid="true"' in page


def test_a_colleague_neither_sees_nor_ends_it(app, anna, nikos):
    StaffBrowser(app, anna).send_fields("/desk/absences", {"from_day": day(1), "until_day": day(2)})
    [row] = absences.coming(anna, clock.now())
    other = StaffBrowser(app, nikos)
    assert "No absence of yours is entered." in visible(other.page("/desk/absences"))
    other.send_fields(f"/desk/absences/{row.id}/end", {}, at="/desk/absences", status=403)
    other.send_fields(
        "/desk/absences", {"person_id": str(anna.id), "from_day": day(5), "until_day": day(6)}, status=403
    )
    assert len(absences.coming(anna, clock.now())) == 1


def test_who_leads_enters_it_for_their_people(app, place, anna, nikos):
    db.session.get(Membership, (nikos.id, place.id)).lead = True
    catalogue.changed(NOON)
    browser = StaffBrowser(app, nikos)
    assert f'<option value="{anna.id}">' in browser.page("/desk/absences")
    sent = {"person_id": str(anna.id), "from_day": day(1), "until_day": day(2), "deputy_id": str(nikos.id)}
    browser.send_fields("/desk/absences", sent)
    [row] = absences.coming(anna, clock.now())
    assert (row.entered_by_id, row.deputy_id) == (nikos.id, nikos.id)


def test_administration_shows_it_at_the_person_and_leads_to_the_form(app, anna, nikos):
    root = StaffBrowser(app, an_administrator())
    catalogue.changed(NOON)
    assert "No absence is entered." in visible(root.page(f"/admin/people/{anna.id}"))
    sent = {"person_id": str(anna.id), "from_day": day(0), "until_day": day(2)}
    root.send_fields("/desk/absences", sent)
    page = root.page(f"/admin/people/{anna.id}")
    assert "Away from" in visible(page)
    assert f"/desk/absences?person={anna.id}" in page
    assert f'<option value="{anna.id}" selected>' in root.page(f"/desk/absences?person={anna.id}")
    assert "Absence" in visible(root.page("/admin/log?kind=absence"))
