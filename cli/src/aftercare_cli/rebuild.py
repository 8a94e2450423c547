"""`aftercare rebuild`: drop a service's read model and build it again from the log (RP-04)."""

import argparse
import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from rich.progress import Progress
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

import dispatch.projection
import dispatch.tables
import feedback.projection
import feedback.tables
import intake.projection
import intake.tables
import sla_monitor.projection
import sla_monitor.tables
from aftercare_events.jetstream import JetStreamLog
from aftercare_events.log import LogError
from aftercare_events.projector import Projection
from aftercare_events.projector import rebuild as empty
from aftercare_events.sql import InfraTables, create_engine
from sla_monitor.shelf import Shelf

from . import addresses
from .addresses import Addresses
from .history_reading import Refused, told_in_one_line

LOOK_SECONDS = 0.2
STILL_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class ReadModel:
    schema: str
    infra: InfraTables
    projection: Callable[[], Projection]


READ_MODELS = {
    "intake": ReadModel(
        intake.tables.SCHEMA, intake.tables.infra, intake.projection.IntakeProjection
    ),
    "dispatch": ReadModel(
        "dispatch", dispatch.tables.infra, dispatch.projection.DispatchProjection
    ),
    "sla-monitor": ReadModel(
        sla_monitor.tables.SCHEMA,
        sla_monitor.tables.infra,
        lambda: sla_monitor.projection.MonitorProjection(Shelf()),
    ),
    "feedback": ReadModel(
        feedback.tables.SCHEMA, feedback.tables.infra, feedback.projection.FeedbackProjection
    ),
}


@told_in_one_line
def rebuild(options: argparse.Namespace) -> int:
    """Empty the read model, and watch the running service fill it again."""
    try:
        asyncio.run(_rebuild(options.service, addresses.find(options.data)))
    except (LogError, SQLAlchemyError) as error:
        raise Refused(f"{type(error).__name__}: {error}".partition("\n")[0]) from error
    return 0


async def _rebuild(service: str, known: Addresses) -> None:
    model = READ_MODELS[service]
    log = await JetStreamLog.connect(known.nats_url, name="rebuild")
    engine = create_engine(known.database_url, schema=model.schema)
    try:
        end = await log.end()
        await empty(model.projection(), engine, model.infra)
        await _watch(service, model, engine, end)
    finally:
        await engine.dispose()
        await log.close()


async def _watch(service: str, model: ReadModel, engine: AsyncEngine, end: int) -> None:
    """Until the rows hold all that the log held at the beginning. Raises Refused."""
    moved = asyncio.get_running_loop().time()
    position = 0
    with Progress() as progress:
        task = progress.add_task(service, total=end)
        while position < end:
            await asyncio.sleep(LOOK_SECONDS)
            reached = await _position(engine, model)
            now = asyncio.get_running_loop().time()
            if reached > position:
                position, moved = reached, now
                progress.update(task, completed=min(position, end))
            elif now - moved > STILL_SECONDS:
                raise Refused(f"{service} is emptied, but not running: it starts over when it does")


async def _position(engine: AsyncEngine, model: ReadModel) -> int:
    checkpoint = model.infra.checkpoint
    async with engine.connect() as connection:
        return await connection.scalar(select(checkpoint.c.position)) or 0
