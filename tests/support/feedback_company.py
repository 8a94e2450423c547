"""A running feedback service on the log's twin and a real database, with cases to call about."""

import base64
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import msgspec
from fastapi import FastAPI

from aftercare_events import catalogue
from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.engineer import EngineerRegistered
from aftercare_events.clock import ManualClock
from aftercare_events.envelope import Event
from aftercare_events.log import Log, whole
from aftercare_events.memory import MemoryLog
from feedback.main import ConnectedLog, FeedbackSettings, build
from support.feedback_cases import CASE, START, assigned, reported

MASTER_KEY = base64.b64encode(b"m" * 32).decode()
KEYS = "boss=boss-key-1:*;officer=officer-key-1:feedback:write;reader=reader-key-1:dispatch:read"
BOSS = {"Authorization": "Bearer boss-key-1"}
OFFICER_KEY = {"Authorization": "Bearer officer-key-1"}
READER = {"Authorization": "Bearer reader-key-1"}
PHONE = "138 0013 8000"


def service_of(fact: msgspec.Struct) -> str:
    """Who says such a thing."""
    return "intake" if isinstance(fact, c.CaseReported | c.CaseWithdrawn) else "dispatch"


@dataclass(frozen=True, slots=True)
class Company:
    """The service as its callers see it, and the rest of the company as it sees it: the log."""

    app: FastAPI
    http: httpx.AsyncClient
    log: Log
    clock: ManualClock

    async def say(self, *facts: msgspec.Struct) -> int:
        """Let other services say something, one minute after the other."""
        position = 0
        for fact in facts:
            await self.clock.advance(timedelta(minutes=1))
            event = catalogue.record(
                fact, service=service_of(fact), time=self.clock.now(), actor="somebody"
            )
            position = await self.log.append([event])
        return position

    async def resolve(self, case_id: str = CASE, **changes: Any) -> str:
        """A case of engineer E-1 that was just resolved; the id of its callback."""
        await self.say(
            EngineerRegistered(engineer_id="E-1", department="field-service"),
            reported(case_id, contact=await self.contact(), **changes),
            assigned(case_id=case_id),
            c.CaseResolved(case_id=case_id, resolution="fuse replaced"),
        )
        return await self.callback_of(case_id)

    async def contact(self) -> Any:
        return await self.app.state.feedback.confidant._vault.seal(
            "person-1", {"name": "王芳", "phone": PHONE}
        )

    async def callback_of(self, case_id: str = CASE, cycle: int = 1) -> str:
        """Wait until the callback is scheduled and visible."""
        callback_id = f"CB-{case_id}-{cycle}"
        await self.said("callback", callback_id)
        return callback_id

    async def said(self, aggregate: str, identifier: str, count: int = 1) -> Sequence[Event]:
        """Wait until `count` things were said about an aggregate, and are visible."""
        async for batch in self.log.read(subject=whole(aggregate, identifier), follow=True):
            events = [recorded.event for recorded in batch]
            if len(events) >= count:
                await self.get(f"/v1/callbacks?min_position={batch[-1].position}")
                return events
            count -= len(events)
        raise AssertionError("the log ended")

    async def types(self, aggregate: str, identifier: str) -> list[str]:
        """What has been said about an aggregate, by the names of the events."""
        subject = whole(aggregate, identifier)
        return [
            recorded.event.type.split(".")[2]
            async for batch in self.log.read(subject=subject)
            for recorded in batch
        ]

    async def get(self, path: str, **options: Any) -> Any:
        answer = await self.http.get(path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, status: int = 200, **body: Any) -> Any:
        answer = await self.http.post(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()


@asynccontextmanager
async def company(
    database_url: str, log: ConnectedLog | None = None, clock: ManualClock | None = None
) -> AsyncGenerator[Company]:
    """Feedback at nine o'clock on a Monday; on the log's twin unless a log is given."""
    log, clock = log or MemoryLog(), clock or ManualClock(START)

    @asynccontextmanager
    async def open_log(_: FeedbackSettings) -> AsyncGenerator[ConnectedLog]:
        yield log

    settings = FeedbackSettings(
        database_url=database_url, api_keys=KEYS, master_key=MASTER_KEY, log_format="console"
    )
    app = build(settings, clock, open_log)
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=BOSS) as http,
    ):
        yield Company(app, http, log, clock)
