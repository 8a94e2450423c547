"""The composition root of feedback: everything is built here, inside the lifespan."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from fastapi import FastAPI
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
from .api.wiring import Feedback
from .automation import handlers
from .callbacks import Callbacks
from .confidant import Confidant
from .corrective_actions import CorrectiveActions
from .desk import SERVICE, Unknown
from .officers import Officers
from .pages import ROUTERS as PAGES
from .pages import pages
from .projection import FeedbackProjection
from .queries import Queries
from .store import Store
from .survey_link import SurveyLinks
from .tables import SCHEMA, infra

PROBLEMS: dict[type[Exception], ProblemSpec] = {Unknown: ProblemSpec(404, "not-found", "Not found")}


class FeedbackSettings(Settings):
    port: int = 8084


class ConnectedLog(Log, Protocol):
    """A log that says whether its server is there: readiness depends on it."""

    @property
    def connected(self) -> bool: ...


OpenLog = Callable[[FeedbackSettings], AbstractAsyncContextManager[ConnectedLog]]


@asynccontextmanager
async def jetstream(settings: FeedbackSettings) -> AsyncGenerator[ConnectedLog]:
    log = await JetStreamLog.connect(settings.nats_url, name=SERVICE)
    try:
        yield log
    finally:
        await log.close()


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that works on one log and one database."""

    feedback: Feedback
    projector: Projector
    runner: TodoRunner


def assemble(
    *, log: Log, engine: AsyncEngine, vault: Vault, links: SurveyLinks, clock: Clock
) -> Parts:
    projector = Projector(FeedbackProjection(), log, engine, infra, clock)
    store = Store(log, engine, projector)
    confidant = Confidant(vault)
    callbacks = Callbacks(log, store, confidant)
    feedback = Feedback(
        clock=clock,
        callbacks=callbacks,
        actions=CorrectiveActions(log, store, confidant),
        officers=Officers(log, confidant),
        queries=Queries(engine),
        confidant=confidant,
        links=links,
    )
    runner = TodoRunner(handlers(callbacks, clock), engine, infra, clock, projector=projector)
    return Parts(feedback, projector, runner)


def build(
    settings: FeedbackSettings, clock: Clock | None = None, open_log: OpenLog = jetstream
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
        SERVICE,
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
    app: FastAPI, settings: FeedbackSettings, log: ConnectedLog, engine: AsyncEngine, clock: Clock
) -> AsyncGenerator[None]:
    """Tables up to date, projection and to-do list at work, routes ready to answer."""
    master_key = settings.wrapping_key()
    vault = Vault(engine, master_key)
    await vault.prepare()
    await upgrade(engine, "feedback", SCHEMA)
    parts = assemble(
        log=log, engine=engine, vault=vault, links=SurveyLinks(master_key), clock=clock
    )
    app.state.feedback = parts.feedback
    watchdog = Watchdog({"projector": parts.projector.lag_seconds, "callbacks": parts.runner.lag})
    attach(app, log=log, engine=engine, projector=parts.projector, watchdog=watchdog)
    async with running(watchdog.run(), parts.projector.run(), parts.runner.run()):
        yield


def main() -> None:
    run(build, load_settings(FeedbackSettings))
