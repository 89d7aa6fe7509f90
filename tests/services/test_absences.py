"""Who is away, who stands in, and who may say so."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from helpdesk.db import db
from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.models.people import Membership, Staff
from helpdesk.services import absences, catalogue, house
from helpdesk.services.absences import Leave
from tests.builders import NOON, a_department, a_supervisor, an_administrator, an_agent
from tests.web.browsers import counted

pytestmark = pytest.mark.usefixtures("session")

DAY = timedelta(days=1)


@pytest.fixture
def anna(place):
    return an_agent(place)


@pytest.fixture
def nikos(place, anna):
    found = an_agent(place)
    catalogue.changed(NOON)
    return found


def leave(actor, deputy=None, begin=NOON, days=7, **given):
    return Leave(actor.id, begin, begin + days * DAY, deputy.id if deputy else None, **given)


def test_somebody_is_away_from_the_first_second_to_the_last(anna, nikos):
    absences.enter(anna, leave(anna, nikos), at=NOON)
    second = timedelta(seconds=1)
    assert absences.away(NOON - second) == {}
    assert absences.away(NOON) == {anna.id: nikos.id}
    assert absences.away(NOON + 7 * DAY - second) == {anna.id: nikos.id}
    assert absences.away(NOON + 7 * DAY) == {}


def test_asking_who_is_away_takes_one_statement_or_none(anna, nikos):
    absences.enter(anna, leave(anna, nikos), at=NOON)
    absences.away(NOON)
    with counted() as seen:
        assert absences.away(NOON) and absences.away(NOON + DAY)
    assert len(seen) <= 1, seen


def test_days_are_those_of_the_body(session):
    athens = ZoneInfo("Europe/Athens")
    begin, end = absences.days(date(2026, 10, 24), date(2026, 10, 25))  # the clocks go back in between
    assert (begin, end) == (datetime(2026, 10, 24, tzinfo=athens), datetime(2026, 10, 26, tzinfo=athens))
    assert (end.astimezone(ZoneInfo("UTC")) - begin.astimezone(ZoneInfo("UTC"))) == timedelta(hours=49)


def test_the_person_their_lead_their_supervisor_and_administrators_may_enter_it(place, anna, nikos):
    lead = replace(nikos, leads=frozenset({place.id}))
    for number, actor in enumerate((anna, lead, a_supervisor(place), an_administrator())):
        absences.enter(actor, leave(anna, begin=NOON + 10 * number * DAY), at=NOON)
    assert len(absences.coming(anna, NOON)) == 4


def test_nobody_else_may_enter_or_end_it(place, anna, nikos):
    id_ = absences.enter(anna, leave(anna), at=NOON)
    for actor in (nikos, a_supervisor(a_department()), replace(an_agent(), leads=frozenset({a_department().id}))):
        with pytest.raises(Forbidden):
            absences.enter(actor, leave(anna, begin=NOON + 30 * DAY), at=NOON)
        with pytest.raises(Forbidden):
            absences.end(actor, id_, at=NOON)
        assert absences.coming(actor, NOON) == []


def test_what_cannot_be_is_refused_by_field(place, anna, nikos):
    stranger = an_agent(a_department())
    gone = an_agent(place)
    db.session.get(Staff, gone.id).active = False
    catalogue.changed(NOON)
    absences.enter(anna, leave(anna, begin=NOON + 20 * DAY), at=NOON)
    for wish, field in (
        (leave(anna, days=0), "until_at"),
        (leave(anna, begin=NOON - 9 * DAY, days=8), "until_at"),
        (leave(anna, days=800), "until_at"),
        (leave(anna, begin=NOON + 26 * DAY), "from_at"),
        (leave(anna, handing="burn"), "handing"),
        (leave(anna, anna), "deputy_id"),
        (leave(anna, stranger), "deputy_id"),
        (leave(anna, gone), "deputy_id"),
    ):
        with pytest.raises(Invalid) as refused:
            absences.enter(anna, wish, at=NOON)
        assert list(refused.value.fields) == [field]
    with pytest.raises(NotFound):
        absences.enter(an_administrator(), leave(gone), at=NOON)


def test_one_may_follow_the_other_without_a_gap(anna, nikos):
    absences.enter(anna, leave(anna), at=NOON)
    absences.enter(anna, leave(anna, begin=NOON + 7 * DAY), at=NOON)
    assert absences.away(NOON + 7 * DAY) == {anna.id: None}


def test_one_that_has_not_begun_is_called_off(anna, nikos):
    id_ = absences.enter(anna, leave(anna, begin=NOON + DAY), at=NOON)
    absences.end(anna, id_, at=NOON)
    assert absences.away(NOON + 2 * DAY) == {}
    with pytest.raises(Stale):
        absences.end(anna, id_, at=NOON)
    with pytest.raises(NotFound):
        absences.end(anna, id_ + 1000, at=NOON)
    absences.enter(anna, leave(anna, begin=NOON + DAY), at=NOON)


def test_a_deputy_who_is_away_has_a_deputy_too(place, anna, nikos):
    eleni = an_agent(place)
    catalogue.changed(NOON)
    gone = {anna.id: nikos.id, nikos.id: eleni.id}
    assert absences.stand_in(anna.id, gone) == eleni.id
    assert absences.stand_in(eleni.id, gone) == eleni.id
    assert absences.stand_in(anna.id, {anna.id: nikos.id, nikos.id: anna.id}) is None
    assert absences.stand_in(anna.id, {anna.id: None}) is None
    assert absences.stand_in(None, gone) is None


def test_whoever_answers_for_more_than_one_department_can_stand_in_anywhere(place, anna, nikos):
    boss, stranger = a_supervisor(a_department()), an_agent(a_department())
    nikos_elsewhere = db.session.get(Membership, (nikos.id, place.id))
    assert nikos_elsewhere is not None
    catalogue.changed(NOON)
    found = {one.id for one in absences.deputies(anna.id)}
    assert {nikos.id, boss.id} <= found
    assert not {anna.id, stranger.id} & found


def test_each_entry_is_kept_in_the_log_of_the_house(anna, nikos):
    id_ = absences.enter(anna, leave(anna, nikos), at=NOON)
    absences.end(an_administrator(), id_, at=NOON)
    assert [(row.act, row.kind, row.thing_id) for row in house.deeds("absence").rows] == [
        ("ended", "absence", id_), ("made", "absence", id_),
    ]  # fmt: skip
