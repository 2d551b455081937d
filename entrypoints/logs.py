"""How this process logs: one line an event, no locals, to standard error."""

import logging
import sys
import traceback

import structlog
from structlog.tracebacks import ExceptionDictTransformer


def set_up(log_format: str) -> None:
    """`json` for machines, `console` for people."""
    shown: structlog.typing.Processor = structlog.processors.JSONRenderer()
    traced: structlog.typing.Processor = structlog.processors.ExceptionRenderer(
        ExceptionDictTransformer(show_locals=False)
    )
    if log_format == "console":
        shown, traced = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback), _as_it_is
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            traced,
            shown,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")


def _as_it_is(
    _: structlog.typing.WrappedLogger, __: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    return event


def frames(error: BaseException) -> list[str]:
    """Where it happened: files and lines only, since messages and locals may hold what people sent."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
