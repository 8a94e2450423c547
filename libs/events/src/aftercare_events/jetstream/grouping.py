"""Which waiting appends travel together."""

import asyncio
from collections import deque

from ..unit import Unit

# A batch costs the server some milliseconds however small it is; below this singles are faster.
BATCH_FROM = 24
BATCH_EVENTS = 500
BATCH_BYTES = 4 * 1024 * 1024


class Append:
    """One append on its way, until `answer` knows the position or the error."""

    __slots__ = ("answer", "deadline", "unit")

    def __init__(self, unit: Unit, deadline: float) -> None:
        self.unit = unit
        self.deadline = deadline
        self.answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()


def take_group(queue: deque[Append]) -> list[Append]:
    """Take the appends of the next batch out of `queue`; none when a batch would not pay.

    No two of them touch the same aggregate, so that none spoils the expectation of another.
    """
    if len(queue) < BATCH_FROM:
        return []
    group, rest = _split(queue)
    if len(group) < BATCH_FROM:
        return []
    queue.clear()
    queue.extend(rest)
    return group


def _split(queue: deque[Append]) -> tuple[list[Append], list[Append]]:
    group, rest, taken = list[Append](), list[Append](), set[str]()
    events = size = 0
    for append in queue:
        if append.answer.done():
            continue
        unit = append.unit
        full = events + len(unit.messages) > BATCH_EVENTS or size + unit.size > BATCH_BYTES
        if full or unit.keys is None or not taken.isdisjoint(unit.keys):
            rest.append(append)
        else:
            group.append(append)
            events, size = events + len(unit.messages), size + unit.size
        # What stays behind also keeps later appends to its aggregates behind it.
        taken |= unit.keys or frozenset()
    return group, rest
