"""Where the monitor is put together, and the only place."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
from fastapi import FastAPI
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.background import running
from aftercare_events.clock import Clock, SystemClock
from aftercare_events.jetstream import JetStreamLog
from aftercare_events.log import Log
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

from . import api
from .automation import handlers
from .case_rows import rows_of
from .copies import copy_alerts
from .delivery import people, subscribers
from .delivery.courier import WebhookCourier
from .delivery.people import PeopleCourier
from .delivery.subscriptions import Subscriptions
from .delivery.webhook import WebhookSender, new_client
from .duty_roll import DutyRoll
from .monitor import Monitor
from .pages import ROUTERS as PAGES
from .pages import pages
from .projection import TELL_WITHIN, MonitorProjection
from .publishing import NotNewer, publish_shipped
from .recipients import Recipients
from .shelf import Shelf
from .shipped import shipped_policies
from .tables import SCHEMA, infra

NAME = "sla-monitor"
CONCURRENCY = 256
COURIERS = 16
# Longer than a receiver may take to answer.
COURIER_LEASE = timedelta(seconds=30)
PROBLEMS: dict[type[Exception], ProblemSpec] = {
    NotNewer: ProblemSpec(409, "version-not-newer", "Not a newer version")
}


class MonitorSettings(Settings):
    """`tell_within_h`: an alert that is older is not told any more, so that no replay rings.
    `private_receivers`: webhooks may go to this machine and into private networks."""

    port: int = 8083
    tell_within_h: float = Field(default=24, gt=0)
    private_receivers: bool = False


OpenLog = Callable[[MonitorSettings], AbstractAsyncContextManager[Log]]


@asynccontextmanager
async def jetstream(settings: MonitorSettings) -> AsyncGenerator[Log]:
    log = await JetStreamLog.connect(settings.nats_url, name=NAME)
    try:
        yield log
    finally:
        await log.close()


def assemble(
    log: Log,
    engine: AsyncEngine,
    vault: Vault,
    clock: Clock,
    tell_within: timedelta = TELL_WITHIN,
) -> tuple[Monitor, TodoRunner]:
    """The parts that work on one log and one database."""
    shelf = Shelf()
    projection = MonitorProjection(shelf, clock, tell_within)
    projector = Projector(projection, log, engine, infra, clock)
    roll = DutyRoll(engine)
    projector.on_commit(roll.follow)
    monitor = Monitor(
        log,
        engine,
        projector,
        clock,
        shelf,
        rows_of(engine),
        roll,
        Recipients(log, engine, vault),
        Subscriptions(log, engine, projector, vault, clock),
        vault,
    )
    # An announcement is one append, which shares its sync with the others under way.
    runner = TodoRunner(
        handlers(monitor), engine, infra, clock, projector=projector, concurrency=CONCURRENCY
    )
    return monitor, runner


def couriers(
    monitor: Monitor, vault: Vault, client: httpx.AsyncClient, *, private: bool
) -> TodoRunner:
    """Who tells of alerts; slow receivers do not hold up those who raise them."""
    sender = WebhookSender(client, monitor.clock, private=private)
    kinds = {
        subscribers.KIND: WebhookCourier(monitor, vault, sender).bring,
        people.KIND: PeopleCourier(monitor).bring,
    }
    return TodoRunner(
        kinds,
        monitor.engine,
        infra,
        monitor.clock,
        projector=monitor.projector,
        lease=COURIER_LEASE,
        concurrency=COURIERS,
    )


def build(
    settings: MonitorSettings, clock: Clock | None = None, open_log: OpenLog = jetstream
) -> FastAPI:
    """The application; nothing is connected before it starts."""
    clock = clock or SystemClock()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        engine = create_engine(settings.database_url, schema=SCHEMA)
        try:
            async with open_log(settings) as log, serving(app, settings, log, engine, clock):
                yield
        finally:
            await engine.dispose()

    app = create_app(
        NAME,
        settings,
        lifespan=lifespan,
        problems=PROBLEMS,
        pages=pages,
        clock=clock,
        examples=load_examples(Path(__file__).with_name("examples.json")),
    )
    for router in (*api.ROUTERS, *PAGES):
        app.include_router(router)
    return app


@asynccontextmanager
async def serving(
    app: FastAPI, settings: MonitorSettings, log: Log, engine: AsyncEngine, clock: Clock
) -> AsyncGenerator[None]:
    """Tables up to date, contracts published, projection and to-do lists at work."""
    vault = Vault(engine, settings.wrapping_key())
    await vault.prepare()
    await upgrade(engine, "sla_monitor", SCHEMA)
    await publish_shipped(log, clock, shipped_policies())
    tell_within = timedelta(hours=settings.tell_within_h)
    monitor, runner = assemble(log, engine, vault, clock, tell_within)
    app.state.monitor = monitor
    async with new_client() as client:
        telling = couriers(monitor, vault, client, private=settings.private_receivers)
        copying = copy_alerts(monitor, log.tell)
        watchdog = Watchdog(
            {
                "projector": monitor.projector.lag_seconds,
                "steps": runner.lag,
                "messages": telling.lag,
            }
        )
        attach(app, log=log, engine=engine, projector=monitor.projector, watchdog=watchdog)
        work = (monitor.projector.run(), runner.run(), telling.run(), copying)
        async with running(watchdog.run(), *work):
            yield


def main() -> None:
    run(build, load_settings(MonitorSettings))
