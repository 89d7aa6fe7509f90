"""The JSON API under /api/v1: strict input, problem documents, its own description."""

from flask import Response, jsonify

from helpdesk.web.api import (
    articles,
    assignment,
    callbacks,
    calls,
    catalogue,
    chats,
    duties,
    informing,
    known_errors,
    majors,
    messages,
    openapi,
    procedures,
    registering,
    reports,
    routing,
    rules,
    similar,
    surges,
    texts,
    tickets,
    transitions,
)
from helpdesk.web.api.operations import api
from helpdesk.web.guards import public

__all__ = [
    "api",
    "articles",
    "assignment",
    "callbacks",
    "calls",
    "catalogue",
    "chats",
    "duties",
    "informing",
    "known_errors",
    "majors",
    "messages",
    "procedures",
    "registering",
    "reports",
    "routing",
    "rules",
    "similar",
    "surges",
    "texts",
    "tickets",
    "transitions",
]


@api.get("/openapi.json")
@public
def describe() -> Response:
    """The description of this API (OpenAPI 3.1)."""
    return jsonify(openapi.description())
