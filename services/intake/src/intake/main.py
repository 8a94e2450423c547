"""The composition root of intake: everything is built here, inside the lifespan."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import structlog
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.attachments import Attachments
from aftercare_events.background import running
from aftercare_events.clock import Clock, SystemClock
from aftercare_events.jetstream import JetStreamLog
from aftercare_events.log import Log
from aftercare_events.objects import ObjectStore
from aftercare_events.projector import Projector
from aftercare_events.sql import create_engine, upgrade
from aftercare_events.vault import Vault
from aftercare_events.watchdog import Watchdog
from aftercare_http import (
    Settings,
    attach,
    create_app,
    load_examples,
    load_settings,
    run,
)

from . import lmtp, tables
from .api import pages as report_pages
from .api.routes import BODY_LIMITS, PROBLEMS, ROUTES
from .archive import Archive
from .background import Background, Lags
from .calls import Switchboard
from .cases import Cases
from .erasing import Erasure
from .fax.by_mail import Gateways
from .fax.checking import FaxChecking
from .fax.receive import FaxRoom
from .follow_ups import FollowUps
from .listening import forget_on_change
from .mail.receive import Mailroom
from .parts import Intake
from .phone.callers import Callers
from .phone.mapping import load_mappings
from .phone.return_calls import ReturnCalls
from .projection import IntakeProjection
from .quarantine import Quarantine
from .register import Register
from .requests import Door
from .sealing import Discretion
from .settings import IntakeSettings
from .splitting import Splitter
from .status_link import StatusLinks
from .verification import Verifier
from .web.counter import Counter
from .web.form_token import FormTokens
from .web.turnstile import Turnstile
from .workshop import Workshop

SERVICE = "intake"
logger: structlog.stdlib.BoundLogger = structlog.get_logger("intake")


class ConnectedLog(Log, Protocol):
    """A log that says whether its server is there: readiness depends on it."""

    @property
    def connected(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Stores:
    """The log, and the files kept beside it."""

    log: ConnectedLog
    objects: ObjectStore


OpenStores = Callable[[Settings], AbstractAsyncContextManager[Stores]]


@asynccontextmanager
async def jetstream(settings: Settings) -> AsyncGenerator[Stores]:
    log = await JetStreamLog.connect(settings.nats_url, name=SERVICE)
    try:
        yield Stores(log, log.objects())
    finally:
        await log.close()


def assemble(
    stores: Stores, settings: IntakeSettings, *, engine: AsyncEngine, vault: Vault, clock: Clock
) -> Intake:
    """All parts of intake on a given log and database."""
    log = stores.log
    acknowledging = clock if settings.sends_mail else None
    projection = IntakeProjection(timedelta(hours=settings.duplicates_within_h), acknowledging)
    projector = Projector(projection, log, engine, tables.infra, clock)
    known = Archive(engine, vault)
    discretion = Discretion(vault, known)
    kept = Attachments(vault, stores.objects)
    door = Door(log, known, projector, discretion, settings.fallback_policy)
    open_cases = Cases(log, engine, projector, discretion)
    register, workshop = Register(log, vault), Workshop()
    follow_ups = FollowUps(log, open_cases, known, door, discretion, vault)
    faxroom = FaxRoom(log, door, discretion, kept, workshop)
    return Intake(
        log=log,
        engine=engine,
        projector=projector,
        clock=clock,
        vault=vault,
        archive=known,
        register=register,
        discretion=discretion,
        door=door,
        switchboard=Switchboard(log, door, open_cases, discretion),
        return_calls=ReturnCalls(log, engine),
        callers=Callers(engine, known),
        call_mappings=load_mappings(settings.call_mappings),
        mailroom=Mailroom(
            log,
            door,
            open_cases,
            discretion,
            kept,
            workshop,
            faxroom,
            Gateways(settings.fax_gateways),
        ),
        faxroom=faxroom,
        fax_checking=FaxChecking(
            log, engine, projector, open_cases, known, settings.fallback_policy
        ),
        cases=open_cases,
        follow_ups=follow_ups,
        attachments=kept,
        erasure=Erasure(log, engine, vault),
        links=StatusLinks(settings.wrapping_key(), settings.public_url),
        workshop=workshop,
        verifier=Verifier(open_cases, known, register, vault, settings.fallback_policy),
        splitter=Splitter(log, engine, open_cases, door, discretion, vault),
        quarantine=Quarantine(log, door, discretion),
        counter=Counter(log, door, open_cases, follow_ups, discretion, kept),
        form_tokens=FormTokens(
            settings.wrapping_key(), timedelta(seconds=settings.form_shortest_s), clock.now
        ),
        sending=Turnstile(settings.forms_per_minute, settings.forms_per_minute_together, clock.now),
        looking=Turnstile(settings.looks_per_minute, settings.looks_per_minute_together, clock.now),
    )


def build(
    settings: IntakeSettings, clock: Clock | None = None, open_stores: OpenStores = jetstream
) -> FastAPI:
    """The application; nothing is connected before it starts."""
    clock = clock or SystemClock()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        engine = create_engine(settings.database_url, schema=tables.SCHEMA)
        try:
            async with (
                open_stores(settings) as stores,
                serving(app, settings, stores, engine, clock),
            ):
                yield
        finally:
            await engine.dispose()

    app = create_app(
        SERVICE,
        settings,
        lifespan=lifespan,
        problems=PROBLEMS,
        pages=report_pages.pages,
        body_limits=BODY_LIMITS,
        clock=clock,
        examples=load_examples(Path(__file__).with_name("examples.json")),
    )
    for module in ROUTES:
        app.include_router(module.router)
    return app


@asynccontextmanager
async def serving(
    app: FastAPI, settings: IntakeSettings, stores: Stores, engine: AsyncEngine, clock: Clock
) -> AsyncGenerator[None]:
    """Tables up to date, projection and mail door at work, routes ready to answer."""
    vault = Vault(engine, settings.wrapping_key())
    await vault.prepare()
    await upgrade(engine, "intake", tables.SCHEMA)
    intake = assemble(stores, settings, engine=engine, vault=vault, clock=clock)
    app.state.intake = intake
    projector = intake.projector
    background = Background(intake, settings) if settings.role != "web" else None
    lags: Lags = background.lags() if background else {}
    watchdog = Watchdog({"projector": projector.lag_seconds, **lags})
    attach(app, log=stores.log, engine=engine, projector=projector, watchdog=watchdog)
    work = [watchdog.run(), forget_on_change(settings.database_url, intake.archive)]
    work += [projector.run(), *background.runs()] if background else [projector.watch()]
    async with running(*work), doors(lmtp.MailDoor(intake.mailroom, clock), settings):
        yield


@asynccontextmanager
async def doors(door: lmtp.MailDoor, settings: IntakeSettings) -> AsyncGenerator[None]:
    """Where mail comes in, but to a worker."""
    kinds = ((lmtp.LmtpDoor, settings.lmtp_port), (lmtp.SmtpDoor, settings.smtp_port))
    async with AsyncExitStack() as open_doors:
        for kind, port in kinds if settings.role != "worker" else ():
            if port is not None:
                listening = lmtp.listening(door, settings.lmtp_host, port, kind)
                await open_doors.enter_async_context(listening)
        yield


def main() -> None:
    run(build, load_settings(IntakeSettings))
