"""A running intake on the log's twin and a real database, with a small archive."""

import asyncio
import base64
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import jwt
import msgspec
from fastapi import FastAPI

from aftercare_events import catalogue
from aftercare_events.catalogue.sla import CasePromised, PolicyPublished, PromisedTime
from aftercare_events.clock import ManualClock
from aftercare_events.envelope import Event
from aftercare_events.memory import MemoryLog
from aftercare_events.objects import MemoryObjects
from aftercare_http import Settings
from intake.main import Stores, build
from intake.parts import Intake
from intake.settings import IntakeSettings

SAMPLES = Path(__file__).parents[2] / "samples"
MASTER_KEY = base64.b64encode(b"m" * 32).decode()
KEYS = (
    "boss=boss-key-1:*;desk=desk-key-1:intake:write;"
    "other=other-key-1:intake:write;reader=reader-key-1:dispatch:read;"
    "historian=history-key-1:history:read"
)
JWT_SECRET = "a secret of the identity provider, long enough"
DESK = {"Authorization": "Bearer desk-key-1"}
OTHER = {"Authorization": "Bearer other-key-1"}
BOSS = {"Authorization": "Bearer boss-key-1"}
HISTORIAN = {"Authorization": "Bearer history-key-1"}
READER = {"Authorization": "Bearer reader-key-1"}
START = datetime(2026, 11, 2, 1, tzinfo=UTC)

ARCHIVE: dict[str, dict[str, Any]] = {
    "customers/C-1": {"name": "Library"},
    "customers/C-2": {"name": "Square"},
    "sites/S-1": {"customer_id": "C-1", "name": "main", "place": "local", "distance_km": 7},
    "sites/S-2": {"customer_id": "C-1", "name": "branch", "place": "other", "distance_km": 66},
    "devices/D-1": {
        "customer_id": "C-1",
        "site_id": "S-1",
        "serial": "IT-SRV-01",
        "category": "device",
        "accepted_on": "2024-12-20",
    },
    "contracts/CT-1": {"customer_id": "C-1", "policy": "it-integration", "starts_on": "2024-12-20"},
    "contacts/P-1": {
        "customer_id": "C-1",
        "name": "李静",
        "phones": ["+86 138 5550 0119"],
        "emails": ["li.jing@citylibrary.example"],
    },
    "contacts/P-2": {
        "customer_id": "C-1",
        "name": "王五",
        "phones": ["+86 138 5550 0120"],
        "authorised": False,
    },
}
POLICY = PolicyPublished(
    name="it-integration",
    version=4,
    policy={
        "severities": [{"id": level, "wording": {"zh": "级", "en": "level"}} for level in "1234"],
        "warranty": [{"years": 5, "starts": "acceptance"}],
    },
)
REQUEST: dict[str, Any] = {
    "channel": "phone",
    "kind": "fault",
    "customer_id": "C-1",
    "device_serial": "IT-SRV-01",
    "severity": "2",
    "summary": "server does not start",
    "description": "all disks show red",
    "contact": {"name": "李静", "phone": "13855500119"},
    "use_affected": True,
}
CALL: dict[str, Any] = {
    "call_id": "1760232005.1187",
    "direction": "inbound",
    "caller": "+86 138 5550 0119",
    "agent": "agent-07",
    "started_at": "2026-11-02T08:50:05+08:00",
    "answered_at": "2026-11-02T08:50:17+08:00",
    "ended_at": "2026-11-02T08:54:41+08:00",
    "outcome": "answered",
}


def of_customer(customer_id: Any, scope: str = "intake:write") -> dict[str, str]:
    """The token of the portal of one customer."""
    claims = {"sub": "portal", "scope": scope, "exp": time.time() + 3600}
    token = jwt.encode(claims | {"customer_id": customer_id}, JWT_SECRET, "HS256")
    return {"Authorization": f"Bearer {token}"}


@dataclass(frozen=True, slots=True)
class Desk:
    """Intake as its callers see it, the log behind it, and a clock to move."""

    app: FastAPI
    http: httpx.AsyncClient
    log: MemoryLog
    clock: ManualClock

    @property
    def intake(self) -> Intake:
        return self.app.state.intake

    async def request(self, key: str | None = None, **changes: Any) -> httpx.Response:
        headers = {} if key is None else {"Idempotency-Key": key}
        return await self.http.post("/v1/requests", json=REQUEST | changes, headers=headers)

    async def mail(self, raw: bytes) -> httpx.Response:
        headers = {"Content-Type": "message/rfc822"}
        return await self.http.post("/v1/emails", content=raw, headers=headers)

    async def case(self, answer: httpx.Response) -> dict[str, Any]:
        """The case that an answer names, once it can be read."""
        said = answer.json()
        shown = await self.http.get(
            f"/v1/cases/{said['case_id']}", params={"min_position": said["position"]}
        )
        assert shown.status_code == 200, shown.text
        return shown.json()

    async def events(self, kind: str = "") -> list[Event]:
        """What the log holds, of types that contain `kind`."""
        batches: AsyncIterator[Any] = self.log.read()
        return [
            recorded.event
            async for batch in batches
            for recorded in batch
            if kind in recorded.event.type
        ]

    async def said(self, aggregate: str, count: int) -> list[Any]:
        """The first facts that intake says of an aggregate, waited for."""
        facts: list[Any] = []
        subject = f"ac.intake.{aggregate}.*"
        async with (
            asyncio.timeout(10),
            aclosing(self.log.read(subject=subject, follow=True)) as batches,
        ):
            async for batch in batches:
                facts += [catalogue.decode(recorded.event) for recorded in batch]
                if len(facts) >= count:
                    break
        return facts

    async def publish(self, policy: PolicyPublished = POLICY) -> None:
        """Let sla-monitor publish a policy, and wait until intake knows it."""
        event = catalogue.record(policy, service="sla", time=self.clock.now(), actor="sla")
        position = await self.log.append([event])
        assert await self.intake.projector.wait_for(position)
        self.intake.archive.forget()

    async def promise(self, case_id: str, *times: PromisedTime) -> int:
        """Let sla-monitor say what the case was promised; the position."""
        said = CasePromised(
            case_id=case_id, policy=POLICY.name, policy_version=POLICY.version, promised=times
        )
        return await self.say(said, service="sla")

    async def say(self, fact: msgspec.Struct, service: str = "dispatch") -> int:
        """Let another service say something now; the position."""
        event = catalogue.record(fact, service=service, time=self.clock.now(), actor=service)
        return await self.log.append([event])

    async def load(self, archive: dict[str, dict[str, Any]] = ARCHIVE) -> None:
        """Put the entries, those that others name before them."""
        for kinds in (("customers",), ("sites", "contracts", "contacts"), ("devices",)):
            answers = await asyncio.gather(
                *(
                    self.http.put(f"/v1/{path}", json=entry)
                    for path, entry in archive.items()
                    if path.startswith(kinds)
                )
            )
            assert all(answer.status_code in (200, 201) for answer in answers)


@asynccontextmanager
async def desk(database_url: str, **changes: Any) -> AsyncGenerator[Desk]:
    """Faxes are read only where a test is about it: it takes seconds."""
    log, clock = MemoryLog(), ManualClock(START)

    @asynccontextmanager
    async def in_memory(_: Settings) -> AsyncGenerator[Stores]:
        yield Stores(log, MemoryObjects())

    values: dict[str, Any] = {
        "database_url": database_url,
        "master_key": MASTER_KEY,
        "api_keys": KEYS,
        "jwt_secret": JWT_SECRET,
        "lmtp_port": 0,
        "read_faxes": False,
        "fax_gateways": "fax@gateway.example, @fax.example",
    }
    settings = IntakeSettings.model_validate(values | changes)
    app = build(settings, clock, in_memory)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=True),
            base_url="http://127.0.0.1",
            headers=DESK,
        ) as http,
    ):
        yield Desk(app, http, log, clock)


def fields(event: Event) -> dict[str, Any]:
    """The data of an event as it stands in the log."""
    return msgspec.json.decode(event.data)
