from collections.abc import AsyncIterator

import pytest

from support.monitors import Served
from support.monitors import served as serve


@pytest.fixture
async def served(database_url: str) -> AsyncIterator[Served]:
    async with serve(database_url) as running:
        yield running
