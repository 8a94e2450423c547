"""The day as it is lived: every life at its time, all at once."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from .history import lines
from .life import live
from .ops import Ops
from .plan import Life, Plan
from .proof import Proof, prove
from .reporting import record_call
from .request import BareCall
from .scene import Scene, now

# The clock of the log's server may differ from ours.
SKEW = timedelta(minutes=1)


async def live_through(plan: Plan, scene: Scene) -> Proof:
    """Live a whole day, and hold its books against the history. Raises httpx.HTTPError."""
    ops, began = Ops(), now() - SKEW
    scene.history.on_line(ops.hear)
    async with _beside(scene.history.follow(began), ops.work(scene)):
        await _everybody(plan, scene)
    scene.books.counts["sent again"] = scene.wire.retries
    return await _proof(scene, began)


async def _everybody(plan: Plan, scene: Scene) -> None:
    async with asyncio.TaskGroup() as tasks:
        for life in plan.lives:
            tasks.create_task(_live(life, scene))
        for bare in plan.calls:
            tasks.create_task(_ring(bare, scene))


async def _live(life: Life, scene: Scene) -> None:
    await scene.let_pass(life.request.at)
    await live(life, scene)
    scene.books.counts["over"] += 1


async def _ring(bare: BareCall, scene: Scene) -> None:
    await scene.let_pass(bare.at)
    await record_call(bare, scene)


async def _proof(scene: Scene, began: datetime) -> Proof:
    monitor = scene.wire.client("sla-monitor")
    past = [line async for line in lines(monitor, {"from": began.isoformat()})]
    return prove(scene.books.entries, past)


@asynccontextmanager
async def _beside(*work: Coroutine[object, object, None]) -> AsyncGenerator[None]:
    """Run `work` while the block lasts; whatever of it fails ends the block."""
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(one) for one in work]
        yield
        for task in running:
            task.cancel()
