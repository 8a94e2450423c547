"""A running dispatch service, and the rest of the company as it sees it: the log."""

import asyncio
import base64
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec
from fastapi import FastAPI

from aftercare_events import catalogue
from aftercare_events.catalogue.sla import PolicyPublished
from aftercare_events.clock import Clock, ManualClock
from aftercare_events.envelope import Event
from aftercare_events.log import whole
from aftercare_events.memory import MemoryLog
from aftercare_events.objects import LogWithObjects
from dispatch.main import DispatchSettings, build
from support.dispatch_cases import START, reported

MASTER_KEY = base64.b64encode(b"m" * 32).decode()
KEYS = (
    "boss=boss-key-1:*;writer=writer-key-1:dispatch:write;reader=reader-key-1:dispatch:read"
    ";E-1=engineer-key-1:dispatch:read,dispatch:write"
)
BOSS = {"Authorization": "Bearer boss-key-1"}
WRITER = {"Authorization": "Bearer writer-key-1"}
READER = {"Authorization": "Bearer reader-key-1"}
BEIJING = {"latitude": 39.9042, "longitude": 116.4074}
SHANGHAI = {"latitude": 31.2304, "longitude": 121.4737}


@dataclass(frozen=True, slots=True)
class Company:
    app: FastAPI
    http: httpx.AsyncClient
    log: LogWithObjects
    clock: ManualClock

    async def say(self, *facts: msgspec.Struct, service: str = "intake") -> int:
        """Let another service say something now."""
        position = 0
        for fact in facts:
            event = catalogue.record(fact, service=service, time=self.clock.now(), actor="somebody")
            position = await self.log.append([event])
        return position

    async def contract(self, **terms: Any) -> int:
        """The contract of `reported`, with what it says besides its severities."""
        document = {"severities": [{"id": name} for name in "1234"], "terms": terms}
        return await self.say(
            PolicyPublished(name="it-integration", version=1, policy=document), service="sla"
        )

    async def report(self, case_id: str, **changes: Any) -> int:
        return await self.say(msgspec.structs.replace(reported(**changes), case_id=case_id))

    async def off_duty(self, *engineer_ids: str) -> None:
        """Engineers whom nobody sends by themselves."""
        for engineer_id in engineer_ids:
            await self.engineer(engineer_id)
            await self.put(f"/v1/rosters/{engineer_id}", around_the_clock=False)

    async def engineer(self, engineer_id: str, **entry: Any) -> None:
        await self.put(f"/v1/engineers/{engineer_id}", **entry)

    async def unit(self, unit_id: str, **changes: Any) -> None:
        entry = {"depot_id": "DP-1", "model": "S7706", "category": "network", "grade": 2}
        await self.put(f"/v1/units/{unit_id}", **(entry | changes))

    async def case(self, case_id: str) -> Any:
        return await self.get(f"/v1/cases/{case_id}")

    async def post(self, path: str, status: int = 200, **body: Any) -> Any:
        answer = await self.http.post(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def refused(self, path: str, code: str, status: int = 409, **body: Any) -> None:
        problem = await self.post(path, status, **body)
        assert problem["type"] == f"/problems/{code}", problem

    async def put(self, path: str, status: int = 200, **body: Any) -> Any:
        answer = await self.http.put(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def get(self, path: str, status: int = 200) -> Any:
        """What is read once everything said so far is visible."""
        mark = "&" if "?" in path else "?"
        answer = await self.http.get(f"{path}{mark}min_position={await self.log.end()}")
        assert answer.status_code == status, answer.text
        return answer.json()

    async def events(self, aggregate: str, identifier: str) -> Sequence[Event]:
        return [
            recorded.event
            async for batch in self.log.read(subject=whole(aggregate, identifier))
            for recorded in batch
        ]

    async def types(self, aggregate: str, identifier: str) -> list[str]:
        """What has been said about an aggregate, by the names of the events."""
        return [one.type.split(".")[2] for one in await self.events(aggregate, identifier)]

    async def said(self, event: str, aggregate: str, identifier: str) -> None:
        """Wait until something has been said about an aggregate."""
        async with asyncio.timeout(20):
            async for _ in self.log.read(subject=whole(aggregate, identifier), follow=True):
                if event in await self.types(aggregate, identifier):
                    return

    async def until(self, case_id: str, fits: Callable[[Any], bool]) -> Any:
        """The case once it is as it should become by itself."""
        async with asyncio.timeout(20):
            async for _ in self.log.read(follow=True):
                if fits(case := await self.case(case_id)):
                    return case
        raise AssertionError("the log ended")


OpenLog = Callable[[Any], AbstractAsyncContextManager[Any]]


@asynccontextmanager
async def replica(
    database_url: str, open_log: OpenLog, clock: Clock
) -> AsyncGenerator[tuple[FastAPI, httpx.AsyncClient]]:
    """One replica of the service, asked over HTTP as somebody who may do everything."""
    settings = DispatchSettings(
        database_url=database_url, api_keys=KEYS, master_key=MASTER_KEY, log_format="console"
    )
    app = build(settings, clock, open_log)
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", headers=BOSS, timeout=30
        ) as http,
    ):
        yield app, http


@asynccontextmanager
async def company(database_url: str) -> AsyncGenerator[Company]:
    """Dispatch on an empty log and database, at the time of `dispatch_cases.START`."""
    log, clock = MemoryLog(), ManualClock(START)

    @asynccontextmanager
    async def open_log(_: object) -> AsyncGenerator[MemoryLog]:
        yield log

    async with replica(database_url, open_log, clock) as (app, http):
        yield Company(app, http, log, clock)
