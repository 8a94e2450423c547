"""Decide on the newest state, append, and decide again when somebody was faster."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from .envelope import Event
from .log import Conflict, Expect, Log, LogUnavailable

ATTEMPTS = 20

C = TypeVar("C")
S = TypeVar("S")
D = TypeVar("D")


class Refused(Exception):
    """The domain says no. `code` is stable and kebab-case; `field` names what was wrong in it.

    `missing` names what has to be entered elsewhere first.
    """

    def __init__(
        self, code: str, detail: str, field: str | None = None, *, missing: Sequence[str] = ()
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.field = field
        self.missing = tuple(missing)


@dataclass(frozen=True, slots=True)
class Decider(Generic[C, S, D]):
    """An aggregate as three pure things: where it begins, what follows, what that makes of it."""

    initial: S
    decide: Callable[[C, S], Sequence[D]]
    evolve: Callable[[S, D], S]


@dataclass(frozen=True, slots=True)
class Basis(Generic[S]):
    """What a decision is based on, and the positions it stands at."""

    state: S
    expect: Sequence[Expect]


class Visible(Protocol):
    """A projector, as those see it who wait for their rows."""

    async def wait_for(self, position: int, timeout: float = ...) -> bool: ...  # noqa: ASYNC109


async def see(log: Log, visible: Visible, *subjects: str) -> Mapping[str, int]:
    """The log's last position on each subject (`*` and `>` allowed), once the rows know it.

    Raises LogUnavailable, also when the read model stays behind.
    """
    newest = await asyncio.gather(*map(log.last, subjects))
    positions = {
        subject: recorded.position if recorded else 0
        for subject, recorded in zip(subjects, newest, strict=True)
    }
    last = max(positions.values(), default=0)
    if not await visible.wait_for(last):
        raise LogUnavailable(f"position {last} is not projected yet")
    return positions


async def commit(
    log: Log,
    load: Callable[[], Awaitable[Basis[S]]],
    decide: Callable[[S], Sequence[Event]],
    *,
    attempts: int = ATTEMPTS,
) -> int | None:
    """Load, decide, append; again from the start when somebody was faster.

    A basis that stands where `see` found the log is never too old to succeed. Returns the
    position of the last event, or None when there was nothing to say. Raises what `load` and
    `decide` raise (Refused), LogUnavailable, Conflict when others were faster every time.
    """
    for _ in range(attempts):
        basis = await load()
        events = decide(basis.state)
        if not events:
            return None
        try:
            return await log.append(events, basis.expect)
        except Conflict:
            continue
    raise Conflict(f"others were faster {attempts} times")
