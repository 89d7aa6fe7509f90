"""Problems and known errors: opened, declared, matched to tickets and words, used, looked at again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk.db import db, table
from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.models.catalogue import Category
from helpdesk.models.problems import ProblemTicket
from helpdesk.permissions import SYSTEM
from helpdesk.services import journal, problems
from tests.builders import NOON, a_department, a_service, a_supervisor, a_ticket, an_agent

TITLES = {"el": "Η πληρωμή με κάρτα κόβεται", "en": "Card payments fail"}
WAY = {"el": "Δοκιμάστε με το IRIS.", "en": "Pay by IRIS."}
DAY = timedelta(days=1)


@pytest.fixture
def department(session):
    return a_department()


@pytest.fixture
def service(department):
    return a_service(department_id=department.id)


def known(actor, **given):
    given = {"titles": TITLES, "symptoms": {"el": "σφάλμα 51, η τράπεζα απορρίπτει την κάρτα"}} | given
    opened = problems.open_(actor, at=NOON, workarounds=given.pop("workarounds", WAY), **given)
    return problems.declare(actor, opened.id, at=NOON)


def facts(number, *kinds):
    return [fact.type for fact in journal.of(number) if fact.type in kinds]


def test_who_opens_a_problem_from_a_ticket_owns_it_and_the_ticket_stands_with_it(agent, department):
    ticket = a_ticket(department_id=department.id)
    opened = problems.open_(agent, titles=TITLES, ticket=ticket.id, at=NOON)
    assert (opened.state, opened.owner_id, opened.audience) == ("open", agent.id, "internal")
    assert [row.id for row in problems.tickets_of(agent, opened.id)] == [ticket.id]
    journal.flush()
    assert facts(ticket.id, "problem_linked") == ["problem_linked"]


def test_a_known_error_tells_the_way_round_or_says_that_there_is_none(agent):
    opened = problems.open_(agent, titles=TITLES, at=NOON)
    with pytest.raises(Invalid) as refused:
        problems.declare(agent, opened.id, at=NOON)
    assert set(refused.value.fields) == {"workarounds"}
    declared = problems.declare(agent, opened.id, none_yet=True, at=NOON)
    assert (declared.state, declared.no_workaround) == ("known_error", True)
    assert declared.review_on == (NOON + 90 * DAY).date()


def test_a_known_error_keeps_its_way_round(agent):
    declared = known(agent)
    with pytest.raises(Invalid):
        problems.change(agent, declared.id, workarounds={})
    assert problems.workaround(declared.id, "en") == "Pay by IRIS."


def test_only_its_owner_and_supervisors_keep_it(agent, department):
    declared, other = known(agent), an_agent(department)
    with pytest.raises(Forbidden):
        problems.change(other, declared.id, titles={"en": "Mine now"})
    with pytest.raises(Forbidden):
        problems.resolve(other, declared.id)
    assert problems.change(a_supervisor(department), declared.id, titles={"en": "Told better"}).titles["en"]


def test_a_change_by_two_at_once_is_seen(agent):
    declared = known(agent)
    seen = declared.version
    problems.change(agent, declared.id, titles={"en": "First"}, version=seen)
    with pytest.raises(Stale):
        problems.change(agent, declared.id, titles={"en": "Second"}, version=seen)


def test_wrong_fields_are_named(agent):
    with pytest.raises(Invalid) as refused:
        problems.open_(agent, titles={"el": " "}, audience="world", service_id=10**9, owner_id=10**9)
    assert set(refused.value.fields) == {"titles", "audience", "service_id", "owner_id"}
    with pytest.raises(NotFound):
        problems.change(agent, 10**9, titles=TITLES)


@pytest.mark.parametrize(
    "words",
    ["Η ΚΑΡΤΑ ΜΟΥ ΑΠΟΡΡΙΠΤΕΤΑΙ ΣΤΗΝ ΠΛΗΡΩΜΗ", "πληρωμη: η τραπεζα δεν δεχεται την καρτα", "card payment fails again"],
)
def test_it_is_found_by_words_without_accents_case_and_endings(agent, words):
    declared = known(agent)
    ticket = a_ticket(subject="Βοήθεια", text=words)
    found = problems.for_ticket(SYSTEM, ticket, problems.words_of(ticket.id))
    assert [row.id for row in found.errors] == [declared.id]


def test_one_word_in_common_is_not_enough(agent):
    known(agent)
    ticket = a_ticket(subject="Κάρτα στάθμευσης", text="Πώς βγάζω κάρτα στάθμευσης κατοίκου;")
    assert not problems.for_ticket(SYSTEM, ticket, problems.words_of(ticket.id)).errors


def test_the_same_service_comes_before_the_same_category_before_words(agent, service, department):
    category = Category(key="payments", names={"el": "Πληρωμές"})
    db.session.add(category)
    db.session.flush()
    by_words = known(agent)
    by_category = known(agent, titles={"el": "Αργεί η απόδειξη"}, symptoms={}, category_id=category.id)
    by_service = known(agent, titles={"el": "Κλειστό ταμείο"}, symptoms={}, service_id=service.id)
    one = a_ticket(service_id=service.id, category_id=category.id, subject="Κάρτα", text="Σφάλμα πληρωμής")
    shown = [row.id for row in problems.for_ticket(SYSTEM, one, problems.words_of(one.id)).errors]
    assert shown.index(by_service.id) < shown.index(by_category.id)
    assert set(shown) == {by_words.id, by_category.id, by_service.id}


def test_at_most_three_are_shown(agent, service):
    for _ in range(5):
        known(agent, service_id=service.id)
    ticket = a_ticket(service_id=service.id)
    assert len(problems.for_ticket(SYSTEM, ticket, "").errors) == 3


def test_only_active_known_errors_are_shown(agent, service):
    stopped, solved = known(agent, service_id=service.id), known(agent, service_id=service.id)
    problems.open_(agent, titles=TITLES, service_id=service.id)
    problems.change(agent, stopped.id, active=False)
    problems.resolve(agent, solved.id, at=NOON)
    ticket = a_ticket(service_id=service.id)
    assert not problems.for_ticket(SYSTEM, ticket, problems.words_of(ticket.id)).errors
    assert problems.workaround(stopped.id, "el") == "" and not problems.told_of("πληρωμή με κάρτα")


def test_used_it_counts_once_a_ticket_and_links_it(agent, department):
    declared, ticket = known(agent), a_ticket(department_id=department.id)
    for _ in range(2):
        problems.use(agent, ticket.id, declared.id, at=NOON)
    journal.flush()
    row = problems.find(declared.id)
    assert (row.tickets, row.uses) == (1, 1)
    assert facts(ticket.id, "problem_linked", "workaround_used") == ["problem_linked", "workaround_used"]
    found = problems.for_ticket(SYSTEM, ticket, problems.words_of(ticket.id))
    assert [one.id for one in found.linked] == [declared.id] and not found.errors
    problems.unlink(agent, ticket.id, declared.id, at=NOON)
    assert problems.find(declared.id).tickets == 0


def test_what_is_no_known_error_cannot_be_used(agent, department):
    opened, ticket = problems.open_(agent, titles=TITLES), a_ticket(department_id=department.id)
    with pytest.raises(Stale):
        problems.use(agent, ticket.id, opened.id)
    rows = table(ProblemTicket)
    assert not db.session.execute(select(rows)).all()


def test_another_departments_ticket_is_not_linked_by_an_agent(agent):
    declared, ticket = known(agent), a_ticket(department_id=a_department().id)
    with pytest.raises(Forbidden):
        problems.link(agent, ticket.id, declared.id)


def test_a_restricted_ticket_is_not_told_to_others_by_its_problem(agent, department):
    ticket = a_ticket(department_id=department.id, restricted=True)
    declared = known(agent)
    problems.link(agent, ticket.id, declared.id)
    assert problems.tickets_of(an_agent(a_department()), declared.id) == []
    assert len(problems.tickets_of(agent, declared.id)) == 1


def test_citizens_are_told_of_public_ones_only(agent, service):
    known(agent, service_id=service.id)
    assert not problems.told_of("πληρωμή με κάρτα κόβεται") and not problems.public(service.id)
    declared = known(agent, service_id=service.id, audience="public")
    assert [row.id for row in problems.told_of("πληρωμη καρτα")] == [declared.id]
    assert [row.id for row in problems.public(service.id)] == [declared.id]


def test_what_should_have_been_looked_at_stands_in_its_list_until_it_is(agent):
    declared = known(agent)
    due = NOON + 91 * DAY
    assert not problems.listed("review", NOON).rows
    assert [row.id for row in problems.listed("review", due).rows] == [declared.id]
    with pytest.raises(Invalid):
        problems.reviewed(agent, declared.id, due.date(), at=due)
    problems.reviewed(agent, declared.id, (due + 30 * DAY).date(), at=due)
    assert not problems.listed("review", due).rows


def test_lists_go_on_where_they_ended(agent):
    ids = [known(agent).id for _ in range(3)]
    first = problems.listed("known", NOON, limit=2)
    rest = problems.listed("known", NOON, first.next, limit=2)
    assert [row.id for row in (*first.rows, *rest.rows)] == ids[::-1] and rest.next is None
