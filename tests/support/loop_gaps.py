"""For how long the event loop was held by somebody."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

TICK_SECONDS = 0.005


@dataclass(slots=True)
class Gaps:
    """`longest`, in seconds, beyond the tick that was asked for."""

    longest: float = 0.0


@asynccontextmanager
async def loop_gaps() -> AsyncGenerator[Gaps]:
    gaps = Gaps()

    async def tick() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(TICK_SECONDS)
            gaps.longest = max(gaps.longest, time.perf_counter() - began - TICK_SECONDS)

    ticking = asyncio.create_task(tick())
    try:
        yield gaps
    finally:
        ticking.cancel()
