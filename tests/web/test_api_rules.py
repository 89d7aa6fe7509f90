"""Rules by machine: versions are listed, drafts are made, one is put in force; each wrong field is named."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.services import rulebook
from helpdesk.vocabulary import RulebookKind
from helpdesk.web.api.rules import PATHS
from tests.builders import NOON, a_department, a_supervisor, an_administrator, an_agent
from tests.procedures import model, step
from tests.web.machine import Machine

pytestmark = pytest.mark.usefixtures("rules")

WEEK = {"tz": "Europe/Athens", "hours": {"mon": [["08:00", "15:00"]]}}


@pytest.fixture
def machine(client):
    found = Machine(client, an_administrator(email="root@city.example"))
    ground.commit()
    return found


def put(machine, path, given):
    return machine.ask("PUT", path, given)


@pytest.mark.parametrize(("kind", "path"), PATHS.items())
def test_what_is_in_force_is_listed_and_comes_back_as_a_draft(machine, kind, path):
    if kind is RulebookKind.MODEL:  # a body begins without one
        rulebook.enact(kind, "default", model(step("look"), owner="root@city.example"), title="default", at=NOON)
    item = next(one for one in machine.get(f"/{path}").json["items"] if one["key"] == "default")
    assert (item["name"], item["state"], item["in_force_by"]) == ("default@1", "in_force", None)
    made = put(machine, f"/{path}/default", {"data": item["data"], "why": "The same again"})
    assert made.status_code == 201
    assert (made.json["number"], made.json["state"], made.json["title"]) == (2, "draft", item["title"])
    listed = machine.get(f"/{path}/default").json["items"]
    assert [(one["number"], one["state"]) for one in listed] == [(2, "draft"), (1, "in_force")]
    assert [one["number"] for one in machine.get(f"/{path}?state=draft").json["items"]] == [2]
    assert rulebook.in_force(kind).number == 1


def test_a_draft_is_put_in_force_at_once_once(machine):
    put(machine, "/calendars/default", {"data": WEEK})
    given = {"number": 2, "why": "Decision 12/2026"}
    done = machine.post("/calendars/default/put-in-force", given, Idempotency_Key="a")
    assert (done.status_code, done.json["state"], done.json["why"]) == (200, "in_force", "Decision 12/2026")
    assert rulebook.in_force(RulebookKind.CALENDAR).number == 2
    again = machine.post("/calendars/default/put-in-force", given, Idempotency_Key="a")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert machine.post("/calendars/default/put-in-force", given).status_code == 409


def test_a_draft_waits_for_the_moment_it_is_told(machine):
    put(machine, "/calendars/default", {"data": WEEK})
    begins = (clock.now() + timedelta(days=3)).replace(microsecond=0)
    given = {"number": 2, "why": "Summer", "from": begins.isoformat()}
    done = machine.post("/calendars/default/put-in-force", given).json
    assert (done["state"], rulebook.in_force(RulebookKind.CALENDAR).number) == ("scheduled", 1)
    assert done["starts_at"].startswith(begins.strftime("%Y-%m-%dT%H:%M:%S"))


def test_an_earlier_version_comes_back_as_a_new_one(machine):
    put(machine, "/calendars/default", {"data": WEEK})
    machine.post("/calendars/default/put-in-force", {"number": 2, "why": "Summer"})
    back = machine.post("/calendars/default/put-in-force", {"number": 1, "why": "Back"}).json
    assert (back["number"], back["state"]) == (3, "in_force")


@pytest.mark.parametrize(("path", "data", "field"), [
    ("/calendars/default", {"tz": "Europe/Nowhere", "hours": WEEK["hours"]}, "tz"),
    ("/calendars/default", {"tz": "UTC", "hours": {"mon": [["08:00", "25:00"]]}}, "hours.mon[0][1]"),
    ("/calendars/default", {"tz": "UTC", "hours": {}}, "hours"),
    ("/calendars/default", {"tz": "UTC", "hours": WEEK["hours"], "colour": "red"}, "calendar"),
    ("/policies/default", {"targets": [{"clock": "resolution", "seconds": -1}]}, "targets[0].seconds"),
    ("/matrix/default", {"high": {"high": "urgent"}}, "matrix.high.high"),
    ("/rulesets/default", {"rules": [{"key": "x"}]}, None),
    ("/calendars/default", {"tz": "UTC", "hours": {}, "names": {"2026-01-01": "a\x00b"}}, "data"),
])  # fmt: skip
def test_data_that_cannot_be_used_is_refused_and_names_its_field(machine, path, data, field):
    answer = put(machine, path, {"data": data})
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.json["fields"] and (field is None or field in answer.json["fields"])


def test_the_reason_the_number_and_the_key_must_be_there(machine):
    put(machine, "/calendars/default", {"data": WEEK})
    for given, field in (({"number": 2}, "why"), ({"number": 2, "why": " "}, "why"), ({"why": "x"}, "number"),
                         ({"number": 2, "why": "x", "from": "tomorrow"}, "from")):  # fmt: skip
        answer = machine.post("/calendars/default/put-in-force", given)
        assert answer.status_code == 422 and field in answer.json["fields"], given
    assert machine.post("/calendars/default/put-in-force", {"number": 9, "why": "x"}).status_code == 404
    for path in ("/calendars/nobodys", "/calendars/Not%20a%20key", "/calendars/%00"):
        assert machine.get(path).status_code == 404
    assert put(machine, "/calendars/Not%20a%20key", {"data": WEEK}).status_code == 404


def test_rules_are_for_administrators_and_changes_need_their_scope(client):
    supervisor = Machine(client, a_supervisor(a_department()))
    reader = Machine(client, an_administrator(), scopes=("read", "write"))
    ground.commit()
    assert supervisor.get("/calendars").status_code == 403
    assert put(supervisor, "/calendars/default", {"data": WEEK}).status_code == 403
    assert reader.get("/calendars").status_code == 200
    assert put(reader, "/calendars/default", {"data": WEEK}).status_code == 403
    assert reader.post("/calendars/default/put-in-force", {"number": 1, "why": "x"}).status_code == 403


def test_lists_of_versions_come_in_parts(machine):
    for _each in range(3):
        put(machine, "/calendars/default", {"data": WEEK})
    first = machine.get("/calendars/default?limit=3").json
    rest = machine.get(f"/calendars/default?limit=3&cursor={first['next']}").json
    assert [item["number"] for item in (*first["items"], *rest["items"])] == [4, 3, 2, 1]
    assert rest["next"] is None


AGREED = {
    "targets": [
        {"clock": "ola", "seconds": 14_400, "steps": [{"at": "80%", "do": "notify-team"}]},
        {"clock": "ola", "days": 2, "when": {"priority": ["low"]}},
    ],
    "when": {"department": ["water"]},
    "agreement": {
        "kind": "ola", "department": "water", "owner": "owner@city.example", "valid_from": "2026-05-01",
        "valid_until": "2028-04-30", "review_on": "2027-05-01", "terms": "As agreed",
    },
}  # fmt: skip


def test_an_agreement_is_drafted_put_in_force_and_read_again(machine):
    an_agent(a_department(key="water"), email="owner@city.example")
    ground.commit()
    assert put(machine, "/policies/with-water", {"data": AGREED, "title": "With Water"}).status_code == 201
    put_in_force = {"number": 1, "why": "Agreed"}
    assert machine.post("/policies/with-water/put-in-force", put_in_force).status_code == 200
    item = next(one for one in machine.get("/policies").json["items"] if one["key"] == "with-water")
    assert (item["title"], item["state"], item["data"]["agreement"]) == ("With Water", "in_force", AGREED["agreement"])
    assert rulebook.in_force(RulebookKind.POLICY, "with-water").value.agreement.department == "water"


@pytest.mark.parametrize(("change", "field"), [
    ({"agreement": {"kind": "ola"}}, "agreement.department"),
    ({"agreement": {"kind": "ua"}}, "agreement.supplier"),
    ({"agreement": AGREED["agreement"] | {"review_on": "soon"}}, "agreement.review_on"),
    ({"agreement": AGREED["agreement"] | {"owner": "x@example.org"}}, "agreement.owner"),
    ({"when": {"department": ["moon"]}}, "when.department[0]"),
    ({"targets": [{"clock": "resolution", "seconds": 60}]}, "targets[0].clock"),
])  # fmt: skip
def test_an_agreement_that_does_not_fit_names_its_field(machine, change, field):
    an_agent(a_department(key="water"), email="owner@city.example")
    ground.commit()
    answer = put(machine, "/policies/with-water", {"data": AGREED | change})
    assert answer.status_code == 422
    assert field in answer.json["fields"], answer.json


def test_the_usual_promises_are_not_narrowed_by_machine_either(machine):
    narrow = {"targets": [{"clock": "resolution", "seconds": 60}], "when": {"priority": ["low"]}}
    answer = put(machine, "/policies/default", {"data": narrow})
    assert answer.status_code == 422
