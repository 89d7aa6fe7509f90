"""Agreements of the body: which there are, which are overdue, which hold their promises; owners are reminded once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk.db import db
from helpdesk.errors import NotFound
from helpdesk.jobs.schedule import SCHEDULE
from helpdesk.models.people import Staff
from helpdesk.models.post import Outbound
from helpdesk.services import agreements, catalogue, house, reviewing, rulebook
from helpdesk.vocabulary import RulebookKind
from tests.builders import NOON, a_department, a_service, an_account, an_administrator, an_agent

OWNER = "owner@city.example"
DAY = timedelta(days=1)
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def place(session):
    rulebook.ensure_defaults(NOON - 30 * DAY)
    place = a_department(key="water")
    a_service(key="leak", department_id=place.id)
    catalogue.changed(NOON)
    return place


@pytest.fixture
def owner(place):
    return an_agent(place, email=OWNER, language="en", name="Anna")


def agreed(key="water", hours=4, at=NOON, **more):
    """An agreement with the department of water, in force."""
    data = {
        "targets": [{"clock": "ola", "seconds": hours * 3600}],
        "when": {"department": ["water"]},
        "agreement": {"kind": "ola", "department": "water", "owner": OWNER} | more,
    }
    return rulebook.enact(RulebookKind.POLICY, key, data, title="Με την Ύδρευση", at=at)


def letters():
    rows = db.session.execute(select(Outbound.payload).order_by(Outbound.id)).scalars()
    return [(row["to_address"], row["subject"], row["text"]) for row in rows]


def test_agreements_stand_by_kind_and_order_with_their_drafts_after_them(owner):
    agreed()
    draft = rulebook.make_draft(an_administrator(), RulebookKind.POLICY, "water", rulebook.in_force(
        RulebookKind.POLICY, "water").value.to_dict(), at=NOON)  # fmt: skip
    found = agreements.known(NOON)
    standing = [(one.row.key, one.is_in_force) for one in found]
    assert standing == [("major-incident", True), ("default", True), ("water", True), ("water", False)]
    assert found[3].row.id == draft


@pytest.mark.parametrize(("days", "is_overdue"), [
    ({"review_on": TODAY}, False),
    ({"review_on": TODAY - DAY}, True),
    ({"valid_until": TODAY - DAY}, True),
    ({"valid_until": TODAY + DAY, "review_on": TODAY + DAY}, False),
    ({}, False),
])  # fmt: skip
def test_what_ran_out_or_should_have_been_looked_at_is_overdue_from_the_day_after(owner, days, is_overdue):
    agreed(**{name: day.isoformat() for name, day in days.items()})
    assert [one.row.key for one in agreements.overdue(NOON)] == (["water"] if is_overdue else [])


def test_drafts_and_what_no_longer_holds_are_never_overdue(owner):
    agreed(review_on="2026-01-01")
    agreed(review_on="2027-01-01")
    assert agreements.overdue(NOON) == []
    assert not any(one.overdue for one in agreements.known(NOON))


def test_an_agreement_is_found_by_its_key(owner):
    first = agreed()
    assert agreements.find("water").id == first.id
    rulebook.retire(an_administrator(), first.id, why="Έληξε", at=NOON)
    assert agreements.find("water").id == first.id
    with pytest.raises(NotFound):
        agreements.find("moon")


def test_a_department_that_may_take_longer_than_the_citizen_was_promised_is_told_of(owner):
    agreed(hours=4)
    assert agreements.weak(NOON) == []
    agreed(hours=20)
    found = agreements.weak(NOON)
    assert {(gap.policy, gap.promised_by) for gap in found} == {("water", "default")}
    assert {gap.scope.priority for gap in found} == {"critical", "high"}, "normal and low are promised in 40 and 80"


def test_a_draft_is_compared_in_the_place_of_what_is_in_force(owner):
    slow = agreed(hours=4).value.to_dict()
    slow["targets"][0]["seconds"] = 100 * 3600
    from_draft = rulebook.READ[RulebookKind.POLICY](slow)
    assert len(agreements.weak(NOON, {"water": from_draft})) == 4
    assert agreements.weak(NOON) == []


def test_each_is_counted_in_the_hours_of_its_department(place, owner):
    round_the_clock = {"tz": "Europe/Athens", "hours": {day: [["00:00", "24:00"]] for day in (
        "mon", "tue", "wed", "thu", "fri", "sat", "sun")}}  # fmt: skip
    rulebook.enact(RulebookKind.CALENDAR, "shifts", round_the_clock, at=NOON)
    place.calendar_key = "shifts"
    catalogue.changed(NOON)
    agreed(hours=8)
    assert agreements.weak(NOON) == []
    agreed(hours=9)
    assert len(agreements.weak(NOON)) == 1, "both are counted round the clock: 9 hours against 8"


def test_the_owner_is_reminded_once_when_the_day_comes(owner):
    an_account()
    agreed(review_on=TODAY.isoformat())
    assert reviewing.remind(NOON - DAY) == 0
    assert reviewing.remind(NOON) == 1
    assert reviewing.remind(NOON + DAY) == 0
    ((to, subject, text),) = letters()
    assert (to, subject) == (OWNER, "An agreement is to be looked at again: Με την Ύδρευση")
    assert "24 Nov 2026" in text and "/admin/agreements/water" in text
    deed = house.deeds(kind="rulebook", limit=1).rows[0]
    assert (deed.act, deed.person_id, deed.data) == ("reminded", None, {"review_on": "2026-11-24"})


def test_a_new_version_with_the_same_day_reminds_nobody_again_and_one_with_another_day_does(owner):
    an_account()
    agreed(review_on=TODAY.isoformat())
    reviewing.remind(NOON)
    agreed(review_on=TODAY.isoformat(), terms="Με διόρθωση")
    assert reviewing.remind(NOON + DAY) == 0
    agreed(review_on=(TODAY + DAY).isoformat())
    assert reviewing.remind(NOON + DAY) == 1


def test_the_last_day_has_a_reminder_of_its_own(owner):
    an_account()
    agreed(review_on=(TODAY - DAY).isoformat(), valid_until=TODAY.isoformat())
    assert reviewing.remind(NOON) == 2
    assert [subject.split(":")[0] for _, subject, _ in letters()] == [
        "An agreement is to be looked at again", "An agreement runs out",
    ]  # fmt: skip


def test_administrators_are_told_where_the_owner_works_here_no_more(owner):
    an_account()
    root = an_administrator(email="root@city.example", language="el")
    db.session.get(Staff, owner.id).active = False
    agreed(review_on=TODAY.isoformat())
    reviewing.remind(NOON)
    ((to, subject, _text),) = letters()
    assert (to, root.id != owner.id) == ("root@city.example", True)
    assert subject.startswith("Μια συμφωνία")


def test_without_an_address_to_write_from_the_reminder_waits(owner):
    agreed(review_on=TODAY.isoformat())
    assert reviewing.remind(NOON) == 0
    an_account()
    assert reviewing.remind(NOON) == 1


def test_the_letter_waits_for_the_owners_opening_hours(owner):
    an_account()
    agreed(review_on=TODAY.isoformat())
    reviewing.remind(NOON.replace(hour=2))
    (due,) = db.session.execute(select(Outbound.due_at)).scalars()
    assert due == NOON.replace(hour=6)


def test_the_clock_looks_for_such_days():
    assert "reviews" in [item.name for item in SCHEDULE]
