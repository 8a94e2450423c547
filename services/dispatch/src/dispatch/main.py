"""The composition root of dispatch; nothing is built anywhere else."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.attachments import Attachments
from aftercare_events.background import running
from aftercare_events.clock import Clock, SystemClock
from aftercare_events.jetstream import JetStreamLog
from aftercare_events.objects import LogWithObjects
from aftercare_events.projector import Projector
from aftercare_events.sql import create_engine, upgrade
from aftercare_events.todo import TodoRunner
from aftercare_events.vault import Vault
from aftercare_events.watchdog import Watchdog
from aftercare_http import (
    ProblemSpec,
    Settings,
    attach,
    create_app,
    load_examples,
    load_settings,
    run,
)

from . import board, loans_page, me
from .api import (
    case_commands,
    case_files,
    cases,
    emergency,
    engineers,
    imports,
    incidents,
    loans,
    partners,
    safety_stock,
    shifts,
    stock,
    warranty,
    weights,
    work,
)
from .api.call import Dispatch
from .automation import Automation
from .board_cards import Cards
from .carrying_out import SERVICE
from .choosing import Choosing
from .covering import Covering
from .depot_stock import DepotStock
from .domain.outage import Rule
from .handling import Handling
from .ladder import Ladder
from .lending_by_itself import Lending
from .needs import Needs
from .projection import DispatchProjection
from .reading import Reading, Unknown
from .staff_index import StaffIndex
from .stockroom import Stockroom
from .tables import infra
from .updates import Updates

PROBLEMS: Mapping[type[Exception], ProblemSpec] = {
    Unknown: ProblemSpec(404, "not-found", "Not found"),
}


class DispatchSettings(Settings):
    """`outage_cases` like faults within `outage_within_min` minutes and `outage_radius_km` of each
    other are proposed as one major incident (DP-17).
    """

    port: int = 8082
    outage_cases: int = Field(default=5, ge=2, le=1000)
    outage_within_min: int = Field(default=60, ge=1, le=24 * 60)
    outage_radius_km: float = Field(default=10.0, gt=0, le=1000)

    def outage(self) -> Rule:
        return Rule(
            cases=self.outage_cases,
            window=timedelta(minutes=self.outage_within_min),
            radius_km=self.outage_radius_km,
        )


class Service:
    """Everything one replica consists of, wired but not yet running."""

    def __init__(
        self, log: LogWithObjects, engine: AsyncEngine, vault: Vault, clock: Clock, outage: Rule
    ) -> None:
        self.projector = Projector(DispatchProjection(outage), log, engine, infra, clock)
        updates = Updates()
        self.projector.on_commit(updates.ring)
        reading = Reading(log, engine, self.projector)
        stockroom = Stockroom(reading)
        ladder = Ladder(reading, stockroom)
        choosing = Choosing(Needs(reading, ladder), StaffIndex(engine), ladder)
        handling = Handling(log, reading, stockroom, choosing, clock)
        lending = Lending(reading, handling, stockroom, engine, clock)
        covering = Covering(reading, handling, choosing.index, engine, clock)
        automation = Automation(
            reading, handling, choosing, lending, covering, outage, engine, clock
        )
        self.todos = TodoRunner(
            automation.kinds,
            engine,
            infra,
            clock,
            projector=self.projector,
            together=automation.together,
        )
        kept = Attachments(vault, log.objects())
        self.desk = Dispatch(
            reading, handling, choosing, DepotStock(reading), stockroom, vault, clock, updates, kept
        )


OpenLog = Callable[[Settings], AbstractAsyncContextManager[LogWithObjects]]


@asynccontextmanager
async def jetstream(settings: Settings) -> AsyncGenerator[LogWithObjects]:
    log = await JetStreamLog.connect(settings.nats_url, name=SERVICE)
    try:
        yield log
    finally:
        await log.close()


def build(
    settings: DispatchSettings, clock: Clock | None = None, open_log: OpenLog = jetstream
) -> FastAPI:
    """The application of one replica; nothing is connected before it starts."""
    clock = clock or SystemClock()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        engine = create_engine(settings.database_url, schema=SERVICE)
        try:
            async with open_log(settings) as log:
                service = await _prepared(settings, log, engine, clock)
                app.state.dispatch = service.desk
                watchdog = Watchdog(
                    {"projector": service.projector.lag_seconds, "assignments": service.todos.lag}
                )
                attach(app, log=log, engine=engine, projector=service.projector, watchdog=watchdog)
                work = (watchdog.run(), service.projector.run(), service.todos.run())
                async with running(*work):
                    yield
        finally:
            await engine.dispose()

    app = create_app(
        SERVICE,
        settings,
        lifespan=lifespan,
        problems=PROBLEMS,
        pages=board.pages,
        clock=clock,
        examples=load_examples(Path(__file__).with_name("examples.json")),
    )
    app.state.board_cards = Cards(board.pages)
    for module in (
        loans_page,
        cases,
        case_commands,
        work,
        partners,
        emergency,
        case_files,
        engineers,
        stock,
        loans,
        safety_stock,
        warranty,
        weights,
        shifts,
        imports,
        board,
        incidents,
        me,
    ):
        app.include_router(module.router)
    return app


async def _prepared(
    settings: DispatchSettings, log: LogWithObjects, engine: AsyncEngine, clock: Clock
) -> Service:
    vault = Vault(engine, settings.wrapping_key())
    await vault.prepare()
    await upgrade(engine, "dispatch", SERVICE)
    return Service(log, engine, vault, clock, settings.outage())


def main() -> None:
    run(build, load_settings(DispatchSettings))
