"""Triage: the department, the priority and their reasons, by the versions in force."""

from itertools import count

import pytest

from helpdesk.db import db
from helpdesk.models.rulebook import Rulebook
from helpdesk.services import accounts, rulebook, triage
from helpdesk.services.arrival import Arrival, Wish
from helpdesk.services.people import Contact
from tests.builders import NOON, a_department, a_service, an_account

pytestmark = pytest.mark.usefixtures("session")
_numbers = count(1)


def in_force(kind: str, data: dict) -> Rulebook:
    row = Rulebook(kind=kind, key="default", number=next(_numbers), data=data, state="in_force", created_at=NOON)
    db.session.add(row)
    db.session.flush()
    return row


def a_mail(**given) -> Arrival:
    defaults = {"channel": "email", "received_at": NOON, "contact": Contact("anna@example.org"), "subject": "Φως"}
    return Arrival(**defaults | {"text": "Έχουμε διαρροή νερού στην οδό Ερμού."} | given)


def decided(**given) -> triage.Decided:
    [found] = triage.decide([a_mail(**given)])
    return found


def test_a_rule_names_the_department_with_the_words_it_found():
    water = a_department(key="water")
    rule = {
        "key": "leak",
        "title": "Leaks",
        "when": {"words": {"any": ["διαρροή νερού"]}},
        "then": {"department": "water"},
    }
    rules = in_force("ruleset", {"rules": [rule]})
    found = decided()
    assert (found.department_id, found.by, found.ruleset) == (water.id, "rule", f"default@{rules.number}")
    assert found.reasons[0]["word"] == "διαρροή νερού"


def test_without_a_match_it_goes_to_triage_openly():
    found = decided()
    assert (found.department_id, found.by) == (None, "default")
    assert [reason["kind"] for reason in found.reasons] == ["triage"]


def test_the_address_that_was_written_to_names_its_department():
    department = a_department()
    row = an_account(department_id=department.id)
    account = accounts.book().by_id[row.id]
    found = decided(account=account)
    assert (found.department_id, found.by) == (department.id, "address")


def test_a_service_brings_its_department_and_what_it_stands_for():
    service = a_service(impact="high", urgency="high", type="incident")
    found = decided(wish=Wish(service_id=service.id))
    assert (found.department_id, found.type, found.priority, found.by) == (
        service.department_id,
        "incident",
        "critical",
        "service",
    )


def test_staff_name_the_department_and_no_rule_overrules_them():
    department = a_department()
    found = decided(wish=Wish(department_id=department.id))
    assert (found.department_id, found.by) == (department.id, "staff")


def test_the_matrix_in_force_makes_the_priority():
    low = dict.fromkeys(("high", "medium", "low"), "low")
    matrix = in_force("matrix", {"high": low, "medium": low, "low": low})
    found = decided(wish=Wish(impact="high", urgency="high"))
    assert (found.priority, found.matrix_id) == ("low", matrix.id)


def test_a_floor_lifts_the_priority():
    in_force(
        "ruleset",
        {"rules": [{"key": "gas", "title": "Gas", "when": {"all": []}, "then": {"priority_floor": "critical"}}]},
    )
    found = decided()
    assert (found.priority, found.priority_reason) == ("critical", "floor")


def test_a_rule_may_make_a_request_restricted():
    in_force(
        "ruleset",
        {"rules": [{"key": "x", "title": "X", "when": {"all": []}, "then": {"restricted": True, "tags": ["care"]}}]},
    )
    found = decided()
    assert (found.restricted, found.tags) == (True, ("care",))


def test_a_department_that_left_does_not_get_new_requests():
    a_department(key="gone", active=False)
    in_force("ruleset", {"rules": [{"key": "x", "title": "X", "when": {"all": []}, "then": {"department": "gone"}}]})
    assert decided().department_id is None


@pytest.mark.parametrize(
    "text",
    ["Υπάρχει ΦΩΤΙΑ στο πάρκο", "Στην αυλή του σχολείου έχουμε διαρροή αερίου", "There is a gas leak in our street"],
)
def test_a_new_body_knows_danger_before_it_has_a_rule_or_a_classifier(text):
    rulebook.ensure_defaults(NOON)
    found = decided(text=text)
    assert found.priority == "critical"
    assert found.tags == ("emergency",)
    assert decided(text="Πόσο κοστίζει ένα πιστοποιητικό;").priority != "critical"
