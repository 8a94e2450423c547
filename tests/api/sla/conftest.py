from collections.abc import AsyncIterator

import pytest

from support.monitors import Served
from support.monitors import served as serve


@pytest.fixture
async def served(tables_url: str) -> AsyncIterator[Served]:
    async with serve(tables_url) as running:
        yield running
