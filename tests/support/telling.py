"""A monitor that raises alerts and tells of them, worked by hand, on the log's twin."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from aftercare_events.catalogue import decode
from aftercare_events.catalogue.subscription import SubscriptionFilter
from aftercare_events.memory import MemoryLog
from aftercare_events.todo import TodoRunner
from sla_monitor.delivery.subscriptions import Subscription, Wanted
from sla_monitor.delivery.webhook import Endpoint, new_client
from sla_monitor.main import couriers
from support.monitors import Company, Replica, company
from support.reading import everything
from support.receivers import SECRET, Receiver

MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Telling:
    log: MemoryLog
    company: Company
    replica: Replica
    telling: TodoRunner
    client: httpx.AsyncClient

    async def work(self) -> None:
        """Raise and tell what is due, until nothing is left to do."""
        await self.replica.work()
        while await self.telling.run_due():
            await self.replica.work()

    async def pass_time(
        self, how_long: timedelta, step: timedelta | None = None, *, told: bool = True
    ) -> None:
        """At once, or in steps; without `told` the alerts are raised only."""
        end = self.company.clock.now() + how_long
        while self.company.clock.now() < end:
            await self.company.clock.advance(step or how_long)
            await (self.work() if told else self.replica.work())

    async def subscribe(
        self,
        receiver: Receiver,
        name: str = "S-1",
        *,
        secrets: tuple[str, ...] = (SECRET,),
        wanted: SubscriptionFilter | None = None,
    ) -> None:
        await self.replica.work()
        endpoint = Endpoint(f"{receiver.url}/hook", secrets)
        entry = Wanted(name, endpoint, wanted or SubscriptionFilter(), active=True)
        await self.replica.monitor.subscriptions.put(entry, by="boss")
        await self.replica.work()

    async def standing(self, name: str = "S-1") -> Subscription:
        found = await self.replica.monitor.subscriptions.one(name)
        assert found is not None
        return found

    async def said(self, kind: str) -> list[Any]:
        """What the log says of messages: `delivered`, `failed` or `given_up`."""
        event_type = f"aftercare.notification.{kind}.v1"
        history = await everything(self.log)
        return [decode(r.event) for r in history if r.event.type == event_type]


@asynccontextmanager
async def telling(database_url: str) -> AsyncGenerator[Telling]:
    log = MemoryLog()
    async with company(log, database_url) as opened, new_client() as client:
        replica = opened.replica()
        runner = couriers(replica.monitor, opened.vault, client, private=True)
        yield Telling(log, opened, replica, runner, client)
