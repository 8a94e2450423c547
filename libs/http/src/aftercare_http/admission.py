"""What is turned away at the door: strangers' floods, overload, bodies too large, slow work."""

import asyncio
import math
import time
from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .headers import header
from .problems import Problem, unavailable
from .settings import Settings

# Probes and scrapers must see a service that is overloaded.
EXEMPT = frozenset({"/healthz", "/readyz", "/metrics"})
_REMEMBERED_CLIENTS = 10_000


class TokenBuckets:
    """One token bucket a client; time is a monotonic clock in seconds."""

    def __init__(self, rate_per_s: float, burst: float) -> None:
        self._rate = rate_per_s
        self._burst = burst
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait_for(self, client: str, now: float) -> float:
        """Take a token and return 0, or the seconds until there will be one."""
        level, since = self._buckets.get(client, (self._burst, now))
        level = min(self._burst, level + (now - since) * self._rate)
        if level < 1:
            return (1 - level) / self._rate
        if client not in self._buckets and len(self._buckets) >= _REMEMBERED_CLIENTS:
            self._forget_the_idle(now)
        self._buckets[client] = (level - 1, now)
        return 0.0

    def _forget_the_idle(self, now: float) -> None:
        """Drop the buckets that are full again; if all are busy, the oldest entry goes."""
        refill_s = self._burst / self._rate
        busy = {c: b for c, b in self._buckets.items() if now - b[1] < refill_s}
        if len(busy) >= _REMEMBERED_CLIENTS:
            busy.pop(next(iter(busy)))
        self._buckets = busy


class Admission:
    """The limits of `Settings`, in the order in which they are cheapest to refuse."""

    def __init__(self, app: ASGIApp, settings: Settings, body_limits: Mapping[str, int]) -> None:
        self._app = app
        self._settings = settings
        self._buckets = TokenBuckets(settings.rate_per_s, settings.rate_burst)
        self._body_limits = sorted(body_limits.items(), key=lambda item: -len(item[0]))
        self._limited = tuple(body_limits)
        self._deadlines = _Deadlines(settings.request_timeout_s)
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in EXEMPT:
            await self._app(scope, receive, send)
            return
        self._refuse_overload()
        self._refuse_flood(scope)
        receive = bounded(scope, receive, self._body_limit(scope["path"]))
        async with asyncio.timeout(None) as limit:
            slot = scope["admission"] = _Slot(self, limit)
            try:
                await self._app(scope, receive, send)
            finally:
                slot.release()

    def _refuse_overload(self) -> None:
        if self._in_flight >= self._settings.max_in_flight:
            raise unavailable("too many requests at once", slug="overloaded")

    def _refuse_flood(self, scope: Scope) -> None:
        principal, client = scope["principal"], scope.get("client")
        name = principal.account if principal else (client[0] if client else "")
        wait_s = self._buckets.wait_for(name, time.monotonic())
        if wait_s > 0:
            headers = {"Retry-After": str(math.ceil(wait_s))}
            raise Problem(429, "rate-limited", "Too many requests", headers=headers)

    def _body_limit(self, path: str) -> int:
        if path.startswith(self._limited):
            for prefix, limit in self._body_limits:
                if path.startswith(prefix):
                    return limit
        return self._settings.max_body_bytes

    def enter(self, limit: asyncio.Timeout) -> None:
        self._in_flight += 1
        self._deadlines.set(limit)

    def leave(self, limit: asyncio.Timeout) -> None:
        self._in_flight -= 1
        self._deadlines.lift(limit)


class _Deadlines:
    """When each request must have ended; the same number of seconds after it began.

    So the first to begin is the first that is due, and one timer does for all.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._due: dict[asyncio.Timeout, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def set(self, limit: asyncio.Timeout) -> None:
        loop = asyncio.get_running_loop()
        due = self._due[limit] = loop.time() + self._seconds
        if self._timer is None:
            self._timer = loop.call_at(due, self._expire, loop)

    def lift(self, limit: asyncio.Timeout) -> None:
        self._due.pop(limit, None)

    def _expire(self, loop: asyncio.AbstractEventLoop) -> None:
        now, self._timer = loop.time(), None
        for limit, due in list(self._due.items()):
            if due > now:
                self._timer = loop.call_at(due, self._expire, loop)
                return
            del self._due[limit]
            limit.reschedule(now)


class _Slot:
    """One request's place among those in flight, and its time limit."""

    __slots__ = ("_admission", "_limit")

    def __init__(self, admission: Admission, limit: asyncio.Timeout) -> None:
        self._admission: Admission | None = admission
        self._limit = limit
        admission.enter(limit)

    def release(self) -> None:
        if self._admission is not None:
            self._admission.leave(self._limit)
            self._admission = None


def lift_time_limit(scope: Scope) -> None:
    """A stream or a long download lasts as long as its reader; it holds no slot meanwhile."""
    slot = scope.get("admission")
    if isinstance(slot, _Slot):
        slot.release()
        scope["unhurried"] = True


def bounded(scope: Scope, receive: Receive, limit: int) -> Receive:
    """`receive` that raises Problem 413 beyond `limit` bytes.

    The server holds a sender to its Content-Length, so only chunked bodies need counting.
    """
    length = header(scope, b"content-length")
    if length is None:
        return _counting(receive, limit)
    if not length.isdigit() or int(length) > limit:
        raise too_large(limit)
    return receive


def _counting(receive: Receive, limit: int) -> Receive:
    received = 0

    async def count() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise too_large(limit)
        return message

    return count


def too_large(limit: int) -> Problem:
    return Problem(413, "body-too-large", "Body too large", f"at most {limit} bytes are taken here")
