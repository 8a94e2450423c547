import asyncio
import os
import time

import pytest

from intake.workshop import WorkFailed, Workshop


@pytest.fixture
def workshop() -> Workshop:
    return Workshop(time_limit=5)


async def test_results_and_errors_come_back(workshop: Workshop) -> None:
    assert await workshop.run(divmod, 43, 2) == (21, 1)
    with pytest.raises(ZeroDivisionError):
        await workshop.run(divmod, 1, 0)


async def test_work_that_hangs_is_ended() -> None:
    with pytest.raises(WorkFailed, match="took-too-long"):
        await Workshop(time_limit=0.5).run(time.sleep, 60)


async def test_work_that_crashes_takes_nobody_along(workshop: Workshop) -> None:
    with pytest.raises(WorkFailed, match="crashed"):
        await workshop.run(os._exit, 11)
    assert await workshop.run(divmod, 2, 2) == (1, 0)


async def test_work_that_wants_too_much_memory_is_refused_it(workshop: Workshop) -> None:
    with pytest.raises(MemoryError):
        await workshop.run(bytes, 8 << 30)


async def test_waiting_for_work_leaves_the_loop_free(workshop: Workshop) -> None:
    working = asyncio.create_task(workshop.run(time.sleep, 0.5))
    turns = 0
    while not working.done():
        await asyncio.sleep(0.01)
        turns += 1
    assert turns >= 10
