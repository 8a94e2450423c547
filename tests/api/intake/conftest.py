from collections.abc import AsyncIterator

import pytest

from support.intake_desk import Desk
from support.intake_desk import desk as running


@pytest.fixture
async def empty_desk(tables_url: str) -> AsyncIterator[Desk]:
    async with running(tables_url) as open_desk:
        yield open_desk


@pytest.fixture
async def desk(empty_desk: Desk) -> Desk:
    """A desk with its archive and one published policy."""
    await empty_desk.publish()
    await empty_desk.load()
    return empty_desk
