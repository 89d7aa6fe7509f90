"""Refusals as RFC 9457 problem documents."""

import json
from typing import Any

from flask import Response
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from helpdesk.errors import HelpdeskError

TYPE = "application/problem+json"


def problem(status: int, title: str, detail: str = "", code: str = "", **more: Any) -> Response:
    """A problem document; ``code`` stays between versions, ``detail`` is for people."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code or str(status)}
    return Response(json.dumps(body | more, ensure_ascii=False), status, content_type=TYPE)


def from_error(error: HelpdeskError) -> Response:
    """What a service refused; ``fields`` names each wrong field with what to do."""
    more = {"fields": error.fields} if error.fields else {}
    return problem(error.status, error.title, error.detail, error.code, **more)


def from_http(error: HTTPException) -> Response:
    """What Flask itself refused (no such path, wrong method, too large)."""
    answer = problem(
        error.code or 500, error.name, error.description or "", (error.name or "").lower().replace(" ", "-")
    )
    if allowed := getattr(error, "valid_methods", None):
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    if pause := getattr(error, "retry_after", None):
        answer.headers["Retry-After"] = str(pause)
    return answer


def from_validation(error: ValidationError, place: str) -> Response:
    """What does not have the described form; each field by its dotted path."""
    fields = {".".join(map(str, item["loc"])) or place: item["msg"] for item in error.errors(include_url=False)}
    return problem(
        422, "The input does not have the described form", f"See fields ({place}).", "invalid-form", fields=fields
    )
