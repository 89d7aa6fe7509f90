"""Every clock on one ticket at once; the law, suppliers and promised calls, each by its own count."""

from datetime import timedelta

import pytest

from helpdesk.errors import Stale
from helpdesk.permissions import Actor
from helpdesk.services import callbacks, classification, replies, rulebook, tickets, timers
from helpdesk.vocabulary import ActorKind
from tests.builders import NOON, a_customer, a_department, a_service, a_supplier, a_ticket, an_account, an_agent
from tests.lives.house import DAY, HOUR, agree, athens, keep_office_hours, promise, read, row, states

LAW = {"clock": "statutory", "days": 50, "steps": [{"at": "90%", "do": "warn"}]}
PASS_ON = {"clock": "forwarding", "days": 3}


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(NOON)
    data = promise()
    agree("default", data | {"targets": [*data["targets"], LAW, PASS_ON]})
    an_account(is_default=True)


@pytest.fixture
def works():
    return a_department(key="works")


@pytest.fixture
def agent(works):
    return an_agent(works)


@pytest.fixture
def ticket(works):
    return a_ticket(department_id=works.id)


def test_every_clock_runs_on_one_ticket_at_once(works, agent):
    agree("ola", {"targets": [{"clock": "ola", "seconds": 7200}], "agreement": {"kind": "ola"}})
    agree("ua", {"targets": [{"clock": "ua", "seconds": 7200, "calendar": "always"}],
                 "agreement": {"kind": "ua", "supplier": "lamps"}})  # fmt: skip
    a_supplier(key="lamps")
    ticket = a_ticket(department_id=works.id)
    replies.reply(agent, ticket.id, "Το κοιτάμε.", at=NOON + HOUR)
    replies.citizen_writes(_citizen(ticket), ticket.id, "Πότε;", at=NOON + HOUR + timedelta(minutes=5))
    tickets.VERBS["deny-competence"](agent, ticket.id, "Άλλου φορέα.", at=NOON + HOUR + timedelta(minutes=6))
    callbacks.promise(agent, ticket.id, NOON + 3 * HOUR, NOON + 4 * HOUR, at=NOON + HOUR + timedelta(minutes=7))
    tickets.VERBS["engage-supplier"](agent, ticket.id, "lamps", "Λυχνία.", at=NOON + HOUR + timedelta(minutes=8))
    assert states(ticket, NOON + HOUR + timedelta(minutes=10)) == {
        "acknowledge": ["met"],
        "first_response": ["met"],
        "next_response": ["running"],
        "update": ["running"],
        "resolution": ["running"],
        "statutory": ["withdrawn"],
        "forwarding": ["running"],
        "ola": ["running"],
        "ua": ["running"],
        "callback": ["running"],
    }
    assert list(timers.verify(NOON + DAY)) == []


def _citizen(ticket):
    return Actor(ActorKind.CITIZEN, ticket.requester_id)


def test_the_law_counts_whole_days_and_ends_with_the_last_one(ticket):
    # received on 24 November: the fiftieth day is 13 January, whatever is closed in between
    assert row(ticket, "statutory").due_at == athens("2027-01-14T00:00+02:00")


def test_over_the_change_to_summer_time_the_law_still_ends_at_midnight(works):
    received = athens("2026-03-01T10:00+02:00")
    ticket = a_ticket(department_id=works.id, received_at=received)
    assert row(ticket, "statutory").due_at == athens("2026-04-21T00:00+03:00")


def test_the_law_counts_from_when_all_documents_are_there(agent, ticket):
    tickets.VERBS["mark-incomplete"](agent, ticket.id, "Λείπει το συμβόλαιο.", at=NOON + DAY)
    assert states(ticket, NOON + 2 * DAY)["statutory"] == ["withdrawn"]
    tickets.VERBS["mark-complete"](agent, ticket.id, at=NOON + 6 * DAY)
    assert row(ticket, "statutory", 2).due_at == athens("2027-01-20T00:00+02:00")


def test_waiting_does_not_stop_the_law(agent, ticket):
    tickets.wait(agent, ticket.id, "needs_information", at=NOON + HOUR)
    assert states(ticket, NOON + 10 * DAY)["statutory"] == ["running"]
    assert states(ticket, NOON + 10 * DAY)["resolution"] == ["paused"]


def test_the_law_may_be_extended_once(agent, ticket):
    tickets.VERBS["extend"](agent, ticket.id, 10, "Γνωμοδοτεί και άλλη υπηρεσία.", at=NOON + 40 * DAY)
    assert row(ticket, "statutory").due_at == athens("2027-01-24T00:00+02:00")
    with pytest.raises(Stale):
        tickets.VERBS["extend"](agent, ticket.id, 10, "Και άλλο.", at=NOON + 41 * DAY)
    assert list(timers.verify(NOON + 42 * DAY)) == []


def test_an_extension_outlives_another_service(agent, ticket):
    tickets.VERBS["extend"](agent, ticket.id, 10, "Γνωμοδοτεί και άλλη υπηρεσία.", at=NOON + DAY)
    shorter = {"clock": "statutory", "days": 30, "when": {"priority": ["critical"]}}
    agree("default", {"targets": [shorter, LAW, *promise("resolution")["targets"]]})
    other = a_ticket(department_id=ticket.department_id)
    tickets.VERBS["extend"](agent, other.id, 10, "Γνωμοδοτεί και άλλη υπηρεσία.", at=NOON + DAY)
    classification.classify(agent, other.id, priority="critical", reason="κίνδυνος", at=NOON + 2 * DAY)
    assert row(other, "statutory").due_at == athens("2027-01-04T00:00+02:00")


def test_who_is_not_competent_has_three_days_from_its_arrival_and_where_it_goes_the_law_counts_anew(works, agent):
    other, ticket = a_department(), a_ticket(department_id=works.id)
    tickets.VERBS["deny-competence"](agent, ticket.id, "Δεν είναι δικό μας.", at=NOON + 2 * DAY)
    assert row(ticket, "forwarding").due_at == athens("2026-11-28T00:00+02:00")
    tickets.transfer(agent, ticket.id, other.id, "Δικό σας.", at=NOON + 3 * DAY)
    assert states(ticket, NOON + 3 * DAY)["forwarding"] == ["met"]
    assert row(ticket, "statutory", 2).started_at == NOON + 3 * DAY
    assert row(ticket, "statutory").state == "withdrawn"


def test_passed_on_too_late_is_late_though_nobody_said_so_before(agent, ticket):
    forward = tickets.VERBS["forward"]
    forward(agent, ticket.id, "Περιφέρεια Αττικής", "Το διαβιβάσαμε στην Περιφέρεια.", at=NOON + 5 * DAY)
    found = read(ticket, NOON + 5 * DAY)
    assert [one.state.value for one in found["forwarding"]] == ["breached"]
    assert [one.state.value for one in found["statutory"]] == ["withdrawn"]
    assert [one.state.value for one in found["resolution"]] == ["met"]


def test_what_lies_in_triage_is_with_no_department_so_that_neither_the_law_nor_a_stay_has_begun(works):
    agree("ola", {"targets": [{"clock": "ola", "seconds": 7200}], "agreement": {"kind": "ola"}})
    ticket = a_ticket()
    assert {"statutory", "ola"}.isdisjoint(read(ticket, NOON + DAY))
    tickets.transfer(an_agent(works), ticket.id, works.id, "Εδώ.", at=NOON + HOUR)
    assert row(ticket, "statutory").started_at == row(ticket, "ola").started_at == NOON + HOUR


def test_a_supplier_is_measured_from_its_engagement_in_the_hours_of_its_contract(works, agent):
    keep_office_hours(
        "nights", {"tz": "Europe/Athens", "hours": {"tue": [["20:00", "23:00"]], "wed": [["20:00", "23:00"]]}}
    )
    target = {"clock": "ua", "seconds": 4 * 3600, "calendar": "nights"}
    agree(
        "ua", {"targets": [target], "when": {"supplier": ["lamps"]}, "agreement": {"kind": "ua", "supplier": "lamps"}}
    )
    for key in ("lamps", "paint"):
        a_supplier(key=key)
    ticket = a_ticket(department_id=works.id)
    engage, answered = tickets.VERBS["engage-supplier"], tickets.VERBS["supplier-answered"]
    engage(agent, ticket.id, "lamps", "Λυχνία.", at=NOON + HOUR)
    assert row(ticket, "ua").due_at == athens("2026-11-25T21:00+02:00")
    answered(agent, ticket.id, at=NOON + 2 * DAY)
    engage(agent, ticket.id, "paint", "Χρώμα.", at=NOON + 3 * DAY)
    answered(agent, ticket.id, at=NOON + 4 * DAY)
    engage(agent, ticket.id, "lamps", "Και άλλη.", at=NOON + 5 * DAY)
    found = read(ticket, NOON + 6 * DAY)["ua"]
    assert [(one.state.value, one.started_at) for one in found] == [
        ("breached", NOON + HOUR),
        ("running", NOON + 5 * DAY),
    ]


def test_a_promised_call_is_kept_by_the_first_dial_in_its_window(agent, ticket):
    callbacks.promise(agent, ticket.id, NOON + HOUR, NOON + 2 * HOUR, at=NOON)
    assert row(ticket, "callback").due_at == NOON + 2 * HOUR
    callbacks.dial(agent, ticket.id, "no_answer", at=NOON + HOUR)
    assert (row(ticket, "callback").state, row(ticket, "first_response").state) == ("met", "running")
    callbacks.promise(agent, ticket.id, NOON + 3 * HOUR, NOON + 4 * HOUR, at=NOON + 2 * HOUR)
    callbacks.dial(agent, ticket.id, "reached", at=NOON + 5 * HOUR)
    assert states(ticket, NOON + 5 * HOUR)["callback"] == ["met", "breached"]
    assert row(ticket, "first_response").stopped_at == NOON + 5 * HOUR


def test_a_customer_body_s_own_agreement_holds_for_what_it_commissions(works):
    own = {"targets": [{"clock": "resolution", "seconds": 3600}], "when": {"customer": ["water"]}, "order": 50}
    agree("sla-water", own | {"agreement": {"kind": "sla", "customer": "water"}})
    customer = a_customer(key="water")
    service = a_service(department_id=works.id, customer_id=customer.id)
    theirs = a_ticket(department_id=works.id, service_id=service.id, customer_id=customer.id)
    assert row(theirs, "resolution").target_seconds == 3600
    assert row(a_ticket(department_id=works.id), "resolution").target_seconds == 40 * 3600
