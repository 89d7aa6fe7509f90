"""Tickets that say the same are found: beside a ticket and while one writes; only what the reader may see."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from helpdesk.db import db
from helpdesk.models.likeness import TicketBand, TicketLikeness
from helpdesk.services import duplicates, rulebook
from tests.builders import NOON, a_citizen, a_department, a_ticket, an_agent

pytestmark = pytest.mark.usefixtures("session")
LAMP = {"subject": "Σβηστή λάμπα", "text": "Στην οδό Ερμού 12 δεν ανάβει η λάμπα του δρόμου εδώ και τρεις μέρες."}
AGAIN = {"subject": "Φως", "text": "Η λάμπα του δρόμου στην Ερμού 12 δεν ανάβει, τρεις μέρες τώρα."}
OTHER = {"subject": "Κάδος", "text": "Ο κάδος ανακύκλωσης στην πλατεία έχει ξεχειλίσει από την Παρασκευή."}


@pytest.fixture
def place():
    rulebook.ensure_defaults(NOON)
    return a_department()


def kept():
    return db.session.execute(select(func.count()).select_from(TicketLikeness)).scalar()


def test_a_ticket_that_says_the_same_is_found_and_another_is_not(place):
    lamp, again, other = (a_ticket(department_id=place.id, **said) for said in (LAMP, AGAIN, OTHER))
    assert duplicates.index(NOON) == 3 and duplicates.index(NOON) == 0
    agent = an_agent(place)
    (found,) = duplicates.of_ticket(agent, lamp.id, lamp.requester_id)
    assert (found.number, found.same_person) == (again.id, False) and found.share >= 0.5
    assert duplicates.of_ticket(agent, other.id, other.requester_id) == []


def test_the_same_person_is_shown_first_and_with_less_in_common(place):
    citizen = a_citizen()
    a_ticket(department_id=place.id, **AGAIN)
    theirs = a_ticket(department_id=place.id, requester=citizen, subject="Λάμπα", text="Ερμού 12, η λάμπα πάλι, ελάτε!")
    lamp = a_ticket(department_id=place.id, requester=citizen, **LAMP)
    duplicates.index(NOON)
    found = duplicates.of_ticket(an_agent(place), lamp.id, citizen.id)
    assert (found[0].number, found[0].same_person) == (theirs.id, True)


def test_while_one_writes_nothing_need_be_there_yet(place):
    citizen = a_citizen(email="anna@example.org")
    lamp = a_ticket(department_id=place.id, requester=citizen, **LAMP)
    duplicates.index(NOON)
    agent = an_agent(place)
    (found,) = duplicates.of_text(agent, AGAIN["subject"], AGAIN["text"], "Anna@example.org")
    assert (found.number, found.same_person) == (lamp.id, True)
    assert duplicates.of_text(agent, "και το", "να") == []


def test_what_the_reader_may_not_see_is_not_hinted_at(place):
    a_ticket(department_id=place.id, restricted=True, **LAMP)
    duplicates.index(NOON)
    assert duplicates.of_text(an_agent(a_department()), AGAIN["subject"], AGAIN["text"]) == []
    assert len(duplicates.of_text(an_agent(place), AGAIN["subject"], AGAIN["text"])) == 1


def test_merged_ones_and_those_that_belong_to_it_already_are_left_out(place):
    lamp, again = a_ticket(department_id=place.id, **LAMP), a_ticket(department_id=place.id, **AGAIN)
    duplicates.index(NOON)
    agent = an_agent(place)
    assert duplicates.of_ticket(agent, lamp.id, lamp.requester_id, [again.id]) == []
    again.status = "merged"
    again.merged_into_id = again.survivor_id = lamp.id
    db.session.flush()
    assert duplicates.of_ticket(agent, lamp.id, lamp.requester_id) == []


def test_what_is_finished_for_long_is_let_go(place):
    old = NOON - timedelta(days=40)
    a_ticket(department_id=place.id, **LAMP)
    gone = a_ticket(department_id=place.id, received_at=old, **AGAIN)
    duplicates.index(NOON)
    assert kept() == 2
    gone.status = "closed"
    db.session.flush()
    assert duplicates.forget(NOON) == 1 and kept() == 1


def test_old_finished_tickets_are_not_kept_at_all(place):
    a_ticket(department_id=place.id, received_at=NOON - timedelta(days=40), status="closed", **LAMP)
    assert duplicates.index(NOON) == 0


def test_a_backlog_is_taken_in_portions_and_latecomers_are_found(place):
    early = a_ticket(department_id=place.id, **LAMP)
    for _ in range(3):
        a_ticket(department_id=place.id, **OTHER)
    assert [duplicates.index(NOON, 2), duplicates.index(NOON, 2), duplicates.index(NOON, 2)] == [2, 2, 0]
    db.session.execute(TicketLikeness.__table__.delete().where(TicketLikeness.ticket_id == early.id))
    assert duplicates.index(NOON) == 1, "it was committed after its successors"


def test_its_bands_are_kept_and_let_go_with_it(place):
    lamp = a_ticket(department_id=place.id, **LAMP)
    duplicates.index(NOON)
    own = select(TicketLikeness.bands).where(TicketLikeness.ticket_id == lamp.id)
    bands = select(TicketBand.band).where(TicketBand.ticket_id == lamp.id)
    assert set(db.session.execute(bands).scalars()) == set(db.session.execute(own).scalar_one()) != set()
    lamp.status = "closed"
    db.session.flush()
    assert duplicates.forget(NOON + duplicates.KEPT + timedelta(days=1)) == 1
    assert db.session.execute(bands).first() is None


def test_an_old_one_with_words_of_its_own_is_found_behind_a_flood(place):
    old = a_ticket(department_id=place.id, subject="Λάμπα", text=f"{LAMP['text']} Στάζει νερό το κουτί της κολόνας.")
    for _ in range(duplicates.NEWEST + 5):
        a_ticket(department_id=place.id, **LAMP)
    again = a_ticket(
        department_id=place.id, subject="Λάμπα", text=f"{AGAIN['text']} Από το κουτί της κολόνας στάζει νερό."
    )
    duplicates.index(NOON)
    found = duplicates.of_ticket(an_agent(place), again.id, again.requester_id)
    assert old.id in {one.number for one in found} and len(found) <= duplicates.SHOWN


def test_the_same_person_s_own_are_not_hidden_by_a_flood(place):
    citizen = a_citizen()
    theirs = a_ticket(department_id=place.id, requester=citizen, subject="Λάμπα", text="Ερμού 12, η λάμπα πάλι, ελάτε!")
    for _ in range(duplicates.COMPARED + 5):
        a_ticket(department_id=place.id, **AGAIN)
    lamp = a_ticket(department_id=place.id, requester=citizen, **LAMP)
    duplicates.index(NOON)
    found = duplicates.of_ticket(an_agent(place), lamp.id, citizen.id)
    assert (found[0].number, found[0].same_person) == (theirs.id, True)
