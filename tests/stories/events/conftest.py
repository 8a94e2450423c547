"""A schema of its own for each story, in PostgreSQL."""

from collections.abc import AsyncIterator, Iterator

import pytest
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.clock import ManualClock
from aftercare_events.memory import MemoryLog
from aftercare_events.sql import create_engine
from support.sample_events import NOON
from support.toy_tables import create_toy_tables

SCHEMA = "toy"


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    made = create_engine(database_url, schema=SCHEMA)
    await create_toy_tables(made, SCHEMA)
    yield made
    await made.dispose()


@pytest.fixture(autouse=True)
def _short_traces() -> Iterator[None]:
    """These stories provoke errors by the dozen; long traces take longer than the stories."""
    structlog.configure(processors=[structlog.processors.KeyValueRenderer()])
    yield
    structlog.reset_defaults()


@pytest.fixture
def memory() -> MemoryLog:
    return MemoryLog()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)
