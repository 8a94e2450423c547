"""A monitor on a log and a database, with time moved by hand and other services played."""

import base64
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events import catalogue
from aftercare_events.catalogue.case import CaseReported
from aftercare_events.catalogue.sla import AlertRaised
from aftercare_events.clock import ManualClock
from aftercare_events.log import Log
from aftercare_events.memory import MemoryLog
from aftercare_events.sql import create_engine, upgrade
from aftercare_events.todo import TodoRunner
from aftercare_events.vault import Vault
from sla_monitor.main import MonitorSettings, assemble, build
from sla_monitor.monitor import Monitor
from sla_monitor.publishing import publish_shipped
from sla_monitor.shipped import shipped_policies
from sla_monitor.tables import SCHEMA

CASE = "4F7K-Q2M9"
MASTER_KEY = base64.b64encode(b"m" * 32).decode()
KEYS = "boss=boss-key-1:*;reader=reader-key-1:sla:read"
BOSS = {"Authorization": "Bearer boss-key-1"}
READER = {"Authorization": "Bearer reader-key-1"}
# Monday 2026-11-02 08:00 in Shanghai
MORNING = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)


def fault(case_id: str = CASE, **changes: Any) -> CaseReported:
    """Level 2, on a device in the city, under it-integration; nobody has touched it."""
    values: dict[str, Any] = {
        "kind": "fault",
        "channel": "web",
        "policy": "it-integration",
        "severity": "2",
        "category": "network",
        "place": "local",
        "device_id": "IT-SW-01",
        "customer_id": "C-INTEGRATION",
        "summary": "core switch restarts",
    }
    return CaseReported(case_id=case_id, **(values | changes))


@dataclass(slots=True)
class Replica:
    """One process of the monitor, worked by hand."""

    monitor: Monitor
    runner: TodoRunner

    async def work(self) -> None:
        """Project and do what is due until nothing is left to do."""
        await self.monitor.projector.catch_up()
        while await self.runner.run_due():
            await self.monitor.projector.catch_up()


@dataclass(slots=True)
class Company:
    log: Log
    clock: ManualClock
    engine: AsyncEngine
    vault: Vault

    def replica(self) -> Replica:
        return Replica(*assemble(self.log, self.engine, self.vault, self.clock))

    async def say(
        self, fact: msgspec.Struct, *, service: str = "dispatch", at: datetime | None = None
    ) -> int:
        """Let another service record that something happened; now, unless `at` is given."""
        time = at or self.clock.now()
        event = catalogue.record(fact, service=service, time=time, actor="somebody")
        return await self.log.append([event])

    async def pass_time(self, replica: Replica, until: datetime, step: timedelta) -> None:
        """Let time pass with the monitor awake."""
        while self.clock.now() < until:
            await self.clock.advance(step)
            await replica.work()

    async def alerts(self) -> list[AlertRaised]:
        """Everything that was ever raised, in the order of the log."""
        return [
            catalogue.decode(recorded.event)
            async for batch in self.log.read()
            for recorded in batch
            if recorded.event.type == "aftercare.case.alert_raised.v1"
        ]


@asynccontextmanager
async def company(log: Log, database_url: str) -> AsyncGenerator[Company]:
    """The contracts are published; nothing has happened yet."""
    engine = create_engine(database_url, schema=SCHEMA)
    clock = ManualClock(MORNING)
    try:
        await upgrade(engine, "sla_monitor", SCHEMA)
        await publish_shipped(log, clock, shipped_policies())
        vault = Vault(engine, bytes(32))
        await vault.prepare()
        yield Company(log, clock, engine, vault)
    finally:
        await engine.dispose()


@dataclass(slots=True)
class Served:
    """The monitor as its callers see it, on the log's twin, with its worker at work."""

    http: httpx.AsyncClient
    log: MemoryLog
    clock: ManualClock

    async def say(
        self, *facts: msgspec.Struct, service: str = "intake", at: datetime | None = None
    ) -> int:
        time = at or self.clock.now()
        events = [
            catalogue.record(fact, service=service, time=time, actor="somebody") for fact in facts
        ]
        return await self.log.append(events)

    async def rung(self, count: int) -> int:
        """Wait until that many alerts have been raised; the position of the last of them."""
        async for batch in self.log.read(subject="ac.sla.case.*", follow=True):
            for recorded in batch:
                count -= recorded.event.type == "aftercare.case.alert_raised.v1"
                if count == 0:
                    return recorded.position
        raise AssertionError("the log ended")

    async def promised(self, *case_ids: str) -> None:
        """Wait until the monitor said by itself what these new cases were promised."""
        awaited = {*case_ids}
        async for batch in self.log.read(subject="ac.sla.case.*", follow=True):
            for recorded in batch:
                if recorded.event.type == "aftercare.case.promised.v1":
                    awaited.discard(catalogue.decode(recorded.event).case_id)
            if not awaited:
                return

    async def said(self, name: str, alert_id: str) -> int:
        """Wait until that was said of an alert; the position."""
        async for batch in self.log.read(subject="ac.sla.case.*", follow=True):
            for recorded in batch:
                event = recorded.event
                is_it = event.type == f"aftercare.case.{name}.v1"
                if is_it and catalogue.decode(event).alert_id == alert_id:
                    return recorded.position
        raise AssertionError("the log ended")


@asynccontextmanager
async def served(database_url: str) -> AsyncGenerator[Served]:
    log, clock = MemoryLog(), ManualClock(MORNING)

    @asynccontextmanager
    async def open_log(_: MonitorSettings) -> AsyncGenerator[MemoryLog]:
        yield log

    settings = MonitorSettings(
        database_url=database_url,
        api_keys=KEYS,
        master_key=MASTER_KEY,
        log_format="console",
        private_receivers=True,
    )
    app = build(settings, clock, open_log)
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=BOSS) as http,
    ):
        yield Served(http, log, clock)
