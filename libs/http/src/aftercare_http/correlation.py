"""One id that follows a request through logs, events and answers."""

import os
import re
from contextvars import ContextVar

HEADER = "X-Correlation-Id"
_OURS = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_TRACEPARENT = re.compile(rb"[0-9a-f]{2}-(?P<trace>[0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*")

_current: ContextVar[str] = ContextVar("correlation_id", default="")


def correlation_id() -> str:
    """The id of the request being served; empty outside of one."""
    return _current.get()


def begin(headers: list[tuple[bytes, bytes]]) -> str:
    """Take over the caller's id (or its trace id), or start a new one, for this context."""
    identifier = _given(headers) or os.urandom(12).hex()
    _current.set(identifier)
    return identifier


def _given(headers: list[tuple[bytes, bytes]]) -> str | None:
    trace = None
    for name, value in headers:
        if name == b"x-correlation-id" and _OURS.fullmatch(value):
            return value.decode()
        if name == b"traceparent" and (match := _TRACEPARENT.fullmatch(value)):
            trace = match["trace"].decode()
    return trace
