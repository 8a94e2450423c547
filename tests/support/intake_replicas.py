"""Replicas of intake on real servers, with a small archive."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx

from aftercare_events.catalogue import record
from aftercare_events.catalogue.sla import PolicyPublished
from aftercare_events.clock import Clock
from aftercare_events.jetstream import JetStreamLog
from intake.main import build
from intake.settings import IntakeSettings
from support.intake_desk import DESK, KEYS, MASTER_KEY

ARCHIVE = {
    "customers/C-1": {"name": "Library"},
    "devices/D-1": {"customer_id": "C-1", "serial": "IT-SRV-01"},
    "contracts/CT-1": {"customer_id": "C-1", "policy": "it-integration", "starts_on": "2024-12-20"},
}


@asynccontextmanager
async def replica(
    nats_url: str, database_url: str, clock: Clock | None = None, **more: Any
) -> AsyncGenerator[httpx.AsyncClient]:
    settings = IntakeSettings.model_validate(
        {
            "nats_url": nats_url,
            "database_url": database_url,
            "master_key": MASTER_KEY,
            "api_keys": KEYS,
            "lmtp_port": 0,
            "read_faxes": False,
            **more,
        }
    )
    app = build(settings, clock)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://127.0.0.1", headers=DESK
        ) as http,
    ):
        yield http


@asynccontextmanager
async def two_replicas(
    nats_url: str, database_url: str, log: JetStreamLog, clock: Clock | None = None
) -> AsyncGenerator[list[httpx.AsyncClient]]:
    for name in ("it-integration", "portal-operations"):
        policy = PolicyPublished(name=name, version=1, policy={})
        await log.append([record(policy, service="sla", time=datetime.now(UTC), actor="sla")])
    async with AsyncExitStack() as stack:
        both = [
            await stack.enter_async_context(replica(nats_url, database_url, clock))
            for _ in range(2)
        ]
        for path, entry in ARCHIVE.items():
            assert (await both[0].put(f"/v1/{path}", json=entry)).status_code == 201
        yield both


async def reported(log: JetStreamLog) -> int:
    count = 0
    async for batch in log.read(subject="ac.intake.case.*"):
        count += sum(one.event.type == "aftercare.case.reported.v1" for one in batch)
    return count
