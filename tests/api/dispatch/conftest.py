from collections.abc import AsyncIterator

import pytest

from support.dispatch_company import Company
from support.dispatch_company import company as running


@pytest.fixture
async def company(database_url: str) -> AsyncIterator[Company]:
    async with running(database_url) as open_company:
        yield open_company
