import asyncio

import pytest

from aftercare_events.racing import end_if_cancelled


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
