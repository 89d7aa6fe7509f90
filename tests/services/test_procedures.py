"""A ticket's procedure: attached by rule, done step by step, approved by others, resolved when nothing is open."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from helpdesk.db import commit, db, table
from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.models.catalogue import Category
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Message, Ticket
from helpdesk.services import catalogue, classification, intake, journal, procedures, rulebook, tickets
from helpdesk.services.intake import NewTicket
from helpdesk.vocabulary import RulebookKind
from tests.builders import (
    NOON,
    a_department,
    a_service,
    a_supervisor,
    a_ticket,
    an_administrator,
    an_agent,
)
from tests.procedures import QUESTIONS, enact, model, step

pytestmark = pytest.mark.usefixtures("body")

MINUTE = timedelta(minutes=1)


@pytest.fixture
def service(department):
    fields = [{"name": "cost", "labels": {"en": "Cost"}, "kind": "text", "required": True}]
    return a_service(department_id=department.id, fields=fields)


def opened(department, **given):
    ticket = a_ticket(**{"department_id": department.id, "type": "request"} | given)
    commit()
    return ticket


def known(actor):
    """Somebody who began to work here meanwhile."""
    catalogue.changed(NOON)
    return actor


def steps(ticket):
    return {one.step.key: one.state.value for one in procedures.of(ticket).steps}


def told(number, *kinds):
    journal.flush()
    return [fact.event for fact in journal.of(number) if fact.type in kinds]


# attached


def test_a_ticket_gets_the_model_that_fits_it_and_keeps_its_version(department):
    first = enact(step("look"))
    ticket = opened(department)
    second = enact(step("look"), step("write"))
    later = opened(department)
    assert procedures.of(ticket).version.id == first.id and procedures.of(later).version.id == second.id
    assert [event.rulebook_id for event in told(ticket.id, "procedure_attached")] == [first.id]
    assert procedures.of(opened(department, type="complaint")) is None


def test_of_two_that_fit_the_one_that_asks_for_more_holds(department, service):
    enact(step("general"), key="general")
    special = enact(step("special"), key="special", when={"type": ["request"], "service": [service.key]})
    assert procedures.of(opened(department, service_id=service.id)).version.id == special.id


def test_a_category_stands_for_all_below_it(department):
    above = Category(key="waste", names={"en": "Waste"})
    db.session.add(above)
    db.session.flush()
    below = Category(key="bins", names={"en": "Bins"}, parent_id=above.id)
    db.session.add(below)
    db.session.flush()
    enact(step("look"), when={"category": ["waste"]})
    assert procedures.of(opened(department, category_id=below.id)) is not None
    assert procedures.of(opened(department)) is None


def test_intake_attaches_by_one_statement_and_none_where_no_model_fits(department, service, agent):
    enact(step("look"), when={"service": [service.key]})
    number = intake.take_down(agent, NewTicket(subject="Θέλω", text="κάτι", service=service.key, email="a@example.org"))
    ticket = db.session.get(Ticket, number.ticket_id)
    assert procedures.of(ticket).home_id == department.id


def test_another_classification_brings_another_model_and_the_same_one_stays(department, service, agent):
    first = enact(step("general"), key="general")
    other = enact(step("special"), key="special", when={"service": [service.key]})
    ticket = opened(department)
    classification.classify(agent, ticket.id, impact="high", at=NOON)
    journal.flush()
    assert procedures.of(ticket).version.id == first.id
    classification.classify(agent, ticket.id, service_id=service.id, at=NOON)
    journal.flush()
    assert procedures.of(ticket).version.id == other.id
    assert [event.rulebook_id for event in told(ticket.id, "procedure_ended")] == [first.id]


# done


def test_a_step_is_done_once_and_told(department, agent):
    enact(step("look"), step("write"))
    ticket = opened(department)
    procedures.do(agent, ticket.id, "look", note="Έλεγξα τον φάκελο", at=NOON)
    assert steps(ticket) == {"look": "done", "write": "open"}
    assert [(event.step, event.state) for event in told(ticket.id, "step_settled")] == [("look", "done")]
    with pytest.raises(Stale):
        procedures.do(agent, ticket.id, "look")
    with pytest.raises(Invalid) as refused:
        procedures.do(agent, ticket.id, "dance")
    assert set(refused.value.fields) == {"step"}


def test_only_who_works_on_it_does_steps_and_only_while_it_goes_on(department, agent):
    enact(step("look"))
    ticket = opened(department)
    with pytest.raises(Forbidden):
        procedures.do(an_agent(a_department()), ticket.id, "look")
    tickets.resolve(agent, ticket.id, "rejected", "Όχι", at=NOON)
    with pytest.raises(Stale):
        procedures.do(agent, ticket.id, "look")
    with pytest.raises(NotFound):
        procedures.do(agent, opened(department, type="complaint").id, "look")


def test_a_step_is_skipped_with_a_reason_a_mandatory_one_only_by_who_supervises(department, agent, boss):
    enact(step("look", mandatory=False), step("write"), step("who", "verify"))
    ticket = opened(department)
    with pytest.raises(Invalid):
        procedures.skip(agent, ticket.id, "look", " ")
    procedures.skip(agent, ticket.id, "look", "Δεν χρειάζεται", at=NOON)
    with pytest.raises(Forbidden):
        procedures.skip(agent, ticket.id, "write", "Βιάζομαι")
    procedures.skip(boss, ticket.id, "write", "Έγινε ήδη", at=NOON)
    assert steps(ticket) == {"look": "skipped", "write": "skipped", "who": "open"}
    with pytest.raises(Forbidden):
        procedures.skip(boss, ticket.id, "who", "Τον ξέρω")


def test_a_check_of_identity_keeps_its_outcome_and_nothing_of_what_was_said(department, agent):
    enact(step("who", "verify"), step("work"))
    ticket = opened(department)
    with pytest.raises(Invalid) as refused:
        procedures.do(agent, ticket.id, "who")
    assert set(refused.value.fields) == {"outcome"}
    with pytest.raises(Invalid) as refused:
        procedures.do(agent, ticket.id, "who", outcome="verified", note="ΑΦΜ 123456789")
    assert set(refused.value.fields) == {"note"}
    with pytest.raises(Stale) as early:
        procedures.do(agent, ticket.id, "work")
    assert (early.value.code, set(early.value.fields)) == ("too-early", {"who"})
    procedures.do(agent, ticket.id, "who", outcome="not-verified", at=NOON)
    assert steps(ticket)["who"] == "failed"
    procedures.do(agent, ticket.id, "who", outcome="verified", at=NOON + MINUTE)
    assert steps(ticket) == {"who": "done", "work": "open"}
    assert [event.state for event in told(ticket.id, "step_settled")] == ["failed", "done"]
    rows = table(Message).c
    notes = select(rows.text).where(rows.ticket_id == ticket.id, rows.audience == "internal")
    assert db.session.execute(notes).all() == []


def test_a_script_is_answered_to_its_end_and_noted(department, agent):
    enact(step("ask", "ask", questions=QUESTIONS))
    ticket = opened(department)
    for answers in ([], [1], [0, 0], [7]):
        with pytest.raises(Invalid):
            procedures.do(agent, ticket.id, "ask", answers=answers)
    procedures.do(agent, ticket.id, "ask", answers=[1, 0], at=NOON)
    rows = table(Message).c
    note = db.session.execute(
        select(rows.text).where(rows.ticket_id == ticket.id, rows.audience == "internal")
    ).scalar_one()
    assert note.split("\n") == ["«Ask»", "«Is any lamp lit?» «No»", "«Did it rain?» «It rained»", "«Reset the switch.»"]


# approvals


def approval(**given):
    return step("sign", "approve", approval=given)


def test_an_approval_is_asked_for_by_letter_and_given_by_somebody_else(department, agent, boss):
    enact(approval(), step("work"))
    ticket = opened(department, status="open")
    procedures.ask(agent, ticket.id, "sign", "Κοστίζει 900 €", at=NOON)
    assert ticket.status == "waiting_internal" and ticket.waiting_reason == "approval"
    letters = db.session.execute(select(Outbound.payload).where(Outbound.template == "approval")).scalars().all()
    assert [one["to_address"] for one in letters] == [boss_mail(boss)]
    assert [one.ticket.id for one in procedures.to_approve(boss)] == [ticket.id]
    assert procedures.to_approve(agent) == []
    procedures.approve(boss, ticket.id, "sign", at=NOON + MINUTE)
    assert (ticket.status, ticket.waiting_reason, steps(ticket)["sign"]) == ("open", None, "approved")
    assert procedures.to_approve(boss) == []


def boss_mail(boss):
    return db.session.execute(text("select email from person where id = :id"), {"id": boss.id}).scalar()


def test_nobody_approves_what_they_asked_for(department, boss):
    enact(approval())
    ticket = opened(department)
    procedures.ask(boss, ticket.id, "sign", at=NOON)
    with pytest.raises(Forbidden) as refused:
        procedures.approve(boss, ticket.id, "sign")
    assert refused.value.code == "self-approval"
    assert procedures.to_approve(boss) == [] and steps(ticket)["sign"] == "asked"


def test_nobody_approves_their_own_request(department, agent, boss):
    enact(approval())
    ticket = opened(department, requester_id=boss.id)
    procedures.ask(agent, ticket.id, "sign", at=NOON)
    with pytest.raises(Forbidden) as refused:
        procedures.approve(boss, ticket.id, "sign")
    assert refused.value.code == "self-approval"
    procedures.approve(known(a_supervisor(department)), ticket.id, "sign", at=NOON)


def test_who_is_no_approver_decides_nothing(department, agent):
    enact(approval())
    ticket = opened(department)
    procedures.ask(agent, ticket.id, "sign", at=NOON)
    strangers, chief = (an_agent(department), a_supervisor(a_department())), known(an_administrator())
    commit()
    for stranger in strangers:
        with pytest.raises(Forbidden) as refused:
            procedures.approve(stranger, ticket.id, "sign")
        assert refused.value.code == "not-approver"
    procedures.approve(chief, ticket.id, "sign", at=NOON)


def test_the_second_of_two_approvers_is_told_that_it_is_decided(department, agent, boss):
    enact(approval())
    ticket, other = opened(department), a_supervisor(department)
    procedures.ask(agent, ticket.id, "sign", at=NOON)
    procedures.refuse(boss, ticket.id, "sign", "Πολλά", at=NOON)
    with pytest.raises(Stale):
        procedures.approve(other, ticket.id, "sign")
    assert steps(ticket)["sign"] == "refused"
    procedures.ask(agent, ticket.id, "sign", "Λιγότερα", at=NOON + MINUTE)
    procedures.approve(other, ticket.id, "sign", at=NOON + 2 * MINUTE)


def test_a_refusal_says_why(department, agent, boss):
    enact(approval())
    ticket = opened(department)
    procedures.ask(agent, ticket.id, "sign", at=NOON)
    with pytest.raises(Invalid) as refused:
        procedures.refuse(boss, ticket.id, "sign", "")
    assert set(refused.value.fields) == {"reason"}


@pytest.mark.parametrize(
    ("cost", "state"), [("499,99 €", "not_needed"), ("500", "open"), ("1.250", "open"), ("cheap", "open"), ("", "open")]
)
def test_an_approval_by_amount_is_spared_only_below_it(department, cost, state):
    enact(approval(field="cost", above=500))
    assert steps(opened(department, form={"cost": cost}))["sign"] == state


def test_named_people_approve_and_no_others(department, agent, boss):
    chosen = an_agent(a_department())
    enact(approval(people=[boss_mail(chosen)]))
    ticket = opened(department)
    procedures.ask(agent, ticket.id, "sign", at=NOON)
    with pytest.raises(Forbidden):
        procedures.approve(boss, ticket.id, "sign")
    procedures.approve(chosen, ticket.id, "sign", at=NOON)


# handed over, delivered, fulfilled


def test_the_step_of_another_department_takes_the_ticket_there_and_starts_its_time(department, agent):
    other = a_department()
    enact(step("look"), step("dig", department=other.key, hours=6), step("write"))
    ticket = opened(department)
    procedures.do(agent, ticket.id, "look", at=NOON)
    journal.flush()
    assert ticket.department_id == other.id
    [handed] = told(ticket.id, "step_handed_over")
    assert (handed.step, handed.department_id, handed.seconds) == ("dig", other.id, 6 * 3600)
    assert [(row.state, row.target_seconds) for row in olas(ticket)] == [("running", 6 * 3600)]
    procedures.do(an_agent(other), ticket.id, "dig", at=NOON + MINUTE)
    journal.flush()
    assert ticket.department_id == department.id, "and comes back for the step after it"
    assert [row.state for row in olas(ticket)] == ["met"]


def olas(ticket):
    query = text("select state, target_seconds from ticket_clock where ticket_id = :id and name = 'ola'")
    return db.session.execute(query, {"id": ticket.id}).all()


def test_it_cannot_be_fulfilled_while_steps_or_approvals_are_open(department, agent, boss):
    enact(step("look"), approval(), step("hand", "deliver"))
    ticket = opened(department)
    with pytest.raises(Invalid) as refused:
        tickets.resolve(agent, ticket.id, "fulfilled", "Έτοιμο")
    assert (refused.value.code, set(refused.value.fields)) == ("steps-open", {"steps.look", "steps.sign", "steps.hand"})
    procedures.do(agent, ticket.id, "look", at=NOON)
    procedures.ask(agent, ticket.id, "sign", at=NOON)
    procedures.approve(boss, ticket.id, "sign", at=NOON)
    with pytest.raises(Invalid):
        tickets.resolve(agent, ticket.id, "fulfilled", "Έτοιμο")
    procedures.do(agent, ticket.id, "hand", at=NOON)
    tickets.resolve(agent, ticket.id, "fulfilled", "Έτοιμο", at=NOON + MINUTE)
    journal.flush()
    found = procedures.of(ticket)
    assert (found.delivered_at, found.fulfilled_at) == (NOON, NOON + MINUTE)
    assert len(told(ticket.id, "output_delivered", "request_fulfilled")) == 2


def test_it_may_be_rejected_whatever_is_open(department, agent):
    enact(step("look"))
    ticket = opened(department)
    tickets.resolve(agent, ticket.id, "rejected", "Δεν γίνεται", at=NOON)
    assert ticket.status == "resolved"


# models


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"steps": []}, "steps"),
        ({"when": {}}, "when"),
        ({"steps": [step("a"), step("a")]}, "steps[1].key"),
        ({"steps": [step("a", "juggle")]}, "steps[0].kind"),
        ({"steps": [step("a", texts={"en": " "})]}, "steps[0].texts"),
        ({"steps": [step("a", "ask")]}, "steps[0].questions"),
        ({"steps": [step("a", approval={})]}, "steps[0].approval"),
        ({"steps": [step("a", "approve", approval={"above": 5})]}, "steps[0].approval.field"),
        ({"steps": [step("a", "ask", questions=[{**QUESTIONS[0]}])]}, "steps[0].questions[0].answers[1].next"),
        ({"kind": "song"}, "kind"),
    ],
)
def test_what_is_wrong_with_a_model_is_named(given, field):
    with pytest.raises(Invalid) as refused:
        rulebook.check(RulebookKind.MODEL, model(step("look")) | given)
    assert set(refused.value.fields) == {field}


def test_a_person_names_only_what_the_body_has(service):
    chief = an_administrator()
    commit()
    wrong = model(
        step("a", department="nowhere"), step("b", hours=4),
        step("c", "approve", approval={"field": "price", "above": 5, "people": ["ghost@example.org"]}),
        when={"service": [service.key, "juggling"]}, owner="ghost@example.org", known_errors=[10**9],
    )  # fmt: skip
    with pytest.raises(Invalid) as refused:
        rulebook.make_draft(chief, RulebookKind.MODEL, "wrong", wrong, title="x")
    assert set(refused.value.fields) == {
        "owner", "when.service[1]", "known_errors[0]", "steps[0].department", "steps[1].hours",
        "steps[2].approval.people[0]", "steps[2].approval.field",
    }  # fmt: skip
    right = model(
        step("c", "approve", approval={"field": "cost", "above": 5}), when={"service": [service.key]},
        owner=boss_mail(chief),
    )  # fmt: skip
    rulebook.make_draft(chief, RulebookKind.MODEL, "right", right, title="x")
