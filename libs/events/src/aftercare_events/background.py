"""Work that goes on beside a service's routes, and must never stop unnoticed."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager

import structlog

logger = structlog.get_logger()


@asynccontextmanager
async def running(*work: Coroutine[object, object, None]) -> AsyncGenerator[None]:
    """Run `work` for as long as the block lasts.

    A piece that ends by itself is a defect. The process is then asked to stop, so that whoever
    supervises it starts it anew, instead of answering requests with nothing behind them.
    """
    tasks = [asyncio.create_task(_watched(coroutine)) for coroutine in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _watched(coroutine: Coroutine[object, object, None]) -> None:
    try:
        await coroutine
        logger.critical("background work ended", work=coroutine.__qualname__)
    except Exception:
        logger.critical("background work failed", work=coroutine.__qualname__, exc_info=True)
    signal.raise_signal(signal.SIGTERM)
