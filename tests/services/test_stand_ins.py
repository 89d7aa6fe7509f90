"""Who decides and does in a procedure besides the usual: deputies of who is away, members of a step's team."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from helpdesk.db import commit, db, table
from helpdesk.errors import Forbidden
from helpdesk.models.catalogue import Team
from helpdesk.models.people import Person, TeamMember
from helpdesk.models.post import Outbound
from helpdesk.services import absences, catalogue, procedures
from helpdesk.services.absences import Leave
from tests.builders import NOON, a_department, a_ticket, an_agent
from tests.procedures import enact, step

pytestmark = pytest.mark.usefixtures("body")

DAY = timedelta(days=1)


@pytest.fixture
def deputy(department, boss, agent):
    found = an_agent(department)
    catalogue.changed(NOON)
    return found


def opened(department, **given):
    ticket = a_ticket(**{"department_id": department.id, "type": "request"} | given)
    commit()
    return ticket


def away(actor, deputy):
    absences.enter(actor, Leave(actor.id, NOON, NOON + 7 * DAY, deputy.id), at=NOON)


def address(actor):
    return db.session.get_one(Person, actor.id).email


def letters(template):
    rows = db.session.execute(select(Outbound.payload).where(Outbound.template == template).order_by(Outbound.id))
    return list(rows.scalars())


def state(ticket, key="sign"):
    return next(one.state.value for one in procedures.of(ticket).steps if one.step.key == key)


def test_while_an_approver_is_away_their_deputy_is_asked_and_may_approve(department, agent, boss, deputy):
    enact(step("sign", "approve", approval={}))
    ticket = opened(department)
    away(boss, deputy)
    procedures.ask(agent, ticket.id, "sign", at=NOON + DAY)
    assert [one["to_address"] for one in letters("approval")] == [address(deputy)]
    procedures.approve(deputy, ticket.id, "sign", at=NOON + DAY)
    assert state(ticket) == "approved"


def test_a_deputy_approves_nothing_once_the_approver_is_back(department, agent, boss, deputy):
    enact(step("sign", "approve", approval={}))
    ticket = opened(department)
    away(boss, deputy)
    procedures.ask(agent, ticket.id, "sign", at=NOON + DAY)
    with pytest.raises(Forbidden) as refused:
        procedures.approve(deputy, ticket.id, "sign", at=NOON + 8 * DAY)
    assert refused.value.code == "not-approver"


def test_a_deputy_approves_neither_what_they_asked_for_nor_what_the_absent_approver_did(
    department, agent, boss, deputy
):
    enact(step("sign", "approve", approval={}))
    mine, theirs = opened(department), opened(department)
    away(boss, deputy)
    procedures.ask(deputy, mine.id, "sign", at=NOON + DAY)
    procedures.ask(boss, theirs.id, "sign", at=NOON + DAY)
    assert letters("approval") == []
    for ticket, code in ((mine, "self-approval"), (theirs, "not-approver")):
        with pytest.raises(Forbidden) as refused:
            procedures.approve(deputy, ticket.id, "sign", at=NOON + DAY)
        assert refused.value.code == code


@pytest.mark.parametrize(("decide", "said"), [("approve", "Εγκρίθηκε"), ("refuse", "Δεν εγκρίθηκε")])
def test_who_asked_is_told_the_decision_by_letter(department, agent, boss, decide, said):
    enact(step("sign", "approve", approval={}))
    ticket = opened(department)
    procedures.ask(agent, ticket.id, "sign", at=NOON)
    getattr(procedures, decide)(boss, ticket.id, "sign", "Όπως το συζητήσαμε.", at=NOON + DAY)
    [letter] = letters("approval_decided")
    assert letter["to_address"] == address(agent)
    assert said in letter["subject"] and "Όπως το συζητήσαμε." in letter["text"]


@pytest.fixture
def crew(department):
    team = Team(department_id=department.id, key="crew", names={"el": "Συνεργείο"})
    db.session.add(team)
    db.session.flush()
    return team


def member_of(team):
    found = an_agent(a_department())
    db.session.execute(insert(table(TeamMember)).values(team_id=team.id, staff_id=found.id))
    catalogue.changed(NOON)
    return found


def test_the_step_of_a_team_is_done_by_its_members_and_supervisors_alone(department, agent, boss, crew):
    enact(step("dig", team="crew"), step("fill", team="crew", mandatory=False))
    digger, ticket = member_of(crew), opened(department)
    with pytest.raises(Forbidden) as refused:
        procedures.do(agent, ticket.id, "dig", at=NOON)
    assert refused.value.code == "other-team"
    procedures.do(digger, ticket.id, "dig", at=NOON)
    procedures.skip(boss, ticket.id, "fill", "Έβρεξε.", at=NOON)
    assert (state(ticket, "dig"), state(ticket, "fill")) == ("done", "skipped")


def test_the_step_of_a_team_without_members_is_done_by_who_works_on_it(department, agent, crew):
    enact(step("dig", team="crew"))
    ticket = opened(department)
    procedures.do(agent, ticket.id, "dig", at=NOON)
    assert state(ticket, "dig") == "done"


def test_the_people_of_a_step_s_department_do_it_wherever_the_ticket_is(department, agent):
    elsewhere = a_department(key="archive")
    catalogue.changed(NOON)
    enact(step("look", department="archive", mandatory=False), step("answer"))
    clerk, ticket = an_agent(elsewhere), opened(department)
    with pytest.raises(Forbidden):
        procedures.do(clerk, ticket.id, "answer", at=NOON)
    procedures.do(clerk, ticket.id, "look", at=NOON)
    assert state(ticket, "look") == "done"
