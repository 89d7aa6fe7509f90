"""Several assigners at the same moment, on connections of their own: nobody gets too much, nothing goes twice."""

from collections import Counter

from sqlalchemy import func, select

from helpdesk.db import commit, db
from helpdesk.models.journal import TicketEvent
from helpdesk.models.tickets import Ticket
from helpdesk.services import assignment, rulebook
from helpdesk.services.assignment import Work
from helpdesk.vocabulary import WorkKind
from tests.builders import NOON, a_department
from tests.races import at_once
from tests.services.crew import a_member, hands_out, waiting


def test_assigners_of_two_departments_never_overload_the_people_they_share(house):
    with house.app_context():
        rulebook.ensure_defaults(NOON)
        here, there = a_department(), a_department()
        crew = [a_member(here, there, capacity=5) for _ in range(3)]
        for place in (here, there):
            hands_out(place)
            for _ in range(20):
                waiting(place)
        ids, people = (here.id, there.id), [one.id for one in crew]
        commit()
    at_once(house, *[lambda place=place: assignment.drain(place, NOON) for place in ids * 3])
    with house.app_context():
        held = Counter(db.session.execute(select(Ticket.assignee_id).where(Ticket.assignee_id.is_not(None))).scalars())
        assert held == dict.fromkeys(people, 5)
        given = select(func.count()).where(TicketEvent.type == "ticket_assigned")
        assert db.session.execute(given).scalar() == 15, "nothing is given twice"


def test_work_given_and_calls_offered_at_once_share_one_capacity(house):
    with house.app_context():
        rulebook.ensure_defaults(NOON)
        place = a_department()
        member = a_member(place, capacity=20)
        hands_out(place)
        for _ in range(5):
            waiting(place)
        department_id, person_id = place.id, member.id
        commit()
    calls = [lambda at=at: assignment.offer(Work(WorkKind.CALL, at, department_id), NOON) for at in range(3)]
    at_once(house, *[lambda: assignment.drain(department_id, NOON), *calls])
    with house.app_context():
        rings = len(assignment.open_for(person_id, NOON))
        held = db.session.execute(select(func.count()).where(Ticket.assignee_id == person_id)).scalar()
        assert (rings, held) in {(1, 0), (0, 5)}


def test_two_who_ask_for_the_next_one_get_different_ones(house):
    with house.app_context():
        rulebook.ensure_defaults(NOON)
        place = a_department()
        crew = [a_member(place) for _ in range(4)]
        for _ in range(4):
            waiting(place)
        commit()
    found = []
    at_once(house, *[lambda one=one: found.append(assignment.take_next(one, at=NOON).id) for one in crew])
    assert len(set(found)) == 4
