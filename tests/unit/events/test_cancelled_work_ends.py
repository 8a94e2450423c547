import asyncio
from typing import Any

import pytest

from aftercare_events.racing import end_if_cancelled, heeding_cancellation


async def for_ever(failures: list[Exception]) -> None:
    """Work that goes on after any error, and whose clean-up fails."""
    while True:
        try:
            try:
                await asyncio.sleep(0 if len(failures) < 3 else 3600)
            finally:
                raise ConnectionError("the link had gone")
        except ConnectionError as error:
            failures.append(error)
            end_if_cancelled(error)


async def test_cancelled_work_ends_although_its_clean_up_fails() -> None:
    failures: list[Exception] = []
    work = asyncio.create_task(for_ever(failures))
    while len(failures) < 3:
        await asyncio.sleep(0)
    assert not work.done()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(work, 10)


async def cancelled_as_it_is_answered(answer: asyncio.Future[str], outcome: Any) -> str:
    """What becomes of work that asks by `asyncio.wait_for`, as nats-py does."""
    work = asyncio.create_task(heeding_cancellation(asyncio.wait_for(answer, 10)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    outcome()
    work.cancel()
    return await work


async def test_answer_in_the_same_moment_keeps_no_cancellation_to_itself() -> None:
    answer = asyncio.get_running_loop().create_future()
    with pytest.raises(asyncio.CancelledError):
        await cancelled_as_it_is_answered(answer, lambda: answer.set_result("late"))


async def test_error_in_the_same_moment_keeps_no_cancellation_to_itself() -> None:
    answer = asyncio.get_running_loop().create_future()
    with pytest.raises(asyncio.CancelledError):
        await cancelled_as_it_is_answered(answer, lambda: answer.set_exception(OSError("gone")))


async def test_whoever_cleans_up_while_cancelled_still_gets_answers() -> None:
    async def work() -> str:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            return await heeding_cancellation(asyncio.sleep(0, "cleaned up"))
        return "never"

    cleaning = asyncio.create_task(work())
    await asyncio.sleep(0)
    cleaning.cancel()
    assert await cleaning == "cleaned up"
