"""Deciding against the log: who asks, what came of it, and the loop that never overwrites."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from msgspec import UNSET

from aftercare_events import catalogue
from aftercare_events.decider import Basis, commit
from aftercare_events.envelope import Event
from aftercare_events.log import Log

SERVICE = "feedback"


class Unknown(Exception):
    """Nothing with this id was ever opened."""

    def __init__(self, what: str, identifier: str) -> None:
        super().__init__(f"there is no {what} {identifier}")


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who says so; `at` is when it happened."""

    actor: str
    at: datetime
    correlation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The facts that were written, the last of them at `position`."""

    position: int
    facts: Sequence[msgspec.Struct]


async def carry_out(
    log: Log, plan: Callable[[], Awaitable[Basis[Sequence[msgspec.Struct]]]], by: By
) -> Outcome | None:
    """Write the facts of `plan` where it found things to be; plan again when somebody was faster.

    Returns None when there was nothing to say. Raises what `plan` raises, Conflict,
    LogUnavailable.
    """
    written: list[msgspec.Struct] = []

    def events(facts: Sequence[msgspec.Struct]) -> Sequence[Event]:
        written[:] = facts
        return [event_of(fact, by) for fact in facts]

    position = await commit(log, plan, events)
    return None if position is None else Outcome(position, tuple(written))


def event_of(fact: msgspec.Struct, by: By) -> Event:
    return catalogue.record(
        fact,
        service=SERVICE,
        time=by.at,
        actor=by.actor,
        correlation_id=by.correlation_id or UNSET,
    )
