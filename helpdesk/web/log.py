"""The log: one JSON line a request with its id, never a person's data or words."""

import logging
import sys
import time
import traceback
from pathlib import Path
from types import TracebackType

import structlog
from flask import Flask, Response, g, request

_log = structlog.stdlib.get_logger("helpdesk.web")


def configure() -> None:
    """Makes our lines and those of libraries JSON on standard error; left alone where somebody configured it."""
    structlog.configure(
        processors=[*_ours(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells each line it hears, addresses and all
    if logging.getLogger().handlers:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter())
    logging.basicConfig(handlers=[handler], level=logging.INFO)


def formatter() -> logging.Formatter:
    """Makes one line of JSON of what we or a library say."""
    render = structlog.processors.JSONRenderer(ensure_ascii=False)
    theirs: list[structlog.typing.Processor] = [
        *_ours(),
        structlog.stdlib.ExtraAdder(),
        structlog.processors.format_exc_info,
    ]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=theirs, processor=render)


def _ours() -> list[structlog.typing.Processor]:
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    return [structlog.contextvars.merge_contextvars, structlog.stdlib.add_log_level, stamp]


def register(app: Flask) -> None:
    """Writes a line for each request but those for static files and health, and one for each fault."""
    configure()
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
