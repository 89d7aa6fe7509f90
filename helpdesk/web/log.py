"""The log: one JSON line a request with its id, never a person's data or words."""

import time
import traceback
from pathlib import Path
from types import TracebackType

import structlog
from flask import Flask, Response, g, request

_log = structlog.stdlib.get_logger("helpdesk.web")


def register(app: Flask) -> None:
    """Writes a line for each request but those for static files and health, and one for each fault."""
    app.before_request(_begin)
    app.after_request(_tell)
    app.log_exception = _tell_fault  # type: ignore[method-assign, assignment]


def _begin() -> None:
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)
    number = (request.view_args or {}).get("number")
    if number is not None:
        structlog.contextvars.bind_contextvars(ticket=number)


def _tell(response: Response) -> Response:
    if request.endpoint not in {"static", "health.live", "health.ready"}:
        spent = round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1)
        page = request.endpoint or "unknown"
        _log.info("request", method=request.method, page=page, status=response.status_code, ms=spent)
    return response


FRAMES = 12
"""Places of a fault that are told, the innermost last."""

Fault = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def _tell_fault(fault: Fault) -> None:
    """What broke and where: neither the error's words nor the address, which may hold a person's data or a link's
    secret."""
    frames = traceback.extract_tb(fault[2])[-FRAMES:]
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    _log.error("fault", page=request.endpoint or "unknown", why=fault[0].__name__ if fault[0] else "", places=places)
