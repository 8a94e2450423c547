"""The public HTTP API as somebody uses it who must not lose anything and not do it twice.

What was not answered is sent again as it was, with the same key, until it is.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from time import monotonic
from typing import Any

import httpx
import msgspec

from .. import http_client
from ..addresses import Addresses

IN_FLIGHT = 32
ANSWER_SECONDS = 10.0
PATIENCE_SECONDS = 180.0
FIRST_WAIT_SECONDS = 0.1
LONGEST_WAIT_SECONDS = 2.0
# "Not now", in the words of HTTP: too many, no server behind, overloaded or restarting.
LATER = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request as it goes over the wire, byte for byte the same however often it is sent."""

    service: str
    path: str
    method: str = "POST"
    key: str | None = None
    json: Mapping[str, Any] | None = None
    content: bytes | None = None
    content_type: str | None = None
    form: Mapping[str, str] | None = None
    file: tuple[str, bytes] | None = None

    @property
    def headers(self) -> dict[str, str]:
        given = {"Idempotency-Key": self.key, "Content-Type": self.content_type}
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Answer:
    """`tries` tells how often it had to be sent: after more than one, it may have been done."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict[str, Any])
    tries: int = 1

    @property
    def ok(self) -> bool:
        return self.status < 400

    @property
    def problem(self) -> str:
        """The stable name of what was wrong."""
        return str(self.body.get("type", self.status)).rpartition("/")[2]


class Unanswered(Exception):
    """Nobody answered in all that time; it may or may not have been done."""


def connect(known: Addresses) -> Mapping[str, httpx.AsyncClient]:
    """A client for each service."""
    return {
        name: http_client.connect_async(url, timeout=ANSWER_SECONDS)
        for name, url in known.services.items()
    }


class Wire:
    """Sends calls, some at a time; `retries` counts what had to be sent again."""

    def __init__(self, clients: Mapping[str, httpx.AsyncClient]) -> None:
        self._clients = clients
        self._in_flight = asyncio.Semaphore(IN_FLIGHT)
        self._jitter = Random()  # noqa: S311 - spreads retries
        self.retries = 0

    async def __aenter__(self) -> "Wire":
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in self._clients.values():
            await client.aclose()

    def client(self, service: str) -> httpx.AsyncClient:
        return self._clients[service]

    async def send(self, call: Call) -> Answer:
        """The first answer that is one. Raises Unanswered."""
        deadline, wait, tries = monotonic() + PATIENCE_SECONDS, FIRST_WAIT_SECONDS, 0
        while True:
            tries += 1
            response, trouble = await self._try(call)
            if response is not None and response.status_code not in LATER:
                return Answer(response.status_code, _body(response), tries)
            if monotonic() > deadline:
                raise Unanswered(f"{call.method} {call.path}: {trouble}")
            self.retries += 1
            await asyncio.sleep(wait * self._jitter.uniform(0.5, 1))
            wait = min(2 * wait, LONGEST_WAIT_SECONDS)

    async def _try(self, call: Call) -> tuple[httpx.Response | None, str]:
        client = self._clients[call.service]
        async with self._in_flight:
            try:
                response = await client.request(
                    call.method,
                    call.path,
                    headers=call.headers,
                    json=call.json,
                    content=call.content,
                    data=call.form,
                    files={"file": call.file} if call.file else None,
                )
            except httpx.TransportError as error:
                return None, f"{type(error).__name__} {error}"
        return response, str(response.status_code)


def _body(response: httpx.Response) -> Mapping[str, Any]:
    try:
        return msgspec.json.decode(response.content, type=dict[str, Any])
    except msgspec.MsgspecError:
        return {}
