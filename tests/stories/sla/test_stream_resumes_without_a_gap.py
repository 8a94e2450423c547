"""The escalation stream over real HTTP: it resumes by log position, and filters (SSE)."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
import uvicorn
from httpx_sse import ServerSentEvent, aconnect_sse

from aftercare_events import catalogue
from aftercare_events.clock import ManualClock
from aftercare_events.jetstream import JetStreamLog
from sla_monitor.main import MonitorSettings, build
from support.monitors import BOSS, CASE, KEYS, MASTER_KEY, MORNING, fault
from support.servers import free_port


@asynccontextmanager
async def listening(
    nats_url: str, database_url: str, clock: ManualClock
) -> AsyncGenerator[httpx.AsyncClient]:
    """The monitor on a port of its own, and a client of it."""
    port = free_port()
    settings = MonitorSettings(
        nats_url=nats_url,
        database_url=database_url,
        api_keys=KEYS,
        master_key=MASTER_KEY,
        port=port,
    )
    server = uvicorn.Server(uvicorn.Config(build(settings, clock), port=port, log_config=None))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.02)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=BOSS) as client:
        yield client
    server.should_exit = server.force_exit = True
    await running


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MORNING)


@pytest.fixture
async def http(
    nats_url: str, database_url: str, clock: ManualClock
) -> AsyncIterator[httpx.AsyncClient]:
    async with listening(nats_url, database_url, clock) as client:
        yield client


async def heard(
    http: httpx.AsyncClient, count: int, query: str = "", after: int | None = None
) -> list[ServerSentEvent]:
    """The first `count` events of the stream, from the beginning or after a position."""
    headers = {} if after is None else {"Last-Event-ID": str(after)}
    path = f"/v1/alerts/stream{query}"
    async with asyncio.timeout(30), aconnect_sse(http, "GET", path, headers=headers) as source:
        events: list[ServerSentEvent] = []
        async for event in source.aiter_sse():
            events.append(event)
            if len(events) == count:
                return events
    raise AssertionError("the stream ended")


def steps(events: list[ServerSentEvent]) -> list[tuple[str, Any]]:
    return [(json.loads(e.data)["clock"], json.loads(e.data)["step"]) for e in events]


async def report(log: JetStreamLog, clock: ManualClock) -> None:
    event = catalogue.record(fault(), service="intake", time=clock.now(), actor="desk")
    await log.append([event])


async def test_reader_who_comes_back_misses_nothing(
    http: httpx.AsyncClient, log: JetStreamLog, clock: ManualClock
) -> None:
    await report(log, clock)
    await clock.advance(timedelta(minutes=10))
    first = await heard(http, 1, after=0)
    await clock.advance(timedelta(minutes=5))

    rest = await heard(http, 3, after=int(first[0].id))

    everything = await heard(http, 4, after=0)
    assert [event.id for event in first + rest] == [event.id for event in everything]
    assert steps(everything) == [
        ("contact", step) for step in ("engineer", "pm", "leadership", "executive")
    ]
    assert json.loads(everything[0].data)["case_id"] == CASE


async def test_stream_without_a_position_begins_now(
    http: httpx.AsyncClient, log: JetStreamLog, clock: ManualClock
) -> None:
    await report(log, clock)
    await clock.advance(timedelta(minutes=8))
    await heard(http, 2, after=0)

    async with aconnect_sse(http, "GET", "/v1/alerts/stream") as source:
        await clock.advance(timedelta(minutes=2))
        async with asyncio.timeout(30):
            first = await anext(source.aiter_sse())

    assert steps([first]) == [("contact", "leadership")]


async def test_rank_filter_lets_only_that_rank_through(
    http: httpx.AsyncClient, log: JetStreamLog, clock: ManualClock
) -> None:
    await report(log, clock)
    await clock.advance(timedelta(minutes=15))

    assert steps(await heard(http, 2, "?min_step=leadership", after=0)) == [
        ("contact", "leadership"),
        ("contact", "executive"),
    ]
    assert steps(await heard(http, 1, "?audience=pm", after=0)) == [("contact", "pm")]


async def test_position_that_is_none_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.get("/v1/alerts/stream", headers={"Last-Event-ID": "newest"})
    assert (answer.status_code, answer.json()["field"]) == (422, "Last-Event-ID")
