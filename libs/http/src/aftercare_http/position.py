"""Read your own writes: the log position of an answer, and reads that wait for one."""

from typing import Annotated, Protocol

from fastapi import Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from .problems import unavailable, unprocessable
from .state import state

HEADER = "X-Log-Position"
PATIENCE_S = 5.0
_BIGINT_MAX = 2**63 - 1


class Reader(Protocol):
    """A projector as readers see it."""

    @property
    def position(self) -> int: ...
    async def wait_for(self, position: int, timeout: float = 5.0) -> bool: ...  # noqa: ASYNC109


class Ended(Protocol):
    async def end(self) -> int: ...


class Visibility:
    """What a service's readers can see of the log."""

    def __init__(self, log: Ended, projector: Reader) -> None:
        self._log = log
        self._projector = projector

    async def wait(self, position: int) -> None:
        """Raises Problem 422 for a position that does not exist, 503 when it takes too long."""
        if position <= self._projector.position:
            return
        if position > await self._log.end():
            raise unprocessable("min_position", "beyond-the-log", "no such position yet")
        if not await self._projector.wait_for(position, PATIENCE_S):
            raise unavailable(f"position {position} cannot be read yet", slug="not-yet-visible")


def set_position(response: Response, position: int) -> None:
    """Say where in the log the effect of this request stands."""
    response.headers[HEADER] = str(position)


async def min_position(
    request: Request,
    min_position: Annotated[
        int | None,
        Query(ge=0, le=_BIGINT_MAX, description="Answer only once this log position is visible."),
    ] = None,
) -> None:
    visibility = state(request).visibility
    if min_position is not None and visibility is not None:
        await visibility.wait(min_position)


MinPosition = Depends(min_position)
