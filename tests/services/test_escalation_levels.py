"""Levels of teams, the way upwards, giving back, and what the citizen hears: one kind letter a level, never why."""

import pytest
from sqlalchemy import text

from helpdesk import db as ground
from helpdesk.db import db, flush_pending
from helpdesk.errors import Forbidden, Invalid, Stale
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM
from helpdesk.services import absences, catalogue, duties, journal, tickets
from helpdesk.services.absences import Leave
from helpdesk.services.duties import Duties
from tests.builders import NOON, a_citizen, a_department, a_supervisor, a_ticket, an_administrator, an_agent
from tests.services.test_absences import DAY

pytestmark = pytest.mark.usefixtures("body")

SECRET = "ο πολίτης απειλεί με μήνυση"


@pytest.fixture
def boss(place, anna):
    found = a_supervisor(place, name="Ρένα")
    catalogue.changed(NOON)
    return found


@pytest.fixture
def case(place, anna, boss):
    asked = a_citizen(email="maria@example.org")
    ticket = a_ticket(department_id=place.id, owner_id=boss.id, assignee_id=anna.id, status="open", requester=asked)
    ground.commit()
    return ticket


def a_team(key, department, *people):
    names = {"el": f"Ομάδα {key}", "en": f"Team {key}"}
    id_ = catalogue.save(SYSTEM, "team", at=NOON, key=key, names=names, department_id=department.id)
    catalogue.compose_team(SYSTEM, id_, [one.id for one in people], at=NOON)
    return id_


def levels(department, *team_ids, **more):
    duties.change(SYSTEM, department.id, Duties(levels=team_ids, **more), at=NOON)


def fresh(ticket):
    flush_pending()
    db.session.expire_all()
    return db.session.get(Ticket, ticket.id)


def letters(template):
    flush_pending()
    query = text("select payload from outbound where template = :template order by id")
    return list(db.session.execute(query, {"template": template}).scalars())


def facts(ticket, type_):
    flush_pending()
    return [one.event.data() for one in journal.of(ticket.id) if one.type == type_]


def test_the_next_level_is_the_next_team_of_the_path_and_then_there_is_none(place, anna, case):
    other = a_department()
    first, second = a_team("first", place), a_team("second", other)
    levels(place, first, second)
    for team_id, level in ((first, 1), (second, 2)):
        tickets.escalate(anna if level == 1 else SYSTEM, case.id, "βοήθεια", kind="functional", at=NOON)
        assert (fresh(case).team_id, case.escalation_level) == (team_id, level)
    assert case.department_id == other.id
    with pytest.raises(Invalid) as refused:
        tickets.escalate(SYSTEM, case.id, "βοήθεια", kind="functional", at=NOON)
    assert "team" in refused.value.fields


def test_without_a_path_there_is_no_next_level(anna, case):
    with pytest.raises(Invalid):
        tickets.escalate(anna, case.id, "βοήθεια", kind="functional", at=NOON)
    assert fresh(case).escalation_level == 0


@pytest.mark.parametrize("wrong", [{"kind": "sideways"}, {"kind": "functional", "person": 1}])
def test_a_kind_that_does_not_fit_is_refused(anna, case, wrong):
    with pytest.raises(Invalid) as refused:
        tickets.escalate(anna, case.id, "βοήθεια", at=NOON, **wrong)
    assert "kind" in refused.value.fields


def test_upwards_it_goes_to_team_lead_supervisor_process_manager_administrator(place, anna, boss, case):
    lead, manager, root = an_agent(place), an_agent(a_department()), an_administrator()
    catalogue.changed(NOON)
    team = a_team("crew", place, anna, lead)
    case.team_id = team
    levels(place, leads={team: lead.id})
    duties.name_manager(SYSTEM, manager.id, at=NOON)
    for wanted in (lead, boss, manager, root):
        tickets.escalate(SYSTEM, case.id, "πιο πάνω", at=NOON)
        assert fresh(case).assignee_id == wanted.id
    assert case.escalation_level == 4


def test_who_is_away_is_passed_over(place, anna, boss, case):
    root = an_administrator()
    catalogue.changed(NOON)
    absences.enter(boss, Leave(boss.id, NOON, NOON + DAY), at=NOON)
    tickets.escalate(anna, case.id, "πιο πάνω", at=NOON)
    assert fresh(case).assignee_id == root.id


def test_giving_back_returns_it_step_by_step_to_whom_it_came_from(place, anna, boss, case):
    other = a_department()
    team = a_team("network", other)
    levels(place, team)
    tickets.escalate(anna, case.id, "δίκτυο", kind="functional", at=NOON)
    tickets.escalate(SYSTEM, case.id, "πιο πάνω", person=an_administrator_known().id, at=NOON)
    tickets.deescalate(boss, case.id, "δεν χρειάζεται", at=NOON + DAY)
    assert (fresh(case).department_id, case.team_id, case.assignee_id) == (other.id, team, None)
    assert case.escalation_level == 1
    tickets.deescalate(boss, case.id, "λύθηκε", at=NOON + DAY)
    assert (fresh(case).department_id, case.team_id, case.assignee_id) == (place.id, None, anna.id)
    assert (case.escalation_level, case.owner_id) == (0, boss.id)
    assert [fact["level"] for fact in facts(case, "ticket_deescalated")] == [1, 0]
    assert any(letter["to_address"] for letter in letters("given_back"))


def an_administrator_known():
    found = an_administrator()
    catalogue.changed(NOON)
    return found


def test_each_move_between_departments_begins_a_stay_with_a_clock_of_its_own(place, anna, boss, case):
    other = a_department()
    levels(place, a_team("network", other))
    tickets.escalate(anna, case.id, "δίκτυο", kind="functional", at=NOON)
    tickets.deescalate(boss, case.id, "λύθηκε", at=NOON + DAY)
    assert [fact["reason"] for fact in facts(case, "ticket_transferred")] == ["escalated", "given-back"]


def test_what_is_not_escalated_cannot_be_given_back(anna, case):
    with pytest.raises(Stale) as refused:
        tickets.deescalate(anna, case.id, "λάθος", at=NOON)
    assert refused.value.code == "not-escalated"
    tickets.escalate(anna, case.id, "πιο πάνω", at=NOON)
    with pytest.raises(Invalid):
        tickets.deescalate(anna, case.id, " ", at=NOON)


def test_an_outsider_may_not_give_it_back(anna, case):
    tickets.escalate(anna, case.id, "πιο πάνω", at=NOON)
    flush_pending()
    with pytest.raises(Forbidden):
        tickets.deescalate(an_agent(a_department()), case.id, "εγώ", at=NOON)


def told_of_escalations(ticket):
    """When the citizen was told that others help, and when those letters leave."""
    flush_pending()
    query = text("select telling, leaves_at from informed where ticket_id = :id and change = 'escalated' order by id")
    return db.session.execute(query, {"id": ticket.id}).all()


def test_the_citizen_is_told_once_a_level_and_never_why(place, anna, boss, case):
    tickets.escalate(anna, case.id, SECRET, at=NOON)
    tickets.deescalate(boss, case.id, SECRET, at=NOON + DAY)
    tickets.escalate(anna, case.id, SECRET, at=NOON + 2 * DAY)
    assert len(told_of_escalations(case)) == 1
    tickets.escalate(SYSTEM, case.id, SECRET, person=an_administrator_known().id, at=NOON + 3 * DAY)
    assert len(told_of_escalations(case)) == 2
    letters_of_all = db.session.execute(text("select payload from outbound")).scalars()
    outside = [one for one in letters_of_all if one["to_address"] == "maria@example.org"]
    assert outside and not any(SECRET in str(one) or "Ρένα" in str(one) for one in outside)


def test_where_responsibility_stays_the_citizen_hears_nothing(place, anna):
    lonely = a_department()
    ticket = a_ticket(department_id=lonely.id)
    tickets.escalate(SYSTEM, ticket.id, "κανείς", at=NOON)
    assert fresh(ticket).escalation_level == 1
    assert told_of_escalations(ticket) == []


def test_only_administrators_set_it_up_and_what_is_wrong_is_named(place, anna, boss):
    stranger = an_agent(a_department())
    catalogue.changed(NOON)
    ground.commit()
    for act in (lambda: duties.change(boss, place.id, Duties()), lambda: duties.name_manager(boss, anna.id)):
        with pytest.raises(Forbidden):
            act()
    team = a_team("one", place)
    ground.commit()
    for wish, field in (
        (Duties(default_owner_id=stranger.id), "default_owner_id"),
        (Duties(silent_days=61), "silent_days"),
        (Duties(levels=(team, team)), "levels"),
        (Duties(levels=(team + 99,)), "levels"),
        (Duties(leads={team + 99: anna.id}), f"lead-{team + 99}"),
    ):
        with pytest.raises(Invalid) as refused:
            duties.change(SYSTEM, place.id, wish, at=NOON)
        assert list(refused.value.fields) == [field]


def test_other_days_of_silence_let_the_clock_look_anew(place, case):
    duties.change(SYSTEM, place.id, Duties(silent_days=2), at=NOON)
    assert fresh(case).silent_at == NOON
