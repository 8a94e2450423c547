"""The log as a list."""

from aftercare_events.envelope import Recorded
from aftercare_events.log import EVERYTHING, Log


async def everything(
    log: Log, after: int = 0, *, subject: str = EVERYTHING, until: int | None = None
) -> list[Recorded]:
    return [
        recorded
        async for batch in log.read(after, subject=subject, until=until)
        for recorded in batch
    ]
