"""Open cases go to the deputy when somebody goes on leave and come back; who left the house has none."""

import pytest
from sqlalchemy import text

from helpdesk.db import db, flush_pending
from helpdesk.models.people import Membership, Staff
from helpdesk.models.tickets import Ticket
from helpdesk.services import absences, catalogue, handovers, invariants, journal, tickets
from helpdesk.services.absences import Leave
from helpdesk.vocabulary import Handing
from tests.builders import NOON, a_ticket, an_administrator, an_agent
from tests.services.test_absences import DAY

pytestmark = pytest.mark.usefixtures("body")


@pytest.fixture
def nikos(place):
    return an_agent(place, name="Νίκος")


@pytest.fixture
def lead(place, anna, nikos):
    found = an_agent(place, name="Ελένη")
    db.session.get(Membership, (found.id, place.id)).lead = True
    catalogue.changed(NOON)
    return found


@pytest.fixture
def cases(place, anna, lead):
    """Two that she owns, one of which she works on; one that she works on for somebody else; one that is over."""
    mine = a_ticket(department_id=place.id, owner_id=anna.id, assignee_id=anna.id, status="open")
    owned = a_ticket(department_id=place.id, owner_id=anna.id, assignee_id=lead.id, status="open")
    worked = a_ticket(department_id=place.id, owner_id=lead.id, assignee_id=anna.id, status="open")
    over = a_ticket(department_id=place.id, owner_id=anna.id, assignee_id=anna.id, status="closed")
    return mine, owned, worked, over


def away(actor, deputy=None, handing=Handing.RETURN, days=7):
    deputy_id = deputy.id if deputy else None
    return absences.enter(actor, Leave(actor.id, NOON, NOON + days * DAY, deputy_id, handing), at=NOON)


def hands(*found):
    db.session.expire_all()
    return [(one.owner_id, one.assignee_id) for one in (db.session.get(Ticket, ticket.id) for ticket in found)]


def letters(template="handed_over"):
    flush_pending()
    query = text("select payload from outbound where template = :template order by id")
    return list(db.session.execute(query, {"template": template}).scalars())


def reasons(ticket):
    moves = ("owner_changed", "ticket_assigned")
    return [one.event.data().get("reason") for one in journal.of(ticket.id) if one.type in moves]


def test_nothing_moves_before_the_second_at_which_leave_begins(cases, anna, nikos, lead):
    away(anna, nikos)
    assert handovers.tick(NOON - DAY / 86_400) == 0
    assert handovers.tick(NOON) == 1
    assert handovers.tick(NOON) == 0


def test_open_cases_go_to_the_deputy_with_one_letter(cases, anna, nikos, lead):
    away(anna, nikos)
    handovers.tick(NOON)
    assert hands(*cases) == [
        (nikos.id, nikos.id), (nikos.id, lead.id), (lead.id, nikos.id), (anna.id, anna.id),
    ]  # fmt: skip
    [letter] = letters()
    assert (
        letter["to_address"]
        == db.session.execute(text("select email from person where id = :id"), {"id": nikos.id}).scalar()
    )
    assert all(str(ticket.id) in letter["text"] for ticket in cases[:3])
    assert str(cases[3].id) not in letter["text"]
    assert set(reasons(cases[0])) == {"absence"}


def test_they_come_back_at_the_end_but_for_what_somebody_decided_or_finished(cases, place, anna, nikos, lead):
    mine, owned, worked, _ = cases
    away(anna, nikos)
    handovers.tick(NOON)
    tickets.set_owner(lead, owned.id, lead.id, at=NOON + DAY)
    tickets.cancel(nikos, worked.id, "τέλος", at=NOON + DAY)
    handovers.tick(NOON + 7 * DAY)
    assert hands(mine, owned, worked) == [(anna.id, anna.id), (lead.id, lead.id), (lead.id, nikos.id)]
    back = letters()[-1]
    assert str(mine.id) in back["text"] and str(owned.id) not in back["text"]
    assert "Καλώς ορίσατε" in back["subject"]


def test_they_stay_where_that_was_chosen_and_never_move_where_it_is_short(cases, anna, nikos, lead):
    away(anna, nikos, Handing.STAY)
    handovers.tick(NOON)
    handovers.tick(NOON + 7 * DAY)
    assert hands(cases[0]) == [(nikos.id, nikos.id)]
    away(nikos, None, Handing.KEEP)
    handovers.tick(NOON)
    assert hands(cases[0]) == [(nikos.id, nikos.id)]


def test_without_a_deputy_who_leads_answers_and_the_work_is_free_to_take(cases, anna, nikos, lead):
    away(anna)
    handovers.tick(NOON)
    assert hands(cases[0], cases[2]) == [(lead.id, None), (lead.id, None)]
    handovers.tick(NOON + 7 * DAY)
    assert hands(cases[0], cases[2]) == [(anna.id, anna.id), (lead.id, anna.id)]


def test_a_deputy_who_goes_away_hands_on_and_it_still_comes_back(cases, anna, nikos, lead):
    away(anna, nikos)
    handovers.tick(NOON)
    absences.enter(nikos, Leave(nikos.id, NOON + DAY, NOON + 20 * DAY, lead.id), at=NOON)
    handovers.tick(NOON + DAY)
    assert hands(cases[0]) == [(lead.id, lead.id)]
    handovers.tick(NOON + 7 * DAY)
    assert hands(cases[0]) == [(anna.id, anna.id)]
    handovers.tick(NOON + 20 * DAY)
    assert hands(cases[0]) == [(anna.id, anna.id)]


def test_what_somebody_takes_at_that_moment_is_theirs(cases, anna, nikos, lead):
    mine = cases[0]
    away(anna, nikos)
    tickets.assign(lead, mine.id, lead.id, at=NOON)
    handovers.tick(NOON)
    assert hands(mine) == [(nikos.id, lead.id)]


def test_who_is_back_early_has_their_cases_back_early(cases, anna, nikos, lead):
    id_ = away(anna, nikos)
    handovers.tick(NOON)
    absences.end(anna, id_, at=NOON + DAY)
    handovers.tick(NOON + DAY)
    assert hands(cases[0]) == [(anna.id, anna.id)]


def test_an_absence_that_was_over_before_anybody_looked_moves_nothing(cases, anna, nikos, lead):
    away(anna, nikos)
    assert handovers.tick(NOON + 30 * DAY) == 1
    assert hands(cases[0]) == [(anna.id, anna.id)]
    assert letters() == []


def test_nobody_who_left_has_anything_that_lives(cases, place, anna, nikos, lead):
    resolved = a_ticket(department_id=place.id, owner_id=anna.id, assignee_id=anna.id, status="resolved")
    root = an_administrator()
    catalogue.changed(NOON)
    assert handovers.let_go(root, anna.id, nikos.id, at=NOON) == 4
    assert hands(*cases, resolved) == [
        (nikos.id, nikos.id), (nikos.id, lead.id), (lead.id, nikos.id), (anna.id, anna.id), (nikos.id, nikos.id),
    ]  # fmt: skip
    assert len(letters()) == 1
    assert [fault for fault in invariants.broken(NOON) if "works here no more" in fault.what] == []


def test_whichever_way_somebody_left_the_clock_hands_over_what_they_had(cases, anna, nikos, lead):
    db.session.get(Staff, anna.id).active = False
    catalogue.changed(NOON)
    assert handovers.sweep(NOON) == 3
    assert hands(cases[0]) == [(lead.id, None)]
    assert handovers.sweep(NOON) == 0
    assert "left" in reasons(cases[0])
