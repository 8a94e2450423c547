"""Doing several things until one of them ends; ending when one is told to."""

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def end_if_cancelled(error: Exception) -> None:
    """Whoever goes on after any error calls this first. Raises CancelledError.

    A clean-up that fails while its task is cancelled puts its own error in the place of the
    cancellation, which is then never asked for again.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError from error


async def heeding_cancellation(work: Awaitable[T]) -> T:
    """What `work` gives, unless whoever awaits it was cancelled meanwhile.

    `asyncio.wait_for` of Python 3.11, in libraries that we use, keeps a cancellation to itself
    that comes in the same moment as the answer. Raises CancelledError, and what `work` raises.
    """
    task = asyncio.current_task()
    before = task.cancelling() if task else 0
    try:
        return await work
    finally:
        if task is not None and task.cancelling() > before:
            raise asyncio.CancelledError


async def first_of(*work: Coroutine[Any, Any, Any]) -> None:
    """Run all until one ends, then break off the others. Raises what that one raised."""
    tasks: set[asyncio.Task[Any]] = {asyncio.create_task(one) for one in work}
    done: set[asyncio.Task[Any]] = set()
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks - done:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
