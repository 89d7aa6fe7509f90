"""The API's description of itself (OpenAPI 3.1), made of the table of operations."""

from functools import cache
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from helpdesk.web.api.operations import OPERATIONS, Operation, Query

REFUSALS = {
    "400": "The request cannot be read",
    "401": "A valid token is needed",
    "403": "The token's person may not do this",
    "404": "No such thing, or not for this token",
    "409": "The present state does not allow it, or the version is stale",
    "413": "Too large",
    "415": "Not JSON",
    "422": "A field is missing or wrong; it is named",
}
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


@cache
def description() -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, Any] = {}
    for made in OPERATIONS:
        paths.setdefault(made.path, {})[made.method.lower()] = _operation(made)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Civic Helpdesk", "version": "1", "description": "One queue of citizens' requests."},
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
    answer: dict[str, Any] = {"description": made.summary}
    if made.answer:
        answer["content"] = _ref(made.answer)
    found: dict[str, Any] = {
        "operationId": made.name,
        "summary": made.summary,
        "parameters": _parameters(made),
        "responses": {str(made.status): answer} | {code: _refusal(text) for code, text in REFUSALS.items()},
    }
    if made.body:
        needed = any(item.is_required() for item in made.body.model_fields.values())
        found["requestBody"] = {"required": needed, "content": _ref(made.body)}
    return found


def _refusal(text: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": text, "content": {"application/problem+json": {"schema": schema}}}


def _parameters(made: Operation) -> list[dict[str, Any]]:
    found = [_in_path(name) for name in ("number", "id") if f"{{{name}}}" in made.path]
    found += [_in_query(query) for query in made.queries]
    if made.method == "POST":
        schema = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[\x20-\x7e]+$"}
        found.append({"name": "Idempotency-Key", "in": "header", "required": False, "schema": schema})
    return found


def _in_path(name: str) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 1, "maximum": 2**62}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _in_query(query: Query) -> dict[str, Any]:
    schema = TypeAdapter(query.type).json_schema()
    return {"name": query.name, "in": "query", "required": False, "description": query.text, "schema": schema}
