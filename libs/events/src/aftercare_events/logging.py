"""Log lines: one for each thing that happened, JSON when nobody reads along, nothing personal."""

import logging
import sys
from typing import Any, Literal, TextIO, cast

import msgspec
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from .redact import redact

Format = Literal["auto", "json", "console"]

# Fields that are personal whatever they hold; ids, positions, codes and counts are not.
PERSONAL = frozenset(
    (
        *("name", "contact", "caller", "callee", "sender", "recipient_address", "signed_by"),
        *("phone", "mobile", "tel", "email", "mail", "address", "recording_url"),
        *("summary", "description", "text", "body", "note", "message_text", "subject_line"),
        *("parameters", "password", "secret", "token", "api_key", "authorization", "cookie"),
    )
)


def configure(service: str, log_format: Format = "auto", level: str = "info") -> None:
    """Set structlog up for a process; what others warn of with `logging` comes out alike."""
    stream = sys.stderr
    shared = _shared(service)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(log_format, stream),
            ],
        )
    )
    handler.addFilter(_is_heard)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())


def _is_heard(record: logging.LogRecord) -> bool:
    """Ours always; of others only warnings: mail servers and clients name whom they talk to."""
    return isinstance(record.msg, dict) or record.levelno >= logging.WARNING


def _shared(service: str) -> list[Processor]:
    def name_service(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
        line.setdefault("service", service)
        return line

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_service,
        drop_personal,
        structlog.processors.format_exc_info,
        redact_errors,
    ]


def _rendering(log_format: Format, stream: TextIO) -> list[Processor]:
    if log_format == "console" or (log_format == "auto" and stream.isatty()):
        return [structlog.dev.ConsoleRenderer(colors=stream.isatty())]
    return [structlog.processors.JSONRenderer(serializer=_to_json)]


def _to_json(line: EventDict, **_: Any) -> str:
    return msgspec.json.encode(line, enc_hook=repr).decode()


def drop_personal(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Fields that are personal by their name never reach a log, at whatever depth."""
    return cast("EventDict", _impersonal(line))


def _impersonal(value: object) -> object:
    match value:
        case dict():
            fields = cast("dict[str, object]", value)
            return {key: _impersonal(one) for key, one in fields.items() if key not in PERSONAL}
        case list() | tuple():
            return [_impersonal(one) for one in cast("list[object]", value)]
        case _:
            return value


def redact_errors(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Texts of errors quote what they choke on."""
    for field in ("exception", "error", "reason"):
        if isinstance(text := line.get(field), str):
            line[field] = redact(text)
    return line
