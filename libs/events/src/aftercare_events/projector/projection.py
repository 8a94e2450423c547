"""What a service makes of the log."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from ..envelope import Recorded

Apply = Callable[[AsyncConnection, Sequence[Recorded]], Awaitable[None]]


class Projection(Protocol):
    """Rows that follow from events. `tables` are emptied by a rebuild."""

    @property
    def name(self) -> str: ...

    @property
    def tables(self) -> Sequence[Table]: ...

    async def apply(self, connection: AsyncConnection, batch: Sequence[Recorded]) -> None:
        """Write the rows that follow from a batch; committing is the projector's.

        A batch may be applied in part, or again, after it failed: nothing is remembered outside
        the transaction.
        """
        ...
