"""How long the event loop is held at most: what a request would have had to wait."""

import asyncio
import gc
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

PAUSE_SECONDS = 0.002


class LoopWatch:
    """`held` is the longest time, in seconds, for which nobody else had a turn; `worked` is the
    longest the loop's own thread computed meanwhile, whatever else a busy machine did."""

    def __init__(self) -> None:
        self.held = 0.0
        self.worked = 0.0

    async def run(self) -> None:
        at, worked = time.perf_counter(), time.thread_time()
        while True:
            await asyncio.sleep(PAUSE_SECONDS)
            self.held = max(self.held, time.perf_counter() - at - PAUSE_SECONDS)
            self.worked = max(self.worked, time.thread_time() - worked)
            at, worked = time.perf_counter(), time.thread_time()


@asynccontextmanager
async def loop_watched() -> AsyncGenerator[LoopWatch]:
    """What stood in memory before is left to the garbage collector afterwards, as by a server
    that has started."""
    gc.collect()
    gc.freeze()
    watch = LoopWatch()
    task = asyncio.create_task(watch.run())
    try:
        yield watch
    finally:
        task.cancel()
        gc.unfreeze()
