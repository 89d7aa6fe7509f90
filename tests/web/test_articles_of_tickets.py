"""Help articles out of tickets: a draft with the answer and nobody's name; and tickets that follow a closed one."""

import pytest
from sqlalchemy import select

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Forbidden, Stale
from helpdesk.models.help import Article
from helpdesk.models.tickets import Link
from helpdesk.services import articles, rulebook, tickets
from tests.builders import NOON, a_citizen, a_department, a_ticket, an_account, an_administrator, an_agent
from tests.web.browsers import Browser
from tests.web.machine import Machine

ANSWER = "Κυρία Παπαδοπούλου, το φως άναψε. Γράψτε στο anna@example.org ή καλέστε 2310 123456."


@pytest.fixture
def department(session):
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)
    return a_department()


@pytest.fixture
def ticket(department, agent):
    citizen = a_citizen(name="Άννα Παπαδοπούλου", email="anna@example.org")
    made = a_ticket(department_id=department.id, requester=citizen, subject="Γιατί δεν ανάβει το φως;")
    tickets.resolve(agent, made.id, "solved", ANSWER, at=NOON)
    ground.commit()
    return made


def drafts() -> list[Article]:
    return list(db.session.scalars(select(Article).order_by(Article.id)))


def test_an_agent_proposes_a_draft_of_question_and_answer_without_anybodys_name(app, agent, department, ticket):
    browser = Browser(app, agent)
    assert "Make a help article of it" in browser.open(f"/desk/tickets/{ticket.id}").text
    assert browser.send(f"/desk/tickets/{ticket.id}/article").status_code == 303
    [draft] = drafts()
    assert (draft.titles, draft.published, draft.department_id) == (
        {"el": "Γιατί δεν ανάβει το φως;"}, False, department.id,
    )  # fmt: skip
    assert draft.bodies == {"el": "Κυρία …, το φως άναψε. Γράψτε στο … ή καλέστε …."}


def test_by_machine_it_is_drafted_once_and_refused_where_nothing_was_resolved(client, agent, department, ticket):
    machine = Machine(client, agent)
    for _ in range(2):
        answer = machine.post(f"/tickets/{ticket.id}/article")
    [draft] = drafts()
    assert (answer.status_code, answer.json) == (201, {"id": draft.id})
    assert machine.post(f"/tickets/{a_ticket(department_id=department.id).id}/article").status_code == 409


def test_who_may_write_articles_is_led_to_the_draft_and_asking_twice_makes_one(app, ticket):
    browser = Browser(app, an_administrator())
    for _ in range(2):
        answer = browser.send(f"/desk/tickets/{ticket.id}/article")
    [draft] = drafts()
    assert answer.location.endswith(f"/admin/articles/{draft.id}")
    assert "Γιατί δεν ανάβει το φως;" in browser.open(answer.location).text


def test_names_are_left_out_in_every_case_of_them():
    assert articles.impersonal("Του Παπαδόπουλου, κύριε Παπαδόπουλε", ["Νίκος Παπαδόπουλος"]) == "Του …, κύριε …"


def test_what_is_not_resolved_or_sensitive_becomes_no_article(agent, department, ticket):
    unresolved = a_ticket(department_id=department.id)
    ground.commit()
    with pytest.raises(Stale):
        articles.propose(agent, unresolved.id)
    tickets.restrict(agent, ticket.id, at=NOON)
    with pytest.raises(Stale):
        articles.propose(agent, ticket.id)
    assert drafts() == []


def test_an_agent_of_elsewhere_proposes_nothing(ticket):
    with pytest.raises(Forbidden):
        articles.propose(an_agent(a_department()), ticket.id)


def test_a_closed_ticket_leads_to_a_new_one_that_follows_it(app, agent, ticket):
    tickets.close(agent, ticket.id, at=NOON)
    browser = Browser(app, agent)
    assert "follows=1" in browser.open(f"/desk/tickets/{ticket.id}").text
    page = f"/desk/new?like={ticket.id}&follows=1"
    assert f"linked with {ticket.id}" in browser.open(page).text
    asked = {"like": str(ticket.id), "follows": "1", "channel": "phone", "email": "anna@example.org"}
    answer = browser.send("/desk/new", page=page, subject="Πάλι", text="Έσβησε.", **asked)
    number = int(answer.location.rsplit("/", 1)[1])
    [link] = db.session.scalars(select(Link).filter_by(from_id=number))
    assert (link.to_id, link.kind) == (ticket.id, "follow_up")
