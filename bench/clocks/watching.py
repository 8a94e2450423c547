"""Alerts as a reader of the log sees them: when each was due, and when it could be read."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aftercare_events.catalogue import decode
from aftercare_events.log import Log

RAISED = "aftercare.case.alert_raised.v1"
PATIENCE_SECONDS = 1_800.0


@dataclass(frozen=True, slots=True)
class Seen:
    """One alert, and how many seconds after its instant it reached the reader."""

    fire_at: datetime
    at: datetime

    @property
    def late_s(self) -> float:
        return (self.at - self.fire_at).total_seconds()


@dataclass(slots=True)
class Watch:
    """The first alert of each case."""

    seen: dict[str, Seen] = field(default_factory=dict[str, Seen])
    doubled: int = 0
    _ids: set[str] = field(default_factory=set[str])
    _moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def follow(self, log: Log, after: int) -> None:
        """Read on for ever."""
        async for batch in log.read(after, subject="ac.sla.case.*", follow=True):
            now = datetime.now(UTC)
            for recorded in batch:
                if recorded.event.type == RAISED:
                    alert = decode(recorded.event)
                    self.doubled += alert.alert_id in self._ids
                    self._ids.add(alert.alert_id)
                    self.seen.setdefault(alert.case_id, Seen(alert.fire_at, now))
            self._moved.set()

    async def all_of(self, cases: Collection[str]) -> list[Seen]:
        """Wait for the first alert of each."""
        wanted = set(cases)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not wanted <= self.seen.keys():
                self._moved.clear()
                await self._moved.wait()
        return [self.seen[case_id] for case_id in cases]
