"""JetStream's request/reply API: asked of the stream's leader, again until it answers."""

import asyncio
from typing import Any, TypeVar

import msgspec
from nats import errors

from ..log import LogError, LogUnavailable
from .client import LeanClient

T = TypeVar("T")
_RETRY_SECONDS = 0.1
_REQUEST_SECONDS = 2.0
NOT_FOUND = frozenset({10014, 10037, 10059})
_INCOMPLETE_BATCH = 10176


class ApiError(msgspec.Struct):
    code: int = 0
    err_code: int = 0
    description: str = ""


class _Answer(msgspec.Struct):
    error: ApiError | None = None


_answer = msgspec.json.Decoder(_Answer)


def is_transient(error: ApiError) -> bool:
    """The server is starting, electing a leader, or full for a moment; nothing was written."""
    return error.code >= 429 or error.err_code == _INCOMPLETE_BATCH


class Refusal(LogError):
    """The server answered, and the answer was no."""

    def __init__(self, error: ApiError) -> None:
        super().__init__(f"{error.description} ({error.err_code})")
        self.err_code = error.err_code


async def ask(
    client: LeanClient, subject: str, request: Any, answer: type[T], *, patience: float
) -> T:
    """The decoded answer to one API request.

    `patience` in seconds covers lost connections and servers that are not ready yet.
    Raises Refusal, LogUnavailable.
    """
    payload = msgspec.json.encode(request) if request is not None else b""
    deadline = asyncio.get_running_loop().time() + patience
    while True:
        reason = "no answer"
        try:
            message = await client.request(f"$JS.API.{subject}", payload, timeout=_REQUEST_SECONDS)
            error = _answer.decode(message.data).error
            if error is None:
                return msgspec.json.decode(message.data, type=answer)
            if not is_transient(error):
                raise Refusal(error)
            reason = error.description
        except (errors.Error, TimeoutError) as failure:
            if client.is_closed:
                raise LogUnavailable("the log was closed") from failure
        if asyncio.get_running_loop().time() > deadline:
            raise LogUnavailable(f"{subject}: {reason} within {patience} s")
        await asyncio.sleep(_RETRY_SECONDS)
