"""The day as it is lived: every life at its time, all at once."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from .history import lines
from .life import PATIENCE_SECONDS, live
from .office import Office
from .ops import Ops
from .plan import ILL_S, Absence, Life, Plan
from .proof import Proof, prove
from .reporting import record_call
from .request import BareCall
from .scene import Scene, now

# The clock of the log's server may differ from ours.
SKEW = timedelta(minutes=1)


async def live_through(plan: Plan, scene: Scene) -> Proof:
    """Live a whole day, and hold its books against the history. Raises httpx.HTTPError."""
    ops, office, began = Ops(), Office(scene), now() - SKEW
    scene.history.on_line(ops.hear)
    scene.history.on_line(office.hear)
    async with _beside(scene.history.follow(began), ops.work(scene), office.work()):
        await _everybody(plan, scene)
        await office.finish(PATIENCE_SECONDS)
    scene.books.counts["sent again"] = scene.wire.retries
    return await _proof(scene, began)


async def _everybody(plan: Plan, scene: Scene) -> None:
    async with asyncio.TaskGroup() as tasks:
        for life in plan.lives:
            tasks.create_task(_live(life, scene))
        for bare in plan.calls:
            tasks.create_task(_ring(bare, scene))
        for absence in plan.absences:
            tasks.create_task(_fall_ill(absence, scene))


async def _live(life: Life, scene: Scene) -> None:
    await scene.let_pass(life.request.at)
    await live(life, scene)
    scene.books.counts["over"] += 1


async def _ring(bare: BareCall, scene: Scene) -> None:
    await scene.let_pass(bare.at)
    await record_call(bare, scene)


async def _fall_ill(absence: Absence, scene: Scene) -> None:
    await scene.let_pass(absence.at)
    start, engineer_id = now(), absence.engineer_id
    end = start + timedelta(seconds=ILL_S / scene.speed)
    path = f"/v1/rosters/{engineer_id}/absences/{scene.run}-{absence.at:.0f}"
    body = {"start": start.isoformat(), "end": end.isoformat(), "deputy": absence.deputy}
    key = f"ill-{absence.at:.0f}"
    await scene.tell("dispatch", path, f"engineer/{engineer_id}", key, body, method="PUT")


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
