"""Opening a case once and for ever, whoever repeats the request and whenever."""

from collections.abc import Callable, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any

import msgspec

from aftercare_events import catalogue
from aftercare_events.catalogue.case import CaseReported
from aftercare_events.envelope import Event, Recorded
from aftercare_events.log import Conflict, Expect, Log
from aftercare_http import Identity, Repeat

SERVICE = "intake"
# Two identities share a case number once in 10¹² pairs; eight in a row is a defect.
ATTEMPTS = 8


class Opened(msgspec.Struct, frozen=True):
    """An open case: `position` is that of its first event, `duplicate` says it was there before."""

    reported: CaseReported
    position: int
    duplicate: bool = False


class Said(msgspec.Struct, frozen=True, gc=False):
    """What every event of one request shares. `time` is when it happened, in UTC."""

    time: datetime
    actor: str
    correlation_id: str

    def event(self, data: msgspec.Struct, event_id: str | None = None) -> Event:
        return catalogue.record(
            data,
            service=SERVICE,
            time=self.time,
            actor=self.actor,
            correlation_id=self.correlation_id or msgspec.UNSET,
            event_id=event_id,
        )


def subject_of(aggregate: str, aggregate_id: str) -> str:
    """Where intake writes about one aggregate."""
    return f"ac.{SERVICE}.{aggregate}.{aggregate_id}"


async def first_of(log: Log, aggregate: str, aggregate_id: str) -> Recorded | None:
    """The event that opened an aggregate of intake."""
    async with aclosing(log.read(subject=subject_of(aggregate, aggregate_id))) as batches:
        async for batch in batches:
            if batch:
                return batch[0]
    return None


async def history_of(log: Log, aggregate: str, aggregate_id: str) -> Sequence[Recorded]:
    """All that intake said of an aggregate."""
    async with aclosing(log.read(subject=subject_of(aggregate, aggregate_id))) as batches:
        return [recorded async for batch in batches for recorded in batch]


async def open_case(
    log: Log,
    identity: Identity,
    report: Callable[[str], CaseReported],
    said: Said,
    companions: Callable[[CaseReported], Sequence[tuple[Event, Expect]]] = lambda _: (),
) -> Opened:
    """Append the opening of a case, together with `companions` and their expectations.

    A repeat gets the case that the first opened. Raises Problem 422 `idempotency-key-reused`,
    Conflict when a companion's expectation does not hold, LogUnavailable.
    """
    for attempt in range(ATTEMPTS):
        reported = report(identity.code(attempt))
        events: list[Event] = []
        expect: list[Expect] = []
        for event, expected in companions(reported):
            events.append(event)
            expect.append(expected)
        events.append(said.event(reported))
        expect.append(Expect(subject_of("case", reported.case_id), 0))
        try:
            return Opened(reported, await log.append(events, expect))
        except Conflict:
            taken = await first_of(log, "case", reported.case_id)
            if taken is None:
                raise
            if (opened := _repeat(taken, identity)) is not None:
                return opened
    raise Conflict("no free case number")


async def opened_before(log: Log, identity: Identity) -> Opened | None:
    """The case that this very request opened earlier. Raises Problem 422."""
    for attempt in range(ATTEMPTS):
        taken = await first_of(log, "case", identity.code(attempt))
        if taken is None:
            return None
        if (opened := _repeat(taken, identity)) is not None:
            return opened
    return None


def _repeat(taken: Recorded, identity: Identity) -> Opened | None:
    first: Any = catalogue.decode(taken.event)
    if identity.compare(first.identity, first.body_digest) is Repeat.OTHER:
        return None
    return Opened(first, taken.position, duplicate=True)
