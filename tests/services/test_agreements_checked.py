"""What a person writes into an agreement is checked against the body: each thing that is wrong has its field."""

import pytest

from helpdesk.db import db
from helpdesk.errors import Invalid
from helpdesk.models.catalogue import Team
from helpdesk.services import rulebook
from helpdesk.vocabulary import RulebookKind
from tests.builders import NOON, a_department, a_service, an_administrator, an_agent

PROMISE = {"clock": "resolution", "seconds": 3600}
STAY = {"clock": "ola", "seconds": 3600}
STEP = {"at": "80%", "do": "escalate-to-group"}
OWNER = "owner@city.example"


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(NOON)
    water = a_department(key="water")
    a_service(key="leak", department_id=water.id)
    db.session.add(Team(department_id=water.id, key="leak-crew", names={"el": "Συνεργείο"}))
    db.session.flush()
    an_agent(email=OWNER)


@pytest.fixture
def root():
    return an_administrator()


def drafted(root, *targets, key="agreed", **more):
    return rulebook.make_draft(root, RulebookKind.POLICY, key, {"targets": list(targets) or [PROMISE], **more})


def with_water(**more):
    return {"kind": "ola", "department": "water", "owner": OWNER} | more


@pytest.mark.parametrize(("data", "field", "told"), [
    ({"targets": [PROMISE | {"clock": "someday"}]}, "targets[0].clock", "Choose one"),
    ({"targets": [STAY, PROMISE], "agreement": with_water(), "when": {"department": ["water"]}},
     "targets[1].clock", "own time only"),
    ({"targets": [STAY | {"clock": "ua"}], "agreement": with_water(), "when": {"department": ["water"]}},
     "targets[0].clock", "own time only"),
    ({"targets": [STAY], "agreement": {"kind": "ola", "owner": OWNER}}, "agreement.department", "names it"),
    ({"targets": [STAY], "agreement": with_water()}, "when.department", "must hold for the party"),
    ({"targets": [STAY], "agreement": with_water(department="fire"), "when": {"department": ["fire"]}},
     "agreement.department", "none with this key"),
    ({"targets": [STAY | {"clock": "ua"}], "agreement": {"kind": "ua", "supplier": "nobody", "owner": OWNER}},
     "agreement.supplier", "none with this key"),
    ({"agreement": {"kind": "ua", "owner": OWNER}}, "agreement.supplier", "names it"),
    ({"agreement": {"owner": "stranger@example.org"}}, "agreement.owner", "works here"),
    ({"agreement": {"terms": "Ό,τι συμφωνήθηκε"}}, "agreement.owner", "has an owner"),
    ({"agreement": {"owner": OWNER, "valid_from": "2026-05-01", "valid_until": "2026-04-01"}},
     "agreement.valid_until", "before"),
    ({"agreement": {"owner": OWNER, "review_on": "2026-02-30"}}, "agreement.review_on", "not a date"),
    ({"when": {"service": ["leak", "moon"]}}, "when.service[1]", "none with this key"),
    ({"when": {"department": ["moon"]}}, "when.department[0]", "none with this key"),
    ({"when": {"customer": ["moon"]}}, "when.customer[0]", "none with this key"),
    ({"when": {"type": ["wish"]}}, "when.type[0]", "none with this key"),
    ({"targets": [PROMISE, PROMISE | {"when": {"service": ["moon"]}}]}, "targets[1].when.service[0]", "none with"),
    ({"targets": [PROMISE | {"steps": [STEP]}]}, "targets[0].steps[0].to", "Say to whom"),
    ({"targets": [PROMISE | {"steps": [STEP | {"to": "moon"}]}]}, "targets[0].steps[0].to", "no such team"),
    ({"targets": [PROMISE | {"steps": [STEP | {"to": OWNER}]}]}, "targets[0].steps[0].to", "no such team"),
    ({"targets": [PROMISE | {"steps": [STEP | {"do": "reassign", "to": "x@city.example"}]}]},
     "targets[0].steps[0].to", "no such team or colleague"),
    ({"pauses": {"first_response": ["waiting_requester"]}}, "pauses.first_response", "No waiting stops"),
    ({"pauses": {"someday": []}}, "pauses.someday", "no such time"),
    ({"pauses": {"resolution": ["closed"]}}, "pauses.resolution", "Only waiting"),
])  # fmt: skip
def test_what_does_not_fit_is_refused_beside_its_field(root, data, field, told):
    with pytest.raises(Invalid) as refused:
        drafted(root, **({"targets": [PROMISE]} | data))
    assert told in refused.value.fields[field]


def test_everything_that_is_wrong_is_told_at_once(root):
    with pytest.raises(Invalid) as refused:
        drafted(root, PROMISE | {"steps": [STEP]}, when={"service": ["moon"]}, pauses={"callback": ["scheduled"]})
    assert set(refused.value.fields) == {"targets[0].steps[0].to", "when.service[0]", "pauses.callback"}


@pytest.mark.parametrize(("do", "to"), [
    ("escalate-to-group", "leak-crew"), ("reassign", "leak-crew"), ("reassign", OWNER), ("notify-owner", ""),
])  # fmt: skip
def test_an_agreement_that_names_what_there_is_becomes_a_draft(root, do, to):
    receiver = {"to": to} if to else {}
    stay = STAY | {"steps": [{"at": 0, "do": do} | receiver], "when": {"service": ["leak"]}}
    id_ = drafted(
        root, stay, when={"department": ["water"]},
        agreement=with_water(review_on="2027-01-01"), pauses={"ola": ["waiting_requester"], "callback": []},
    )  # fmt: skip
    version = rulebook.put_in_force(root, id_, at=NOON)
    assert version.value.agreement.owner == OWNER


@pytest.mark.parametrize(("data", "field"), [
    ({"when": {"priority": ["critical"]}}, "when.priority"),
    ({"when": {"service": ["leak"]}}, "when.service"),
    ({"targets": [STAY], "agreement": with_water(), "when": {"department": ["water"]}}, "agreement.kind"),
])  # fmt: skip
def test_the_usual_promises_can_not_be_narrowed_so_that_tickets_fall_through(root, data, field):
    with pytest.raises(Invalid) as refused:
        drafted(root, key=rulebook.DEFAULT, **({"targets": [PROMISE]} | data))
    assert field in refused.value.fields
    assert refused.value.code == "default"


def test_the_usual_promises_can_not_be_taken_out_of_force(root):
    held = rulebook.in_force(RulebookKind.POLICY)
    with pytest.raises(Invalid) as refused:
        rulebook.retire(root, held.id, why="Δεν τις θέλουμε")
    assert refused.value.code == "default"
    assert rulebook.in_force(RulebookKind.POLICY) == held


def test_what_the_system_brings_by_itself_is_not_measured_against_the_body():
    brought = {"targets": [PROMISE], "when": {"service": ["of-another-system"]}}
    assert rulebook.enact(RulebookKind.POLICY, "story", brought, at=NOON).value.when.service == ("of-another-system",)
