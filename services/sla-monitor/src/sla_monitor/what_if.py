"""The history in the log against another contract; nothing is ever written (RP-03)."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

from aftercare_events.decider import see
from aftercare_events.log import Log
from aftercare_http import unavailable, unprocessable

from .domain.difference import Difference, compare
from .domain.instants import to_micros
from .domain.policy import Policy
from .domain.terms import Policies
from .domain.what_if import WhatIf
from .history import Bounds, Query, bounds_of
from .monitor import Monitor

MOST_EVENTS = 2_000_000
LONGEST_S = 600.0
PUBLISHED = "ac.sla.policy.*"


@dataclass(frozen=True, slots=True)
class Question:
    """`policy` in the place of all versions of `replaced`, over the cases reported in a part of
    the history. `limit` changed cases are told, those whose id follows `after_case`."""

    policy: Policy
    replaced: str
    history: Query
    after_case: str
    limit: int


async def difference(monitor: Monitor, question: Question) -> Difference:
    """What the other contract would have changed, judged at the end of the history or now.

    Raises Problem 422 (an unknown contract, too much history), Problem 503 (another one runs, or
    it takes too long).
    """
    if monitor.exploring.locked():
        raise unavailable("another what-if is running", slug="what-if-busy", retry_after_s=10)
    async with monitor.exploring:
        try:
            async with asyncio.timeout(LONGEST_S):
                return await _explore(monitor, question)
        except TimeoutError as error:
            raise unavailable(
                f"not done within {LONGEST_S:.0f} s; ask about less of the history",
                slug="what-if-too-long",
            ) from error


async def _explore(monitor: Monitor, question: Question) -> Difference:
    known = await _contracts(monitor)
    if known.of(question.replaced) is None:
        raise unprocessable("as", "unknown-policy", f"nobody published {question.replaced}")
    bounds = await bounds_of(monitor.log, question.history)
    await _ensure_bounded(monitor.log, bounds)
    until = question.history.until
    judged_at = until if isinstance(until, datetime) else monitor.clock.now()
    what_if = WhatIf(known, question.policy, question.replaced, to_micros(judged_at))
    if bounds.until is None or bounds.until > bounds.after:
        await follow(monitor.log, bounds, what_if)
    return await asyncio.to_thread(
        compare, what_if, after_case=question.after_case, limit=question.limit
    )


async def _contracts(monitor: Monitor) -> Policies:
    """Every contract in the log, also where another replica projects. Raises LogUnavailable."""
    await see(monitor.log, monitor.projector, PUBLISHED)
    await monitor.refill()
    return monitor.shelf.policies.copied()


async def follow(log: Log, bounds: Bounds, what_if: WhatIf) -> None:
    """Feed a part of the log to both sides, batch by batch off the event loop."""
    async with aclosing(log.read(bounds.after, until=bounds.until)) as batches:
        async for batch in batches:
            await asyncio.to_thread(what_if.take, [recorded.event for recorded in batch])


async def _ensure_bounded(log: Log, bounds: Bounds) -> None:
    end = await log.end() if bounds.until is None else bounds.until
    if end - bounds.after > MOST_EVENTS:
        raise unprocessable(
            "from", "too-much-history", f"at most {MOST_EVENTS} events are looked at in one run"
        )
