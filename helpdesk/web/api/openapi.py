"""The API's description of itself (OpenAPI 3.1), made of the table of operations."""

from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from helpdesk.services.reports import FIGURES
from helpdesk.web.api.operations import OPERATIONS, RULE_KEY, Operation, Query
from helpdesk.web.api.shapes.words import LARGEST

REFUSALS = {
    "401": "A valid token is needed",
    "403": "The token's person may not do this, or the token lacks the scope",
    "404": "No such thing, or not for this token",
    "409": "The present state does not allow it, the version is stale, or the same request is under way",
    "413": "Too large",
    "415": "Not JSON",
    "422": "A field is missing or wrong; it is named",
}
CHANGES_ONLY = {"409", "413", "415"}
FILES = ("application/octet-stream", "application/pdf", "image/gif", "image/jpeg", "image/png", "image/webp")
ABOUT = """One queue of citizens' requests. A token acts as a named person and sees what that person sees.

Errors are problem documents (RFC 9457): `code` stays between versions, `detail` is for people, `fields` names each
wrong field. Lists go on with `cursor`, which is the `next` of the part before. A POST may carry an `Idempotency-Key`:
sent again within 24 hours it gives the first answer and does nothing twice. Unknown fields and parameters are
refused. Files are sent in base64 within the message, 10 MiB each at most; a whole request has at most 30 MiB."""
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "fields": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}


_TEXT: dict[str, Any] = {"schema": {"type": "string"}}


@cache
def description() -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, Any] = {}
    for made in OPERATIONS:
        paths.setdefault(made.path, {})[made.method.lower()] = _operation(made)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Civic Helpdesk", "version": "1", "description": ABOUT},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schemas() -> dict[str, Any]:
    modes: list[tuple[type[BaseModel], Any]] = []
    for made in OPERATIONS:
        modes += [(made.answer, "serialization")] if made.answer else []
        modes += [(made.body, "validation")] if made.body else []
    _, found = models_json_schema(list(dict.fromkeys(modes)), ref_template="#/components/schemas/{model}")
    return {**found.get("$defs", {}), "Problem": _PROBLEM}


def _name(model: type[BaseModel]) -> str:
    return model.__name__.replace("[", "_").replace("]", "_")


def _ref(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{_name(model)}"}}}


def _operation(made: Operation) -> dict[str, Any]:
    refusals = {code: _refusal(text) for code, text in REFUSALS.items() if _may_refuse(made, code)}
    found: dict[str, Any] = {
        "operationId": made.name,
        "summary": made.summary,
        "description": f"Needs the scope `{made.scope}`.",
        "parameters": _parameters(made),
        "responses": {str(made.status): _success(made)} | refusals,
    }
    if made.body:
        needed = any(item.is_required() for item in made.body.model_fields.values())
        found["requestBody"] = {"required": needed, "content": _ref(made.body)}
    return found


def _may_refuse(made: Operation, code: str) -> bool:
    return made.method != "GET" or code not in CHANGES_ONLY


def _success(made: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {"description": made.summary, "headers": {"X-Request-Id": _TEXT}}
    found["content"] = _ref(made.answer) if made.answer else {kind: {} for kind in FILES}
    if made.status == 201 and made.path.count("/") == 1:
        found["headers"] |= {"Location": _TEXT}
    if made.method == "POST":
        found["headers"] |= {"Idempotency-Replayed": _TEXT}
    return found


def _refusal(text: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": text, "content": {"application/problem+json": {"schema": schema}}}


def _parameters(made: Operation) -> list[dict[str, Any]]:
    found = [_in_path(name) for name in ("number", "id", "name", "key") if f"{{{name}}}" in made.path]
    found += [_in_query(query) for query in made.queries]
    if made.method == "POST":
        schema = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}
        found.append({"name": "Idempotency-Key", "in": "header", "required": False, "schema": schema})
    return found


def _in_path(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": LARGEST}
    if name == "name":
        schema = {"type": "string", "enum": list(FIGURES)}
    if name == "key":
        schema = {"type": "string", "pattern": f"^{RULE_KEY.pattern}$"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _in_query(query: Query) -> dict[str, Any]:
    schema = query.adapter.json_schema()
    return {"name": query.name, "in": "query", "required": False, "description": query.text, "schema": schema}
