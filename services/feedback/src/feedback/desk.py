"""Deciding against the log: who asks, what came of it, and the loop that never overwrites."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

import msgspec

from aftercare_events.by import By
from aftercare_events.decider import Basis, commit
from aftercare_events.envelope import Event
from aftercare_events.log import Log

from .outcome import Outcome
from .repeats import earlier_outcome

SERVICE = "feedback"


class Unknown(Exception):
    """Nothing with this id was ever opened."""

    def __init__(self, what: str, identifier: str) -> None:
        super().__init__(f"there is no {what} {identifier}")


class Opened(Protocol):
    """What a command is given to, as it was found."""

    @property
    def subject(self) -> str:
        """Everything that was ever said about it."""
        ...


T = TypeVar("T", bound=Opened)
Facts = Sequence[msgspec.Struct]


async def carry_out(
    log: Log, load: Callable[[], Awaitable[T]], decide: Callable[[T], Basis[Facts]], by: By
) -> Outcome | None:
    """Write what is decided on what is found; find and decide again when somebody was faster.

    A command that came before gets its first outcome. Returns None when there was nothing to
    say. Raises what `load` and `decide` raise, KeyReused, Conflict, LogUnavailable.
    """
    written: list[msgspec.Struct] = []
    earlier: Outcome | None = None

    async def plan() -> Basis[Facts]:
        nonlocal earlier
        opened = await load()
        # Not before loading: a twin that writes in between would be decided upon as news.
        earlier = await earlier_outcome(log, opened.subject, by.key) if by.key else None
        return Basis((), ()) if earlier else decide(opened)

    def events(facts: Facts) -> Sequence[Event]:
        written[:] = facts
        return [by.event(fact, SERVICE, index) for index, fact in enumerate(facts)]

    position = await commit(log, plan, events)
    return earlier if position is None else Outcome(position, tuple(written))
