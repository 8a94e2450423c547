"""Whether the tables of all four services are what the log says, and nothing else."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import MetaData, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

import dispatch.tables
import feedback.tables
import intake.tables
import sla_monitor.tables
from aftercare_events.log import Log
from aftercare_events.projector import Projection
from aftercare_events.sql import InfraTables, create_engine, upgrade
from aftercare_events.testing import diff_tables, fold_into
from dispatch.projection import DispatchProjection
from feedback.projection import FeedbackProjection
from intake.projection import IntakeProjection
from sla_monitor.projection import MonitorProjection
from sla_monitor.shelf import Shelf
from support import emptying

# What falls due while we look moves the log; then it is looked at again.
LOOKS = 20
CATCH_UP_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class ReadModel:
    """How one service keeps its tables."""

    package: str
    schema: str
    projection: Callable[[], Projection]
    metadata: MetaData
    infra: InfraTables


READ_MODELS = (
    ReadModel("intake", "intake", IntakeProjection, intake.tables.metadata, intake.tables.infra),
    ReadModel(
        "dispatch",
        "dispatch",
        DispatchProjection,
        dispatch.tables.metadata,
        dispatch.tables.infra,
    ),
    ReadModel(
        "sla_monitor",
        "sla",
        lambda: MonitorProjection(Shelf()),
        sla_monitor.tables.metadata,
        sla_monitor.tables.infra,
    ),
    ReadModel(
        "feedback", "feedback", FeedbackProjection, feedback.tables.metadata, feedback.tables.infra
    ),
)


async def differences(log: Log, database_url: str) -> list[str]:
    """One line for each row, of any table of any service, that is not what the log says."""
    return [
        f"{model.schema}: {line}"
        for model in READ_MODELS
        for line in await _differences(model, log, database_url)
    ]


async def _differences(model: ReadModel, log: Log, database_url: str) -> Sequence[str]:
    truth_url = emptying.create_database(database_url)
    try:
        async with _engines(model, database_url, truth_url) as (live, truth):
            await upgrade(truth, model.package, model.schema)
            for _ in range(LOOKS):
                end = await fold_into(truth, model.projection(), model.infra, log)
                await _reached(live, model, end)
                found = await diff_tables(live, truth, model.metadata.sorted_tables)
                if await log.end() == end:
                    return found
            raise AssertionError("the log never rested")
    finally:
        emptying.drop_database(database_url, truth_url)


@asynccontextmanager
async def _engines(model: ReadModel, *urls: str) -> AsyncGenerator[tuple[AsyncEngine, ...]]:
    async with AsyncExitStack() as stack:
        engines = tuple(create_engine(url, schema=model.schema) for url in urls)
        for engine in engines:
            stack.push_async_callback(engine.dispose)
        yield engines


async def _reached(live: AsyncEngine, model: ReadModel, end: int) -> None:
    async with asyncio.timeout(CATCH_UP_SECONDS):
        while await _position(live, model) < end:
            await asyncio.sleep(0.05)


async def _position(live: AsyncEngine, model: ReadModel) -> int:
    async with live.connect() as connection:
        position = await connection.scalar(select(func.max(model.infra.checkpoint.c.position)))
    return position or 0
