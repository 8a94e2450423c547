"""How a call travels: with the key, repeated until it is answered, reading what was written."""

import secrets
import threading
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import httpx

from .problem import Unanswered, problem_of

Values = Mapping[str, Any]
LATER = (429, 503)
FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 5.0
POSITION = "X-Log-Position"


class Transport:
    """The connections of one caller, and how far in the log this caller has written.

    A connection that breaks, a 429 and a 503 are met by the same call again, for `patience`
    seconds. It may be shared between threads.
    """

    def __init__(
        self,
        key: str,
        *,
        patience: float = 60.0,
        timeout: float = 30.0,
        through: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        # Proxies of the environment are for the world outside, not for the services.
        self._http = httpx.Client(
            headers=headers, timeout=timeout, trust_env=False, transport=through
        )
        self._patience = patience
        self._position = 0
        self._writing = threading.Lock()

    def close(self) -> None:
        self._http.close()

    @property
    def position(self) -> int:
        """The newest log position that an answer named; reads wait until it is visible."""
        return self._position

    def send(self, request: httpx.Request) -> httpx.Response:
        """The first answer that is one. Raises ProblemError, or Unanswered."""
        deadline, wait = time.monotonic() + self._patience, FIRST_WAIT_S
        while True:
            try:
                answer = self._http.send(request)
            except httpx.TransportError as error:
                answer, pause, trouble = None, wait, repr(error)
            else:
                pause, trouble = _pause(answer, wait), str(answer.status_code)
            if answer is not None and answer.status_code not in LATER:
                return self._settled(answer)
            if time.monotonic() + pause > deadline:
                if answer is not None:
                    raise problem_of(answer)
                what = f"{request.method} {request.url.path}: {trouble}"
                raise Unanswered(what, request.headers.get("Idempotency-Key"))
            time.sleep(pause)
            wait = min(2 * wait, LONGEST_WAIT_S)

    def lines(self, request: httpx.Request) -> Iterator[str]:
        """An answer without an end, line by line; not repeated."""
        answer = self._http.send(request, stream=True)
        try:
            if answer.is_error:
                answer.read()
                raise problem_of(answer)
            yield from answer.iter_lines()
        finally:
            answer.close()

    def build(self, method: str, url: str, **parts: Any) -> httpx.Request:
        return self._http.build_request(method, url, **parts)

    def _settled(self, answer: httpx.Response) -> httpx.Response:
        if not answer.is_success:
            raise problem_of(answer)
        with self._writing:
            self._position = max(self._position, int(answer.headers.get(POSITION, 0)))
        return answer


def _given(values: Values) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def new_key() -> str:
    """Made once per call, for calls that take one: what is repeated under it happens once."""
    return secrets.token_hex(16)


def segment(value: str | int) -> str:
    """A value as one part of a path, whatever stands in it."""
    return urllib.parse.quote(str(value), safe="")


def _pause(answer: httpx.Response, otherwise: float) -> float:
    """Seconds; a proxy may give a date instead, which is as good as nothing."""
    told = answer.headers.get("Retry-After", "")
    return float(told) if told.isdigit() else otherwise


@dataclass(frozen=True, slots=True)
class Service:
    """One service at its base URL."""

    transport: Transport
    url: str

    def _send(
        self,
        method: str,
        path: str,
        *,
        query: Values | None = None,
        body: Any = None,
        key: str | None = None,
        **parts: Any,
    ) -> Any:
        """The answer's JSON, None where there is none; `parts` are bodies in other forms."""
        answer = self.transport.send(self._request(method, path, query, body, key, parts))
        return answer.json() if answer.content else None

    def _read(self, path: str, query: Values | None = None) -> Any:
        return self.transport.send(self._waiting(path, query)).json()

    def _fetch(self, path: str, query: Values | None = None) -> bytes:
        """A file, as it is."""
        return self.transport.send(self._waiting(path, query)).content

    def _lines(self, path: str, query: Values | None = None) -> Iterator[str]:
        return self.transport.lines(self._request("GET", path, query, None, None, {}))

    def _pages(self, path: str, query: Values) -> Iterator[Any]:
        """The items of all pages, fetched as they are asked for."""
        cursor: str | None = None
        while True:
            page = self._read(path, {**query, "cursor": cursor})
            yield from page["items"]
            cursor = page["next"]
            if cursor is None:
                return

    def _waiting(self, path: str, query: Values | None) -> httpx.Request:
        """A read of what was written before: routes that cannot wait ignore the position."""
        position = self.transport.position or None
        query = {"min_position": position, **(query or {})}
        return self._request("GET", path, query, None, None, {})

    def _request(
        self,
        method: str,
        path: str,
        query: Values | None,
        body: Any,
        key: str | None,
        parts: Values,
    ) -> httpx.Request:
        headers = dict(cast("Mapping[str, str]", parts.get("headers", {})))
        if key is not None:
            headers["Idempotency-Key"] = key
        return self.transport.build(
            method,
            self.url + path,
            params=_given(query or {}),
            json=body,
            headers=headers,
            content=parts.get("content"),
            data=_given(parts.get("data", {})),
            files=parts.get("files"),
        )
