"""Many entries in one call: all of them are taken, or none."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from aftercare_events.decider import Refused
from aftercare_http import Problem, unprocessable

from ..carrying_out import Asked, numbered
from .call import Call, Entered

MOST_AT_ONCE = 500

E = TypeVar("E")


async def together(
    call: Call, entries: Sequence[E], asked: Callable[[E], Awaitable[Asked]]
) -> list[Entered]:
    """What each entry came to. Raises Problem and Refused with the number of the one at fault."""
    return await call.enter(
        [await _numbered(number, asked(one)) for number, one in enumerate(entries)]
    )


async def _numbered(number: int, asked: Awaitable[Asked]) -> Asked:
    try:
        return await asked
    except Refused as refused:
        raise numbered(number, refused) from None
    except Problem as problem:
        if problem.field is None:
            raise
        raise unprocessable(
            f"{number}.{problem.field}", problem.type_slug, problem.detail
        ) from None
