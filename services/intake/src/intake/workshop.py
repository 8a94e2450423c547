"""Hostile input is opened in a process that may be killed: never in the one that serves.

Each piece of work has a time limit and a memory limit; what crashes or hangs is reported, and
the next piece finds a fresh process.
"""

import asyncio
import multiprocessing
import resource
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

MEMORY_BYTES = 1024 * 1024 * 1024
TIME_LIMIT_SECONDS = 10.0
PRELOAD = [
    "intake.mail.parse",
    "intake.mail.safe_html",
    "intake.fax.decode",
    "intake.fax.ocr",
    "intake.card.printing",
    "intake.workshop",
]


class WorkFailed(Exception):
    """The work did not end in time, or its process died; the message says which."""


class Workshop:
    """Runs functions of this package in short-lived processes, a few at a time."""

    def __init__(
        self,
        benches: int = 2,
        time_limit: float = TIME_LIMIT_SECONDS,
        memory: int = MEMORY_BYTES,
    ) -> None:
        self._context: ForkServerContext = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(PRELOAD)
        self._benches = asyncio.Semaphore(benches)
        self._time_limit = time_limit
        self._memory = memory

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The result of `work`, or what it raised. Raises WorkFailed."""
        async with self._benches:
            done, result = await asyncio.to_thread(self._run, work, args, kwargs)
        if not done:
            raise result
        return result

    def _run(self, work: Callable[..., Any], args: Any, kwargs: Any) -> tuple[bool, Any]:
        ours, theirs = self._context.Pipe(duplex=False)
        job = (theirs, self._memory, work, args, kwargs)
        process = self._context.Process(target=_at_the_bench, args=job)
        process.start()
        theirs.close()
        try:
            if not ours.poll(self._time_limit):
                return False, WorkFailed("took-too-long")
            return ours.recv()
        except EOFError:
            return False, WorkFailed("crashed")
        finally:
            process.kill()
            process.join()
            ours.close()


def _at_the_bench(
    answer: Connection, memory: int, work: Callable[..., Any], args: Any, kwargs: Any
) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        result = True, work(*args, **kwargs)
    except Exception as error:  # noqa: BLE001 - whatever it is, the caller is told
        result = False, error
    answer.send(result)
