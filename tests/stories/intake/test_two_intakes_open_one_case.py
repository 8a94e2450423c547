"""Needs NATS and PostgreSQL: two replicas, one log, and the same things sent to both."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from aftercare_events.jetstream import JetStreamLog
from support.intake_desk import REQUEST, SAMPLES
from support.intake_replicas import ARCHIVE, reported, two_replicas
from support.patience import posted


@pytest.fixture
async def replicas(
    nats_url: str, database_url: str, log: JetStreamLog
) -> AsyncIterator[list[httpx.AsyncClient]]:
    async with two_replicas(nats_url, database_url, log) as both:
        yield both


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
