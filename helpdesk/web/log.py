"""The log: one JSON line a request with its id, never a person's data or words."""

import logging
import sys
import time

import structlog
from flask import Flask, Response, g, request

_log = structlog.stdlib.get_logger("helpdesk.web")


def configure() -> None:
    """Makes our lines and those of libraries JSON on standard error; left alone where somebody configured it."""
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    ours: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        stamp,
    ]
    structlog.configure(
        processors=[*ours, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    if logging.getLogger().handlers:
        return
    handler = logging.StreamHandler(sys.stderr)
    render = structlog.processors.JSONRenderer(ensure_ascii=False)
    theirs: list[structlog.typing.Processor] = [
        *ours,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.format_exc_info,
    ]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=theirs, processor=render))
    logging.basicConfig(handlers=[handler], level=logging.INFO)


def register(app: Flask) -> None:
    """Writes a line for each request but those for static files and health."""
    configure()
    app.before_request(_begin)
    app.after_request(_tell)


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
