"""Work comes to people who can take it: given, offered or taken, oldest due first, never above what they can carry."""

from collections import Counter
from datetime import timedelta

import pytest

from helpdesk.errors import Forbidden, NotFound, Stale
from helpdesk.permissions import Actor
from helpdesk.services import absences, assignment, catalogue, journal, presence, tickets
from helpdesk.services.absences import Leave
from helpdesk.services.assignment import Work
from helpdesk.services.assignment.people import actor_of
from helpdesk.vocabulary import ActorKind, OfferState, PresenceState, WorkKind
from routing import AssignReason
from tests.builders import NOON, a_citizen, a_department, a_service, a_ticket, an_administrator
from tests.services.crew import a_member, hands_out, waiting, who_has

pytestmark = pytest.mark.usefixtures("rules")

MINUTE = timedelta(minutes=1)


def facts(ticket, kind):
    return [fact.event.data() for fact in journal.of(ticket.id) if fact.type == kind]


def test_a_department_that_hands_out_nothing_leaves_work_where_it_is():
    place = a_department()
    a_member(place)
    ticket = waiting(place)
    assert assignment.tick(NOON) == 0
    assert who_has(ticket) is None


def test_the_least_loaded_of_those_present_gets_it_and_its_story_says_why():
    place = a_department()
    busy, idle, gone = a_member(place), a_member(place), a_member(place, there=False)
    waiting(place, assignee_id=busy.id)
    hands_out(place)
    ticket = waiting(place)
    assert assignment.tick(NOON) == 1
    assert who_has(ticket) == idle.id != gone.id
    (given,) = facts(ticket, "ticket_assigned")
    assert given["why"] == {"reason": "least_loaded", "able": 2, "language": "el"}
    assert ticket.status == "new" and ticket.acknowledged_at is None and ticket.owner_id == idle.id


def test_what_is_due_first_goes_first_and_nobody_gets_more_than_they_can_take():
    place = a_department()
    member = a_member(place, capacity=2)
    hands_out(place)
    late, soon, later = (waiting(place, next_due_at=NOON + timedelta(hours=hours)) for hours in (1, 2, 3))
    assert assignment.tick(NOON) == 2
    assert [who_has(one) for one in (late, soon, later)] == [member.id, member.id, None]


def test_the_backlog_goes_on_when_somebody_frees_up():
    place = a_department()
    member = a_member(place, capacity=1)
    hands_out(place)
    first, second = waiting(place, next_due_at=NOON), waiting(place, next_due_at=NOON + MINUTE)
    assignment.tick(NOON)
    tickets.wait(member, first.id, "needs_information", at=NOON)
    assert assignment.tick(NOON + MINUTE) == 1
    assert who_has(second) == member.id


def test_what_waits_can_count_in_part():
    place = a_department()
    a_member(place, capacity=1)
    hands_out(place)
    assignment.save_weights(an_administrator(), {}, 100, at=NOON)
    first, second = waiting(place, next_due_at=NOON), waiting(place)
    assignment.tick(NOON)
    tickets.wait(tickets_owner(first), first.id, "needs_information", at=NOON)
    assert assignment.tick(NOON) == 0
    assignment.save_weights(an_administrator(), {}, 0, at=NOON)
    assert assignment.tick(NOON) == 1 and who_has(second)


def tickets_owner(ticket):
    who_has(ticket)
    return next(actor_of(one) for one in catalogue.colleagues() if one.id == ticket.assignee_id)


@pytest.mark.parametrize("state", ["away", "busy"])
def test_who_is_not_available_gets_nothing(state):
    place = a_department()
    member = a_member(place)
    presence.choose(member, state, at=NOON)
    hands_out(place)
    waiting(place)
    assert assignment.tick(NOON) == 0


def test_outside_their_working_hours_nobody_is_given_work():
    place = a_department()
    midnight = NOON.replace(hour=22)
    a_member(place, at=midnight)
    hands_out(place)
    waiting(place)
    assert assignment.tick(midnight) == 0


def test_skills_of_a_service_and_the_language_are_asked_for():
    place = a_department()
    plain, skilled = a_member(place, languages=["el", "en"]), a_member(place, skills=["lighting"])
    lamps = a_service(department_id=place.id)
    hands_out(place, skills={lamps.id: ["lighting"]})
    lamp, english = waiting(place, service_id=lamps.id), waiting(place, language="en")
    assert assignment.tick(NOON) == 2
    assert (who_has(lamp), who_has(english)) == (skilled.id, plain.id)
    assert facts(lamp, "ticket_assigned")[0]["why"]["skills"] == ["lighting"]


def test_a_language_that_nobody_of_the_department_speaks_cannot_be_asked_for():
    place = a_department()
    member = a_member(place)
    hands_out(place)
    ticket = waiting(place, language="en")
    assignment.tick(NOON)
    assert who_has(ticket) == member.id
    assert "language" not in facts(ticket, "ticket_assigned")[0]["why"]


def test_who_answered_the_same_person_before_gets_it_again_while_able():
    place, citizen = a_department(), a_citizen()
    known, other = a_member(place), a_member(place)
    a_ticket(department_id=place.id, requester=citizen, assignee_id=known.id, status="resolved")
    for _ in range(3):
        waiting(place, assignee_id=known.id)
    hands_out(place)
    again = waiting(place, requester=citizen)
    assignment.tick(NOON)
    assert who_has(again) == known.id
    hands_out(place, sticky=False)
    third = waiting(place, requester=citizen)
    assignment.tick(NOON)
    assert who_has(third) == other.id


def test_in_turn_work_goes_round_whatever_each_has():
    place = a_department()
    crew = [a_member(place) for _ in range(3)]
    hands_out(place, turn="round_robin", sticky=False)
    rows = [waiting(place) for _ in range(6)]
    assignment.tick(NOON)
    first = [who_has(row) for row in rows]
    assert Counter(first) == {one.id: 2 for one in crew}
    seventh = waiting(place)
    assignment.tick(NOON + MINUTE)
    assert who_has(seventh) == first[0]


def test_a_team_s_work_goes_to_its_members():
    place = a_department()
    a_member(place)
    member = a_member(place)
    team = assignment_team(place, member)
    hands_out(place)
    ticket = waiting(place, team_id=team)
    assignment.tick(NOON)
    assert who_has(ticket) == member.id


def assignment_team(place, *members):
    admin = an_administrator()
    names = {"en": "Second line"}
    return catalogue.save_team(admin, None, [one.id for one in members], names=names, department_id=place.id, at=NOON)


def test_work_that_asks_what_nobody_has_does_not_hide_the_rest():
    place = a_department()
    member = a_member(place)
    rare = a_service(department_id=place.id)
    hands_out(place, skills={rare.id: ["sign-language"]})
    stuck = [waiting(place, service_id=rare.id, next_due_at=NOON) for _ in range(60)]
    ticket = waiting(place)
    assert assignment.tick(NOON) == 1
    assert who_has(ticket) == member.id and who_has(stuck[0]) is None


def test_one_capacity_is_shared_between_departments_and_kinds_of_work():
    here, there = a_department(), a_department()
    member = a_member(here, there, capacity=21)
    hands_out(here)
    hands_out(there)
    call = assignment.offer(Work(WorkKind.CALL, 7, here.id), NOON).offer
    assert call and call.person_id == member.id
    one, other = waiting(here), waiting(there)
    assert assignment.tick(NOON) == 1
    assignment.accept(member, call.id, at=NOON)
    assert assignment.tick(NOON) == 0
    assignment.end(WorkKind.CALL, 7, NOON, wrap_up=MINUTE)
    assert assignment.tick(NOON) == 0, "first what follows the call is written down"
    assert assignment.tick(NOON + MINUTE) == 1
    assert {who_has(one), who_has(other)} == {member.id}


def test_an_offer_is_accepted_by_whom_it_was_made_to_and_nobody_else():
    place = a_department()
    member, other = a_member(place), a_member(place, there=False)
    hands_out(place, "offer")
    ticket = waiting(place)
    assert assignment.tick(NOON) == 1
    (offer,) = assignment.open_for(member.id, NOON)
    assert (offer.work_id, offer.expires_at) == (ticket.id, NOON + 10 * MINUTE)
    with pytest.raises(NotFound):
        assignment.accept(other, offer.id, at=NOON)
    assert assignment.accept(member, offer.id, at=NOON).state is OfferState.ACCEPTED
    assert who_has(ticket) == member.id
    with pytest.raises(Stale):
        assignment.accept(member, offer.id, at=NOON)
    assert [fact.type for fact in journal.of(ticket.id) if fact.type.startswith("work")] == ["work_offered"]


def test_what_is_declined_or_lapses_goes_to_the_next_and_comes_not_back_at_once():
    place = a_department()
    crew = {one.id: one for one in (a_member(place), a_member(place))}
    hands_out(place, "offer")
    ticket = waiting(place)
    assignment.tick(NOON)
    first = next(id_ for id_ in crew if assignment.open_for(id_, NOON))
    assignment.decline(crew[first], assignment.open_for(first, NOON)[0].id, at=NOON)
    assignment.tick(NOON)
    (second,) = crew.keys() - {first}
    assert assignment.open_for(second, NOON)[0].work_id == ticket.id
    later = NOON + 10 * MINUTE
    for id_ in crew:
        presence.seen(id_, later)
    assignment.tick(later)
    assert not any(assignment.open_for(id_, later) for id_ in crew), "both are spared for a while"
    assert [len(facts(ticket, kind)) for kind in ("offer_declined", "offer_expired")] == [1, 1]
    much_later = NOON + 45 * MINUTE
    for id_ in crew:
        presence.seen(id_, much_later)
    assert assignment.tick(much_later) == 1


def test_an_offer_of_what_went_elsewhere_is_withdrawn():
    place = a_department()
    member, quick = a_member(place), a_member(place, there=False)
    hands_out(place, "offer")
    ticket = waiting(place)
    assignment.tick(NOON)
    tickets.take(quick, ticket.id, at=NOON)
    assignment.tick(NOON)
    assert assignment.open_for(member.id, NOON) == []


def test_who_lets_a_call_ring_is_away_and_it_goes_to_the_next():
    place = a_department()
    crew = {one.id: one for one in (a_member(place), a_member(place))}
    call = Work(WorkKind.CALL, 1, place.id)
    catalogue.changed(NOON)
    first = assignment.offer(call, NOON).offer
    assert assignment.offer(call, NOON).offer == first, "what is on offer stays with whom it rings"
    later = NOON + timedelta(seconds=25)
    assert [one.id for one in assignment.expire(later)] == [first.id]
    assert presence.of(first.person_id, later).state is PresenceState.AWAY
    second = assignment.offer(call, later).offer
    assert {first.person_id, second.person_id} == crew.keys()
    assignment.expire(later + timedelta(seconds=25))
    nobody = assignment.offer(call, later + timedelta(seconds=25))
    assert (nobody.offer, nobody.reason) == (None, AssignReason.NOBODY_PRESENT)


def test_a_restricted_ticket_is_given_only_to_who_may_read_it():
    place, other = a_department(), a_department()
    team_mate = a_member(other)
    team = assignment_team(place, team_mate)
    hands_out(place)
    hidden, open_ = waiting(place, team_id=team, restricted=True), waiting(place, team_id=team)
    assignment.tick(NOON)
    assert who_has(hidden) is None
    assert who_has(open_) is None, "agents of other departments read it and may not answer it"


def test_the_next_one_is_the_most_urgent_that_one_can_answer():
    place = a_department()
    english, greek = a_member(place, languages=["en"]), a_member(place)
    urgent = waiting(place, next_due_at=NOON + MINUTE)
    foreign = waiting(place, next_due_at=NOON, language="en")
    assert assignment.take_next(greek, at=NOON).id == urgent.id
    assert assignment.take_next(english, at=NOON).id == foreign.id
    assert assignment.take_next(greek, at=NOON) is None
    assert foreign.status == "open" and foreign.acknowledged_at == NOON


def test_citizens_take_no_work():
    with pytest.raises(Forbidden):
        assignment.take_next(Actor(ActorKind.CITIZEN, 1), at=NOON)


def test_who_is_on_leave_is_given_nothing_though_they_look_in():
    place = a_department()
    member = a_member(place)
    hands_out(place)
    absences.enter(member, Leave(member.id, NOON - MINUTE, NOON + 60 * MINUTE), at=NOON)
    waiting(place)
    assert assignment.tick(NOON) == 0
    presence.seen(member.id, NOON + 60 * MINUTE)
    assert assignment.tick(NOON + 60 * MINUTE) == 1
