from collections.abc import AsyncIterator

import pytest

from support.dispatch_company import Company
from support.dispatch_company import company as running


@pytest.fixture
async def company(tables_url: str) -> AsyncIterator[Company]:
    async with running(tables_url) as open_company:
        yield open_company
