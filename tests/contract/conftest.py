"""Both logs under one suite: whatever holds for the real one holds for its twin."""

from collections.abc import AsyncIterator

import pytest

from aftercare_events.jetstream import JetStreamLog
from aftercare_events.log import Log
from aftercare_events.memory import MemoryLog


@pytest.fixture(params=["memory", "jetstream"])
async def any_log(request: pytest.FixtureRequest) -> AsyncIterator[Log]:
    log: Log
    if request.param == "memory":
        log = MemoryLog()
    else:
        log = await JetStreamLog.connect(request.getfixturevalue("nats_url"), name="contract")
    yield log
    await log.close()
