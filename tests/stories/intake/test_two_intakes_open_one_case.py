"""Needs NATS and PostgreSQL: two replicas, one log, and the same things sent to both."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import httpx
import pytest

from aftercare_events.catalogue import record
from aftercare_events.catalogue.sla import PolicyPublished
from aftercare_events.jetstream import JetStreamLog
from intake.main import build
from intake.settings import IntakeSettings
from support.intake_desk import DESK, KEYS, MASTER_KEY, REQUEST, SAMPLES
from support.patience import posted

ARCHIVE = {
    "customers/C-1": {"name": "Library"},
    "devices/D-1": {"customer_id": "C-1", "serial": "IT-SRV-01"},
    "contracts/CT-1": {"customer_id": "C-1", "policy": "it-integration", "starts_on": "2024-12-20"},
}


@asynccontextmanager
async def replica(nats_url: str, database_url: str) -> AsyncGenerator[httpx.AsyncClient]:
    settings = IntakeSettings.model_validate(
        {
            "nats_url": nats_url,
            "database_url": database_url,
            "master_key": MASTER_KEY,
            "api_keys": KEYS,
            "lmtp_port": 0,
        }
    )
    app = build(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://127.0.0.1", headers=DESK
        ) as http,
    ):
        yield http


@pytest.fixture
async def replicas(
    nats_url: str, database_url: str, log: JetStreamLog
) -> AsyncIterator[list[httpx.AsyncClient]]:
    for name in ("it-integration", "portal-operations"):
        policy = PolicyPublished(name=name, version=1, policy={})
        await log.append([record(policy, service="sla", time=datetime.now(UTC), actor="sla")])
    async with AsyncExitStack() as stack:
        both = [await stack.enter_async_context(replica(nats_url, database_url)) for _ in range(2)]
        for path, entry in ARCHIVE.items():
            assert (await both[0].put(f"/v1/{path}", json=entry)).status_code == 201
        yield both


async def reported(log: JetStreamLog) -> int:
    count = 0
    async for batch in log.read(subject="ac.intake.case.*"):
        count += sum(one.event.type == "aftercare.case.reported.v1" for one in batch)
    return count


async def test_hundred_posts_with_one_key_are_one_case(
    replicas: list[httpx.AsyncClient], log: JetStreamLog
) -> None:
    key = {"Idempotency-Key": "k1"}
    answers = await asyncio.gather(
        *(posted(replicas[n % 2], "/v1/requests", json=REQUEST, headers=key) for n in range(100))
    )
    assert {answer.status_code for answer in answers} == {202}
    assert len({(a.json()["case_id"], a.json()["position"]) for a in answers}) == 1
    assert sum(not answer.json()["duplicate"] for answer in answers) == 1
    assert await reported(log) == 1


async def test_one_mail_by_two_ways_is_one_case(
    replicas: list[httpx.AsyncClient], log: JetStreamLog
) -> None:
    raw = (SAMPLES / "01-mail-gb18030.eml").read_bytes()
    answers = await asyncio.gather(
        *(replicas[n % 2].post("/v1/emails", content=b"X-Way: %d\r\n" % n + raw) for n in range(8))
    )
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["case_id"] for answer in answers}) == 1
    assert await reported(log) == 1


async def test_what_one_replica_recorded_the_other_soon_knows(
    replicas: list[httpx.AsyncClient], log: JetStreamLog
) -> None:
    await replicas[1].post("/v1/requests", json=REQUEST)
    contract = ARCHIVE["contracts/CT-1"] | {"policy": "portal-operations"}
    await replicas[0].put("/v1/contracts/CT-1", json=contract)
    async with asyncio.timeout(10):
        while True:
            answer = await replicas[1].post("/v1/requests", json=REQUEST)
            newest = await log.last(f"ac.intake.case.{answer.json()['case_id']}")
            if newest and b"portal-operations" in bytes(newest.event.data):
                return
            await asyncio.sleep(0.02)


async def test_attachments_survive_in_the_object_store(
    replicas: list[httpx.AsyncClient],
) -> None:
    raw = (SAMPLES / "04-mail-quoted-printable-attachment.eml").read_bytes()
    said = (await replicas[0].post("/v1/emails", content=raw)).json()
    path = f"/v1/cases/{said['case_id']}/attachments/2"
    answer = await replicas[1].get(path, params={"min_position": said["position"]})
    assert answer.content == raw
