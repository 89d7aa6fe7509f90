"""The API against its own description: what it says it takes it takes, what it says it answers it answers."""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance, unsupported_method

from helpdesk.services import rulebook
from helpdesk.web.api.openapi import description
from helpdesk.web.api.operations import OPERATIONS
from tests.builders import NOON, a_department, a_service, a_ticket, an_account, an_administrator
from tests.web.machine import Machine

EXAMPLES = int(os.environ.get("API_EXAMPLES", "5"))
"""Cases an operation; some hundreds find more, in minutes."""

VERBS = (
    "take", "assign", "transfer", "wait", "resume", "escalate", "resolve",
    "confirm", "reject", "close", "reopen", "cancel", "merge", "unmerge", "engage-supplier", "supplier-answered",
    "forward", "deny-competence", "no-reply-needed", "mark-incomplete", "mark-complete", "extend",
    "promise-call-back", "dial-call-back", "cancel-call-back",
)  # fmt: skip


@pytest.fixture
def machine(client):
    """An administrator's program at a body with one department, one service, one ticket."""
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)
    department = a_department(key="roads")
    a_service(key="lights", department_id=department.id)
    a_ticket(department_id=department.id)
    return Machine(client, an_administrator())


REFUSED = [401, 404, 405, 409, 413, 415, 422]
CHECKS = {"negative_data_rejection": {"expected-statuses": REFUSED}}
schema = schemathesis.openapi.from_dict(description(), config=SchemathesisConfig.from_dict({"checks": CHECKS}))


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_described(case, app, machine):
    case.operation.schema.app = app
    headers = {"Authorization": f"Bearer {machine.token}"}
    case.call_and_validate(app=app, headers=headers, excluded_checks=[positive_data_acceptance, unsupported_method])


def test_the_description_is_public_and_lists_every_operation(client):
    told = client.get("/api/v1/openapi.json").json
    assert told["openapi"].startswith("3.1")
    listed = {(method.upper(), path) for path, methods in told["paths"].items() for method in methods}
    assert listed == {(made.method, made.path) for made in OPERATIONS}
    assert {f"/tickets/{{number}}/actions/{verb}" for verb in VERBS} <= set(told["paths"])
    assert told["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_every_post_takes_an_idempotency_key_and_every_list_a_cursor(client):
    for path, methods in client.get("/api/v1/openapi.json").json["paths"].items():
        for method, told in methods.items():
            named = {item["name"] for item in told["parameters"]}
            assert ("Idempotency-Key" in named) == (method == "post"), path
            answer = next(iter(told["responses"]["200" if "200" in told["responses"] else "201"]["content"].values()))
            if method == "get" and "Page" in answer.get("schema", {}).get("$ref", ""):
                assert {"limit", "cursor"} <= named, path


def test_every_refusal_is_described_as_a_problem_document(client):
    for path, methods in client.get("/api/v1/openapi.json").json["paths"].items():
        for told in methods.values():
            refusals = {code: item for code, item in told["responses"].items() if code >= "400"}
            assert {"401", "403", "404", "422"} <= set(refusals), path
            assert all(list(item["content"]) == ["application/problem+json"] for item in refusals.values()), path
