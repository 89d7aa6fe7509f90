"""What every process writes: one line of JSON on standard error, whoever says it."""

import logging
import sys

import structlog


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
