"""The classifier at work: what it learns from, when it is followed, what people teach it, and how it is undone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk.db import db, table
from helpdesk.errors import Forbidden, Invalid, Stale
from helpdesk.jobs import learning as job
from helpdesk.models.learning import Proposal, RoutingModel
from helpdesk.models.tickets import Ticket
from helpdesk.services import catalogue, intake, journal, learning, tickets
from helpdesk.services.arrival import Arrival, Wish
from helpdesk.services.learning import examples
from helpdesk.services.people import Contact
from tests.builders import NOON, a_department, a_service, a_ticket, an_administrator, an_agent
from tests.routing.examples import EXAMPLES

pytestmark = pytest.mark.usefixtures("session")
LEAK = "Διαρροή νερού από τον αγωγό ύδρευσης"


@pytest.fixture
def town():
    """Four departments with the tickets they resolved."""
    departments = {key: a_department(key=key) for key in dict.fromkeys(label for label, _ in EXAMPLES)}
    for label, text in EXAMPLES:
        resolved(departments[label], text)
    catalogue.changed(NOON)
    return departments


def resolved(department, text: str, **given) -> Ticket:
    defaults = {"status": "resolved", "resolved_at": NOON, "resolution_code": "solved", "subject": "Αίτημα"}
    return a_ticket(department_id=department.id, text=text, **defaults | given)


def arrives(text: str, at=NOON) -> Ticket:
    mail = Arrival(channel="email", received_at=at, contact=Contact("anna@example.org"), subject="Βοήθεια", text=text)
    [taken] = intake.take_in([mail], at)
    journal.flush()
    return db.session.get(Ticket, taken.ticket_id)


def proposal(ticket: Ticket):
    return db.session.execute(select(table(Proposal)).where(Proposal.ticket_id == ticket.id)).one_or_none()


def sure_of(*departments: str, from_: float = 0.5) -> None:
    """As if people had settled enough proposals."""
    db.session.execute(table(RoutingModel).update().values(thresholds=dict.fromkeys(departments, from_)))


def test_before_it_learned_anything_nothing_is_proposed():
    ticket = arrives(LEAK)
    assert ticket.department_id is None
    assert "proposal" not in ticket.routing
    assert proposal(ticket) is None


def test_a_new_model_only_proposes(town):
    number = learning.train(at=NOON)
    ticket = arrives(LEAK)
    kept = ticket.routing["proposal"]
    assert ticket.department_id is None
    assert ticket.routing["by"] == "default"
    assert kept["choices"][0]["department"] == "water"
    assert len(kept["choices"]) == 3
    assert (kept["model"], kept["routed"], kept["known"]) == (number, False, True)
    assert any(reason["word"] == "ύδρευσης" for reason in kept["reasons"])
    assert proposal(ticket).department_id == town["water"].id


def test_a_model_that_cannot_be_read_stops_no_request(town):
    learning.train(at=NOON)
    db.session.execute(table(RoutingModel).update().values(data=b"of another version"))
    ticket = arrives(LEAK)
    assert ticket.department_id is None
    assert "proposal" not in ticket.routing


def test_a_department_whose_precision_is_proven_is_sent_to_at_once(town):
    learning.train(at=NOON)
    sure_of("water")
    ticket = arrives(LEAK)
    assert ticket.department_id == town["water"].id
    assert (ticket.routing["by"], ticket.routing["proposal"]["routed"]) == ("classifier", True)
    assert 0.5 <= ticket.routing["confidence"] <= 1
    [routed] = [one.event for one in journal.of(ticket.id) if one.type == "ticket_routed"]
    assert (routed.by, routed.department_id, routed.reasons) == ("classifier", town["water"].id, [])


def test_what_is_new_to_it_waits_for_a_human_however_sure_it_is(town):
    learning.train(at=NOON)
    sure_of(*town, from_=0.0)
    ticket = arrives("Zwölf Boxkämpfer jagen Viktor")
    assert ticket.department_id is None
    assert not ticket.routing["proposal"]["known"]


def test_a_rule_goes_before_it_and_is_not_measured(town):
    learning.train(at=NOON)
    service = a_service(department_id=town["roads"].id)
    mail = Arrival(
        channel="webform", received_at=NOON, contact=Contact("anna@example.org"), subject="", text=LEAK,
        wish=Wish(service_id=service.id),
    )  # fmt: skip
    [taken] = intake.take_in([mail], NOON)
    journal.flush()
    ticket = db.session.get(Ticket, taken.ticket_id)
    assert (ticket.department_id, ticket.routing["by"]) == (town["roads"].id, "service")
    assert proposal(ticket) is None


@pytest.mark.parametrize(("key", "how"), [("water", "accepted"), ("waste", "corrected")])
def test_choosing_sends_it_there_and_settles_the_proposal(town, key, how):
    learning.train(at=NOON)
    ticket = arrives(LEAK)
    boss = an_administrator()
    learning.choose(boss, ticket.id, key, at=NOON + timedelta(minutes=1))
    assert ticket.department_id == town[key].id
    assert (proposal(ticket).settled_id, proposal(ticket).settled_how) == (town[key].id, how)
    with pytest.raises(Invalid):
        learning.choose(boss, ticket.id, "nowhere")


def test_what_was_sent_at_once_can_be_confirmed_or_sent_on(town):
    learning.train(at=NOON)
    sure_of("water")
    boss, ticket = an_administrator(), arrives(LEAK)
    learning.choose(boss, ticket.id, "water", at=NOON)
    assert (ticket.department_id, proposal(ticket).settled_how) == (town["water"].id, "accepted")
    tickets.take(boss, ticket.id, at=NOON)
    learning.choose(boss, ticket.id, "roads", at=NOON)
    assert (ticket.department_id, ticket.assignee_id, proposal(ticket).settled_how) == (
        town["roads"].id,
        None,
        "corrected",
    )


def test_a_ticket_without_a_proposal_is_transferred_not_chosen(town):
    ticket = a_ticket(department_id=town["roads"].id)
    with pytest.raises(Stale):
        learning.choose(an_administrator(), ticket.id, "water")


def test_a_transfer_later_is_the_last_word_and_counts_more_when_it_is_learned(town):
    learning.train(at=NOON)
    sure_of("water")
    ticket = arrives(LEAK)
    boss = an_administrator()
    tickets.transfer(boss, ticket.id, town["roads"].id, "Ο δρόμος έσπασε", at=NOON)
    assert proposal(ticket).settled_how == "corrected"
    tickets.resolve(boss, ticket.id, "solved", "Έγινε.", at=NOON + timedelta(hours=1))
    assert proposal(ticket).settled_how == "corrected"
    [learned] = [one for one in examples.resolved() if LEAK in one.text]
    assert (learned.label, learned.weight) == ("roads", examples.CORRECTED)


def test_resolving_it_where_it_was_sent_says_that_it_was_right(town):
    learning.train(at=NOON)
    sure_of("water")
    ticket = arrives(LEAK)
    tickets.resolve(an_administrator(), ticket.id, "solved", "Έγινε.", at=NOON)
    assert (proposal(ticket).settled_id, proposal(ticket).settled_how) == (town["water"].id, "resolved")


def test_a_new_body_begins_with_what_departments_and_services_say_of_themselves():
    water = a_department(key="water", descriptions={"el": "Ύδρευση, διαρροές και λογαριασμοί νερού"})
    roads = a_department(key="roads", descriptions={"el": "Δρόμοι, λακκούβες και πεζοδρόμια"})
    a_service(department_id=water.id, names={"el": "Βλάβη αγωγού"})
    a_service(department_id=roads.id, names={"el": "Λακκούβα στην άσφαλτο"})
    catalogue.changed(NOON)
    learning.train(at=NOON)
    assert arrives(LEAK).routing["proposal"]["choices"][0]["department"] == "water"


def test_what_nobody_here_was_competent_for_is_learned_as_none_of_ours(town):
    for at in range(8):
        text = f"Αίτηση συνταξιοδότησης στον ασφαλιστικό φορέα, υπόθεση {at}"
        resolved(town["registry"], text, resolution_code="not_competent")
    learning.train(at=NOON)
    kept = arrives("Πότε βγαίνει η συνταξιοδότηση από τον ασφαλιστικό φορέα;").routing["proposal"]
    assert not kept["known"]


def test_with_fewer_than_two_departments_there_is_nothing_to_learn():
    with pytest.raises(Invalid):
        learning.train(at=NOON)


def test_a_version_can_be_put_back(town):
    first = learning.train(at=NOON)
    second = learning.train(at=NOON + timedelta(days=1))
    assert learning.in_force().number == second
    with pytest.raises(Stale):
        learning.put_back(an_administrator(), second)
    with pytest.raises(Forbidden):
        learning.put_back(an_agent(), first)
    learning.put_back(an_administrator(), first, at=NOON + timedelta(days=2))
    assert learning.in_force().number == first
    assert [row.state for row in learning.versions()] == ["retired", "in_force"]


def test_only_the_newest_versions_are_kept_and_the_one_in_force(town):
    first = learning.train(at=NOON)
    for day in range(1, 3):
        learning.train(at=NOON + timedelta(days=day))
    learning.put_back(an_administrator(), first)
    table_ = table(RoutingModel)
    rows = [dict(row._mapping) | {"number": 100 + at, "state": "retired"} for at, row in enumerate([*_all(table_)] * 5)]
    for row in rows:
        row.pop("id")
    db.session.execute(table_.insert(), rows)
    learning.train(at=NOON + timedelta(days=3))
    assert len(learning.versions()) == 10


def _all(of):
    return db.session.execute(select(of)).all()


def test_it_is_due_at_night_and_after_enough_corrections(town):
    assert learning.due(NOON) == "nightly"
    learning.train(at=NOON)
    assert learning.due(NOON + timedelta(hours=2)) == ""
    assert learning.due(NOON + timedelta(hours=24)) == "nightly"
    for _ in range(25):
        settled(town, "water", "roads", 0.9, NOON + timedelta(hours=1))
    assert learning.due(NOON + timedelta(hours=2)) == "corrections"


def settled(town, said: str, true: str, confidence: float, at=NOON, routed: bool = False) -> None:
    """A proposal that people settled."""
    ticket = a_ticket(department_id=town[true].id)
    db.session.add(
        Proposal(
            ticket_id=ticket.id, model=1, at=at, department_id=town[said].id, confidence=confidence, known=True,
            routed=routed, settled_id=town[true].id, settled_at=at,
            settled_how="accepted" if said == true else "corrected",
        )
    )  # fmt: skip
    db.session.flush()


def test_it_is_measured_by_what_people_made_of_it(town):
    for at in range(8):
        settled(town, "water", "water" if at < 6 else "roads", 0.75, routed=at % 2 == 0)
    found = learning.measured(NOON + timedelta(days=1))
    assert (found.settled, found.right, found.routed, found.routed_right) == (8, 0.75, 4, 0.75)
    assert found.calibration_error == pytest.approx(0.0)
    assert not found.drift


def test_it_warns_when_its_proposals_became_worse(town):
    for at in range(20):
        settled(town, "water", "water", 0.9, NOON - timedelta(days=40))
        settled(town, "water", "water" if at < 15 else "roads", 0.9, NOON - timedelta(days=1))
    found = learning.measured(NOON)
    assert (found.before, found.right, found.drift) == (1.0, 0.75, True)


def test_held_out_figures_come_from_the_newest_tickets(town):
    held = learning.evaluate()
    assert held.told == len(EXAMPLES) // 5
    assert 0 <= held.accuracy <= 1


def test_the_job_trains_when_it_is_due_and_keeps_what_it_measured(town):
    job.train()
    [row] = learning.versions()
    assert (row.state, row.why) == ("in_force", "nightly")
    assert row.figures["measured"]["settled"] == 0
    job.train()
    assert len(learning.versions()) == 1
