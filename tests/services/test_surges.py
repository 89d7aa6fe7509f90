"""Many who say the same within a day: proposed once, with its tickets; decided by supervisors, never by itself."""

from datetime import timedelta

import pytest

from helpdesk.db import db
from helpdesk.errors import Forbidden, Stale
from helpdesk.models.likeness import Surge
from helpdesk.models.tickets import Link
from helpdesk.services import duplicates, majors, rulebook, surges
from tests.builders import NOON, a_citizen, a_department, a_service, a_supervisor, a_ticket, an_agent
from tests.services.test_duplicates import OTHER

SAID = (
    ("Διακοπή νερού", "Δεν έχουμε νερό στην οδό Πηγής από το πρωί."),
    ("Δεν έχουμε νερό", "Από το πρωί δεν έχουμε νερό, οδός Πηγής 4."),
    ("Νερό", "Στην οδό Πηγής 11 δεν έχουμε καθόλου νερό από το πρωί."),
    ("Διακοπή νερού Πηγής", "Κόπηκε το νερό στην οδό Πηγής, δεν έχουμε από το πρωί."),
    ("ΔΙΑΚΟΠΗ ΝΕΡΟΥ", "ΔΕΝ ΕΧΟΥΜΕ ΝΕΡΟ ΣΤΗΝ ΟΔΟ ΠΗΓΗΣ ΑΠΟ ΤΟ ΠΡΩΙ"),
)


@pytest.fixture
def place(session):
    rulebook.ensure_defaults(NOON)
    return a_department()


def flood(place, service, said=SAID, **given):
    found = [
        a_ticket(department_id=place.id, service_id=service.id, subject=subject, text=text, type="request", **given)
        for subject, text in said
    ]
    duplicates.index(NOON)
    return [ticket.id for ticket in found]


def test_a_flood_is_proposed_once_with_its_tickets_and_their_words(place):
    service = a_service(department_id=place.id)
    ids = flood(place, service)
    a_ticket(department_id=place.id, service_id=service.id, **OTHER)
    duplicates.index(NOON)
    assert surges.look(NOON) == 1 and surges.look(NOON) == 0
    (found,) = surges.proposed(a_supervisor(place))
    assert [row.id for row in found.tickets] == ids and found.service_id == service.id
    assert "νερό" in found.words or "νερού" in found.words


def test_an_open_proposal_grows(place):
    service = a_service(department_id=place.id)
    flood(place, service, SAID[:4])
    surges.look(NOON)
    flood(place, service, SAID[4:])
    assert surges.look(NOON) == 0
    assert len(surges.proposed(a_supervisor(place))[0].tickets) == 5


def test_one_person_who_writes_often_is_no_surge(place):
    flood(place, a_service(department_id=place.id), requester=a_citizen())
    assert surges.look(NOON) == 0


def test_what_came_in_over_days_is_no_surge(place):
    service = a_service(department_id=place.id)
    for days, one in enumerate(SAID):
        flood(place, service, [one], received_at=NOON - timedelta(days=days))
    assert surges.look(NOON) == 0


def test_what_was_dismissed_comes_back_only_at_twice_its_size(place):
    service, supervisor = a_service(department_id=place.id), a_supervisor(place)
    flood(place, service)
    surges.look(NOON)
    surges.dismiss(supervisor, surges.proposed(supervisor)[0].id, at=NOON)
    flood(place, service, SAID[:2])
    assert surges.look(NOON) == 0 and surges.proposed(supervisor) == []
    flood(place, service, SAID[:3])
    assert surges.look(NOON) == 1


def test_gathering_links_them_with_the_oldest(place):
    supervisor = a_supervisor(place)
    ids = flood(place, a_service(department_id=place.id))
    surges.look(NOON)
    surge = surges.proposed(supervisor)[0].id
    assert surges.gather(supervisor, surge, at=NOON) == ids[0]
    assert db.session.query(Link).filter_by(kind="duplicate").count() >= 4
    with pytest.raises(Stale):
        surges.dismiss(supervisor, surge, at=NOON)


def test_a_major_incident_is_proposed_not_declared(place):
    supervisor = a_supervisor(place)
    ids = flood(place, a_service(department_id=place.id))
    surges.look(NOON)
    assert surges.propose_major(supervisor, surges.proposed(supervisor)[0].id, at=NOON) == ids[0]
    (proposal,) = majors.waiting(supervisor)
    assert (proposal.ticket_id, proposal.similar) == (ids[0], 5)


def test_agents_neither_see_nor_decide(place):
    flood(place, a_service(department_id=place.id))
    surges.look(NOON)
    surge = db.session.query(Surge).one().id
    agent = an_agent(place)
    for act in (lambda: surges.proposed(agent), lambda: surges.dismiss(agent, surge)):
        with pytest.raises(Forbidden):
            act()
