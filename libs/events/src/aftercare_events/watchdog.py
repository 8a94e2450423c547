"""A silent system is itself an alarm: whatever should go on by itself says so when it does not."""

import asyncio
from collections.abc import Callable, Mapping

import structlog

from . import metrics

STILL_SECONDS = 30.0
LOOK_SECONDS = 5.0

_logger: structlog.stdlib.BoundLogger = structlog.get_logger("watchdog")


class Watchdog:
    """Watches how many seconds each part is behind its work; one far behind stands still."""

    def __init__(self, lags: Mapping[str, Callable[[], float]]) -> None:
        self._lags = dict(lags)
        self._still: set[str] = set()

    async def run(self) -> None:
        """Look for ever."""
        while True:
            self.look()
            await asyncio.sleep(LOOK_SECONDS)

    def lags(self) -> Mapping[str, float]:
        """Seconds by part, now."""
        return {part: lag() for part, lag in self._lags.items()}

    def look(self) -> None:
        """Raise the alarm for what has stopped since the last look, and end it for what goes on."""
        for part, lag in self.lags().items():
            still = stands_still(lag)
            metrics.standstill.labels(part).set(still)
            if still and part not in self._still:
                _logger.error("standstill", part=part, behind_s=round(lag))
                self._still.add(part)
            elif not still and part in self._still:
                _logger.info("goes_on", part=part)
                self._still.discard(part)


def stands_still(lag: float) -> bool:
    return lag > STILL_SECONDS
