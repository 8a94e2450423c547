"""One event that cannot be applied must not hold up the others."""

from collections.abc import Sequence

import structlog
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import metrics
from ..clock import Clock
from ..envelope import UNREADABLE, Recorded
from ..outage import is_outage, is_schema_error
from ..redact import redact
from .checkpoint import Moved
from .projection import Projection

REASON_LENGTH = 2_000

_logger: structlog.stdlib.BoundLogger = structlog.get_logger("projector")


def is_fault_of_event(error: Exception) -> bool:
    """A lost server, a schema not migrated or a full memory would damn every event."""
    ours = is_outage(error) or is_schema_error(error) or isinstance(error, Moved | MemoryError)
    return not ours


def is_unreadable(recorded: Recorded) -> bool:
    return recorded.event.type == UNREADABLE


def _why(recorded: Recorded) -> str:
    return bytes(recorded.event.data).decode()


class Isolation:
    """Halves a batch that failed until each event at fault stands alone, and sets it aside."""

    def __init__(self, projection: Projection, poison: Table, clock: Clock) -> None:
        self._projection = projection
        self._poison = poison
        self._clock = clock
        self._found: list[tuple[Recorded, str]] = []

    async def apply(self, connection: AsyncConnection, batch: Sequence[Recorded]) -> None:
        """What is no event at all is not even tried."""
        for recorded in filter(is_unreadable, batch):
            await self._set_aside(connection, recorded, ValueError(_why(recorded)))
        if events := [recorded for recorded in batch if not is_unreadable(recorded)]:
            await self._apply(connection, events)

    async def _apply(self, connection: AsyncConnection, batch: Sequence[Recorded]) -> None:
        try:
            async with connection.begin_nested():
                await self._projection.apply(connection, batch)
        except Exception as error:
            if not is_fault_of_event(error):
                raise
            if len(batch) == 1:
                await self._set_aside(connection, batch[0], error)
                return
            middle = len(batch) // 2
            await self._apply(connection, batch[:middle])
            await self._apply(connection, batch[middle:])

    async def _set_aside(
        self, connection: AsyncConnection, recorded: Recorded, error: Exception
    ) -> None:
        event = recorded.event
        reason = redact(f"{type(error).__name__}: {error}")[:REASON_LENGTH].replace("\0", "")
        row = {
            "position": recorded.position,
            "event_id": event.id,
            "type": event.type,
            "reason": reason,
            "set_aside_at": self._clock.now(),
        }
        await connection.execute(insert(self._poison).on_conflict_do_nothing(), row)
        self._found.append((recorded, reason))

    def tell(self) -> None:
        """Log and count what was set aside, once that is committed."""
        for recorded, reason in self._found:
            event = recorded.event
            metrics.poison_events.labels(self._projection.name, event.type).inc()
            _logger.error(
                "event_set_aside",
                projection=self._projection.name,
                position=recorded.position,
                event_id=event.id,
                type=event.type,
                subject=event.subject,
                reason=reason,
            )
