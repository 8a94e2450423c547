from collections.abc import AsyncIterator

import pytest

from aftercare_events.log import Log
from support.monitors import Company
from support.monitors import company as open_company


@pytest.fixture
async def company(log: Log, database_url: str) -> AsyncIterator[Company]:
    async with open_company(log, database_url) as opened:
        yield opened
