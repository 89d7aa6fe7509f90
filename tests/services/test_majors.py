"""Major incidents: criteria that propose, a declaration with a coordinator, one update to all, one end for all."""

from datetime import timedelta

import pytest

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.events import MajorCriteriaChecked
from helpdesk.models.clocks import TicketClock
from helpdesk.models.help import Outage
from helpdesk.models.majors import MajorChild, MajorProposal
from helpdesk.models.people import Person
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Message, Ticket
from helpdesk.permissions import Actor
from helpdesk.services import intake, journal, majors, rulebook, search, selfhelp, tickets, upkeep
from helpdesk.services.filters import Filters
from helpdesk.services.majors import resolving, updates
from helpdesk.services.views import View
from helpdesk.vocabulary import ActorKind, RulebookKind
from tests.builders import (
    NOON,
    a_citizen,
    a_customer,
    a_department,
    a_service,
    a_supervisor,
    a_ticket,
    an_agent,
)
from tests.services.moves import kinds

pytestmark = pytest.mark.usefixtures("body")

LATER = NOON + timedelta(minutes=20)
TITLES = {"el": "Χωρίς νερό στην Άνω Πόλη", "en": "No water in the Upper Town"}
SUMMARIES = {"el": "Έσπασε κεντρικός αγωγός.", "en": "A water main is broken."}
NEWS = {"el": "Το συνεργείο σκάβει.", "en": "The crew is digging."}
END = {"el": "Το νερό επανήλθε.", "en": "The water is back."}


@pytest.fixture
def service(department):
    return a_service(
        department_id=department.id, type="incident", customer_id=a_customer(contact_email="ypodomes@example.org").id
    )


def incident(service, **given) -> Ticket:
    return a_ticket(department_id=service.department_id, service_id=service.id, **given)


def declared(actor, ticket, link=(), **given) -> Ticket:
    made = majors.declare(actor, ticket.id, actor.id, TITLES, SUMMARIES, link=link, **{"at": LATER} | given)
    ground.commit()
    return made


def checks(ticket) -> list[tuple[str, int]]:
    ground.flush_pending()
    facts = [fact.event for fact in journal.of(ticket.id)]
    return [(one.criterion, one.similar) for one in facts if isinstance(one, MajorCriteriaChecked)]


def proposals() -> list[tuple[str, int, str]]:
    ground.flush_pending()
    return [
        (row.criterion, row.ticket_id, row.state) for row in db.session.query(MajorProposal).order_by(MajorProposal.id)
    ]


def letters(template: str) -> list[str]:
    ground.commit()
    rows = db.session.query(Outbound).filter_by(template=template).order_by(Outbound.id)
    return [row.payload["to_address"] for row in rows]


def public(ticket_id: int) -> list[str]:
    rows = db.session.query(Message).filter_by(ticket_id=ticket_id, direction="outbound", audience="public")
    return [row.text for row in rows.filter(Message.automatic.is_(None)).order_by(Message.id)]


def test_every_incident_is_checked_and_no_is_an_answer_too(service):
    ticket = incident(service)
    assert checks(ticket) == [("none", 1)]
    assert checks(a_ticket(type="request")) == []
    assert proposals() == []


def test_the_fifth_of_a_service_in_half_an_hour_is_proposed_once_and_declares_nothing(service):
    found = [incident(service, received_at=NOON + timedelta(minutes=5 * at)) for at in range(7)]
    assert [checks(one)[0][0] for one in found] == ["none"] * 4 + ["similar"] * 3
    assert proposals() == [("similar", found[4].id, "open")]
    assert kinds(found[4]).count("major_proposed") == 1
    assert not any(one.major for one in found)


def test_what_came_too_long_ago_or_to_another_service_does_not_count(service):
    for at in range(4):
        incident(service, received_at=NOON - timedelta(minutes=31 + at))
    for _ in range(4):
        incident(a_service(department_id=service.department_id))
    assert checks(incident(service)) == [("none", 1)]


def test_a_critical_service_and_an_urgent_incident_of_high_impact_are_proposed(service):
    data = rulebook.defaults()[RulebookKind.MAJOR_CRITERIA] | {"critical_services": [service.key]}
    rulebook.enact(RulebookKind.MAJOR_CRITERIA, "default", data, at=NOON)
    first, other = incident(service), a_ticket(priority="critical", impact="high")
    assert proposals() == [("critical_service", first.id, "open"), ("priority", other.id, "open")]


def test_an_incident_that_becomes_more_urgent_is_checked_again(agent, service):
    ticket = incident(service)
    tickets.classify(agent, ticket.id, impact="high", urgency="high", at=LATER)
    assert checks(ticket) == [("none", 1), ("priority", 1)]
    tickets.rename(agent, ticket.id, "Άλλο θέμα", at=LATER)
    assert len(checks(ticket)) == 2


def test_many_that_come_in_one_batch_are_counted_together(agent, service):
    for at in range(5):
        new = intake.NewTicket(
            f"Σπασμένος αγωγός {at}", "Τρέχει νερό.", service=service.key, type="incident", email=f"p{at}@example.org"
        )
        intake.take_down(agent, new, at=NOON + timedelta(minutes=at))
    ground.commit()
    assert [state for *_, state in proposals()] == ["open"]


def test_a_colleague_or_a_programme_can_propose_and_a_supervisor_says_no(agent, boss, service):
    ticket = incident(service)
    proposed = majors.propose(agent, ticket.id, "Όλη η γειτονιά τηλεφωνεί.", at=LATER)
    assert majors.propose(agent, ticket.id, similar=[1, 2], at=LATER) is None
    [row] = majors.waiting(boss)
    assert (row.id, row.criterion, row.subject) == (proposed, "by_hand", ticket.subject)
    ground.commit()
    with pytest.raises(Forbidden):
        majors.dismiss(agent, proposed, "Δεν είναι.")
    with pytest.raises(Invalid):
        majors.dismiss(boss, proposed, " ")
    majors.dismiss(boss, proposed, "Μία οικοδομή μόνο.", at=LATER)
    assert majors.waiting(boss) == []
    ground.commit()
    with pytest.raises(Stale):
        majors.dismiss(boss, proposed, "Ξανά.")


def test_a_hidden_ticket_is_proposed_to_nobody_who_may_not_see_it(agent, service):
    ticket = incident(service, restricted=True)
    ground.commit()
    stranger = a_supervisor(a_department())
    with pytest.raises(NotFound):
        majors.propose(stranger, ticket.id)
    majors.propose(agent, ticket.id, at=LATER)
    assert majors.waiting(stranger) == []


def test_declaring_needs_a_coordinator_and_words_in_both_languages(agent, service):
    ticket = incident(service)
    ground.commit()
    for coordinator, titles, fields in (
        (a_citizen().id, TITLES, {"coordinator_id"}),
        (agent.id, {"el": "Μόνο ελληνικά"}, {"title_en"}),
    ):
        with pytest.raises(Invalid) as refused:
            majors.declare(agent, ticket.id, coordinator, titles, SUMMARIES)
        assert set(refused.value.fields) == fields
    with pytest.raises(Forbidden):
        majors.declare(an_agent(a_department()), ticket.id, agent.id, TITLES, SUMMARIES)
    db.session.refresh(ticket)
    assert not ticket.major


def test_a_declaration_settles_what_was_proposed_and_says_by_which_criterion(agent, service):
    ticket = incident(service)
    majors.propose(agent, ticket.id, similar=[1, 2, 3], at=NOON)
    declared(agent, ticket)
    assert proposals() == [("similar", ticket.id, "declared")]
    found = majors.read(agent, ticket.id)
    assert (found.row.criterion, found.coordinator, found.ticket.owner_id) == ("similar", agent.name, agent.id)
    assert [one.email for one in found.stakeholders] == ["ypodomes@example.org"]
    with pytest.raises(Stale):
        declared(agent, ticket)


def test_it_stands_first_in_every_queue_and_paging_stays_whole(agent, department, service):
    late = [incident(service, next_due_at=NOON - timedelta(hours=at)) for at in range(1, 6)]
    last = incident(service)
    declared(agent, last)
    for view in (View.DEPARTMENTS, View.ALL, View.UNASSIGNED):
        seen, cursor = [], None
        while True:
            page = search.queue(agent, Filters(view=view), cursor, limit=2, at=LATER)
            seen += [row.number for row in page.rows]
            if not (cursor := page.next):
                break
        assert seen[0] == last.id
        assert len(seen) == len(set(seen)) == 6
        assert set(seen[1:]) == {one.id for one in late}


def test_it_is_under_terms_of_its_own_and_back_under_the_old_ones_when_revoked(agent, boss, service):
    ticket = incident(service)
    before = clock(ticket, "resolution").target_seconds
    declared(agent, ticket)
    assert clock(ticket, "resolution").target_seconds == 4 * 3600
    update = clock(ticket, "update")
    assert (update.started_at, update.target_seconds) == (LATER, 3600)
    with pytest.raises(Forbidden):
        majors.revoke(agent, ticket.id, "Λάθος.")
    majors.revoke(boss, ticket.id, "Ήταν μία οικοδομή.", at=LATER + timedelta(minutes=5))
    ground.commit()
    assert clock(ticket, "resolution").target_seconds == before
    assert (ticket.major, selfhelp.outages(LATER + timedelta(minutes=6))) == (False, [])
    assert kinds(ticket)[-1] == "major_revoked"


def address(actor) -> str:
    return db.session.get_one(Person, actor.id).email


def clock(ticket, name) -> TicketClock:
    ground.commit()
    return db.session.query(TicketClock).filter_by(ticket_id=ticket.id, name=name).one()


def test_similar_open_tickets_are_offered_linked_in_bulk_and_never_twice(agent, service):
    parent, other = incident(service), incident(service)
    several = [incident(service) for _ in range(3)]
    closed = incident(service)
    tickets.resolve(agent, closed.id, "solved", "Έγινε.", at=NOON)
    declared(agent, parent, link=[one.id for one in several[:1]])
    assert {row.id for row in majors.candidates(agent, parent.id)} == {other.id, *(one.id for one in several[1:])}
    majors.link(agent, parent.id, [one.id for one in several], at=LATER)
    ground.commit()
    assert majors.read(agent, parent.id).linked == 3
    assert kinds(several[0])[-1] == "major_child_linked"
    with pytest.raises(Invalid):
        majors.link(agent, parent.id, [closed.id, parent.id])
    with pytest.raises(Stale):
        declared(agent, several[0])
    majors.release(agent, parent.id, several[2].id, at=LATER)
    assert majors.read(agent, parent.id).linked == 2


def family(agent, service, department):
    """A major incident with Anna's two tickets, Boris's one in English, and one without an address."""
    anna, boris = a_citizen(email="anna@example.org"), a_citizen(email="boris@example.org", language="en")
    mute = a_citizen(email=None)
    parent = incident(service, requester=a_citizen(email="first@example.org"))
    children = [
        incident(service, requester=anna, text="Δεν έχω νερό."),
        incident(service, requester=boris, language="en", text="My tap is dry."),
        incident(service, requester=anna),
        incident(service, requester=mute),
    ]
    declared(agent, parent, link=[one.id for one in children])
    return parent, children


def test_one_update_reaches_everybody_once_in_their_language(agent, service, department):
    parent, (anna, boris, again, mute) = family(agent, service, department)
    update = majors.publish(agent, parent.id, NEWS, 30, at=LATER + timedelta(minutes=1))
    ground.commit()
    assert majors.spread(update) == 5
    assert majors.spread(update) == 0
    assert sorted(letters("major_update")) == ["anna@example.org", "boris@example.org", "first@example.org"]
    assert letters("major_notice") == ["ypodomes@example.org"]
    assert [public(one.id) for one in (anna, boris, again, mute, parent)] == [[NEWS["el"]], [NEWS["en"]]] + [
        [NEWS["el"]]
    ] * 3
    [english] = db.session.query(Outbound).filter_by(template="major_update", ticket_id=boris.id)
    assert "You will hear from us again" in english.payload["text"]
    for row in db.session.query(Outbound).filter_by(template="major_update"):
        others = {"Δεν έχω νερό", "My tap is dry", "anna@", "boris@"}
        assert not any(word in row.payload["text"] for word in others)
    assert [row.letters for row in majors.read(agent, parent.id).updates] == [3]
    assert majors.read(agent, parent.id).reached == 3


def test_an_update_that_a_killed_worker_left_half_done_is_finished_without_a_second_letter(
    agent, service, department, monkeypatch
):
    parent, children = family(agent, service, department)
    update = majors.publish(agent, parent.id, NEWS, at=LATER)
    ground.commit()
    monkeypatch.setattr(updates, "PORTION", 2)
    assert updates.portion(update) == 2
    assert len(updates.undone()) == 1
    for _ in range(4):
        majors.tick(LATER + timedelta(minutes=1))
    assert updates.undone() == []
    assert sorted(letters("major_update")) == ["anna@example.org", "boris@example.org", "first@example.org"]
    assert all(len(public(one.id)) == 1 for one in (parent, *children))


def test_everybody_reads_the_banner_and_the_announcement_while_it_lasts(agent, service):
    ticket = declared(agent, incident(service))
    moment = LATER + timedelta(minutes=1)
    [banner] = selfhelp.outages(moment)
    assert (banner.titles, banner.texts, banner.service_id) == (TITLES, SUMMARIES, service.id)
    [said] = majors.announcements("en", moment)
    assert said.spoken == "No water in the Upper Town. A water main is broken."
    assert said.services == (service.names["en"],)
    majors.publish(agent, ticket.id, NEWS, at=moment)
    ground.commit()
    assert [one.text for one in majors.announcements("el", moment)] == [NEWS["el"]]
    assert db.session.query(Outage).one().texts == NEWS
    majors.resolve(agent, ticket.id, "solved", END, at=moment)
    ground.commit()
    assert (
        selfhelp.outages(moment + timedelta(seconds=1))
        == majors.announcements("el", moment + timedelta(seconds=1))
        == []
    )


def test_an_update_that_does_not_come_alarms_the_coordinator_then_the_supervisors_once_each(agent, boss, service):
    ticket = declared(agent, incident(service), update_minutes=30)
    boss_mail, agent_mail = address(boss), address(agent)
    due = LATER + timedelta(minutes=30)
    for moment in (due - timedelta(minutes=1), due, due + timedelta(minutes=5)):
        majors.tick(moment)
    assert letters("major_silence") == [agent_mail]
    for moment in (due + timedelta(minutes=15), due + timedelta(minutes=40)):
        majors.tick(moment)
    assert letters("major_silence") == [agent_mail, boss_mail]
    majors.publish(agent, ticket.id, NEWS, 30, at=due + timedelta(minutes=50))
    ground.commit()
    majors.tick(due + timedelta(minutes=60))
    assert len(letters("major_silence")) == 2
    assert kinds(ticket).count("major_update_missed") == 2


def test_resolving_the_parent_resolves_its_children_once_each_in_portions(agent, service, department, monkeypatch):
    parent, children = family(agent, service, department)
    monkeypatch.setattr(resolving, "PORTION", 2)
    majors.resolve(agent, parent.id, "solved", END, exclude=[children[3].id], at=LATER)
    ground.commit()
    assert resolving.portion(parent.id, LATER) == 2
    for _ in range(3):
        majors.tick(LATER)
    ground.commit()
    states = [db.session.get(Ticket, one.id).status for one in children]
    assert states == ["resolved", "resolved", "resolved", "new"]
    assert sorted(letters("resolved")) == ["anna@example.org", "boris@example.org", "first@example.org"]
    assert db.session.get(Ticket, children[1].id).resolution_text == END["en"]
    assert {row.state for row in db.session.query(MajorChild)} == {"resolved", "excluded"}
    assert resolving.unsettled() == []


def test_an_ordinary_resolution_of_the_parent_resolves_the_children_too_each_in_their_language(
    agent, service, department
):
    parent, children = family(agent, service, department)
    tickets.resolve(agent, parent.id, "solved", "Το νερό επανήλθε.", at=LATER)
    ground.commit()
    assert majors.settle(parent.id, LATER) == 4
    assert db.session.get(Ticket, children[0].id).resolution_text == "Το νερό επανήλθε."
    assert TITLES["en"] in db.session.get(Ticket, children[1].id).resolution_text


def test_taken_up_again_it_lasts_again_and_its_children_stay_as_they_are(agent, service, department):
    parent, _children = family(agent, service, department)
    majors.resolve(agent, parent.id, "solved", END, at=LATER)
    ground.commit()
    tickets.reopen(agent, parent.id, "Πάλι κόπηκε.", at=LATER + timedelta(minutes=10))
    ground.commit()
    assert len(majors.announcements("el", LATER + timedelta(minutes=11))) == 1
    assert majors.read(agent, parent.id).row.next_update_at == LATER + timedelta(minutes=70)


def review(**given) -> majors.Review:
    action = majors.Action("Βάνα στην οδό Ρόδων", given.pop("owner"), (NOON + timedelta(days=30)).date())
    told = {
        "timeline": [(NOON, "Έσπασε.")],
        "cause": "Παλιός αγωγός.",
        "went_well": "Γρήγορη βλάβη.",
        "went_badly": "Αργή ενημέρωση.",
        "actions": [action],
    }
    return majors.Review(**told | given)


def test_closing_is_refused_everywhere_until_the_review_is_saved(agent, service):
    ticket = declared(agent, incident(service))
    for verb, values in (("cancel", ("λάθος",)), ("forward", ("Αλλού", "Το στείλαμε."))):
        with pytest.raises(Stale) as refused:
            getattr(tickets, verb)(agent, ticket.id, *values)
        assert refused.value.code == "major"
    majors.resolve(agent, ticket.id, "solved", END, at=LATER)
    ground.commit()
    citizen = Actor(ActorKind.CITIZEN, ticket.requester_id)
    for act in (lambda: tickets.close(agent, ticket.id), lambda: tickets.confirm(citizen, ticket.id)):
        with pytest.raises(Stale) as refused:
            act()
        assert refused.value.code == "review-missing"
    assert upkeep.close_silent(LATER + timedelta(days=60)) == 0
    majors.save(agent, ticket.id, review(owner=agent.id), finish=False, at=LATER)
    ground.commit()
    with pytest.raises(Stale):
        tickets.close(agent, ticket.id)
    majors.save(agent, ticket.id, review(owner=agent.id), at=LATER)
    ground.commit()
    assert upkeep.close_silent(LATER + timedelta(days=60)) == 0
    assert tickets.close(agent, ticket.id, at=LATER).status == "closed"


def test_a_review_counts_only_when_it_is_whole_and_is_not_written_over(agent, service):
    ticket = declared(agent, incident(service))
    with pytest.raises(Stale):
        majors.save(agent, ticket.id, review(owner=agent.id))
    majors.resolve(agent, ticket.id, "solved", END, at=LATER)
    ground.commit()
    for given, field in (
        ({"cause": " "}, "cause"),
        ({"timeline": []}, "timeline"),
        ({"owner": None}, "actions.0.owner_id"),
    ):
        with pytest.raises(Invalid) as refused:
            majors.save(agent, ticket.id, review(**{"owner": agent.id} | given))
        assert list(refused.value.fields) == [field]
    saved = majors.save(agent, ticket.id, review(owner=agent.id), at=LATER)
    ground.commit()
    with pytest.raises(Stale):
        majors.save(agent, ticket.id, review(owner=agent.id), seen=saved.number - 1)
    assert kinds(ticket)[-1] == "major_review_saved"


def test_the_review_begins_with_the_course_from_the_journal(agent, service, department):
    parent, _ = family(agent, service, department)
    majors.publish(agent, parent.id, NEWS, at=LATER + timedelta(minutes=2))
    majors.resolve(agent, parent.id, "solved", END, at=LATER + timedelta(minutes=3))
    ground.commit()
    told = [text for _, text in majors.begun(agent, parent.id, "en").timeline]
    assert told[0] == "The first report arrived."
    assert "4 more reports were linked to it." in told
    assert told[-1] == "It was resolved."
    assert any(f"Coordinator: {agent.name}" in text for text in told)
