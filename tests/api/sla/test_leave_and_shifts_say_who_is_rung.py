"""Leave, shifts and hand-overs entered in dispatch say whose telephone rings (SL-03, DP-18)."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from aftercare_events.catalogue.case import CaseAssigned, CaseWithdrawn
from aftercare_events.memory import MemoryLog
from support.dispatch_company import replica
from support.monitors import MORNING, Served, fault
from support.receivers import Receiver, receiver

MINUTE = timedelta(minutes=1)
HERS, DEPUTY = "E-TAN-WEI", "E-ZHAO-LEI"


@dataclass(slots=True)
class Day:
    """Both services on one log; two engineers, each with a telephone of their own."""

    served: Served
    dispatch: httpx.AsyncClient
    phones: dict[str, Receiver]

    async def put(self, path: str, **body: Any) -> None:
        answer = await self.dispatch.put(path, json=body)
        assert answer.status_code == 200, answer.text

    async def post(self, path: str, **body: Any) -> None:
        answer = await self.dispatch.post(path, json=body)
        assert answer.status_code == 200, answer.text

    async def comes(self, minute: int) -> None:
        """Minutes after eight o'clock."""
        await self.served.clock.advance(MORNING + minute * MINUTE - self.served.clock.now())

    async def rings_for(self, case_id: str) -> tuple[str, list[str]]:
        """A case of hers, five minutes on: whom the alert names, and whose telephone rang."""
        before = {who: len(phone.sent) for who, phone in self.phones.items()}
        hers = CaseAssigned(case_id=case_id, engineer_id=HERS, mode="remote")
        await self.served.say(fault(case_id), service="intake")
        await self.served.say(hers, service="dispatch")
        await self.served.clock.advance(5 * MINUTE)
        alert = await self._raised(case_id)
        if alert["recipient"] in self.phones:
            await self._delivered(alert["alert_id"])
        rang = [who for who, phone in self.phones.items() if len(phone.sent) > before[who]]
        # Else what it goes on to ring for would be gathered with the next.
        await self.served.say(CaseWithdrawn(case_id=case_id))
        return alert["recipient"], rang

    async def _raised(self, case_id: str) -> Any:
        async for _ in self.served.log.read(subject=f"ac.*.case.{case_id}", follow=True):
            query = f"?step=engineer&open=true&min_position={await self.served.log.end()}"
            answer = await self.served.http.get(f"/v1/alerts{query}")
            found = [one for one in answer.json()["items"] if one["case_id"] == case_id]
            if found:
                return found[0]
        raise AssertionError("the log ended")

    async def _delivered(self, alert_id: str) -> None:
        async for batch in self.served.log.read(subject="ac.sla.notification.*", follow=True):
            if any(alert_id in bytes(recorded.event.data).decode() for recorded in batch):
                return


@pytest.fixture
async def day(served: Served, tables_url: str) -> AsyncIterator[Day]:
    @asynccontextmanager
    async def open_log(_: object) -> AsyncGenerator[MemoryLog]:
        yield served.log

    async with replica(tables_url, open_log, served.clock) as (_, dispatch):
        with receiver() as first, receiver() as second:
            day = Day(served, dispatch, {HERS: first, DEPUTY: second})
            for who, phone in day.phones.items():
                await day.put(f"/v1/engineers/{who}")
                channel = phone.url.replace("http://", "json://")
                answer = await served.http.put(
                    f"/v1/recipients/{who}", json={"channels": [channel]}
                )
                assert answer.status_code == 200, answer.text
            yield day


def time(start: int, end: int) -> dict[str, str]:
    return {
        "start": (MORNING + start * MINUTE).isoformat(),
        "end": (MORNING + end * MINUTE).isoformat(),
    }


async def test_deputy_is_rung_during_the_leave_and_she_again_after_it(day: Day) -> None:
    await day.put(f"/v1/rosters/{DEPUTY}")
    await day.put(f"/v1/rosters/{HERS}/absences/L-1", **time(0, 60), deputy=DEPUTY)
    assert await day.rings_for("CASE-1") == (DEPUTY, [DEPUTY])
    await day.comes(120)
    assert await day.rings_for("CASE-2") == (HERS, [HERS])


async def test_she_is_rung_in_her_shift_until_it_is_cancelled_or_handed_over(day: Day) -> None:
    await day.put(f"/v1/rosters/{DEPUTY}")
    await day.put(f"/v1/rosters/{HERS}/shifts/S-1", **time(0, 60))
    assert await day.rings_for("CASE-1") == (HERS, [HERS])
    await day.post(f"/v1/rosters/{HERS}/shifts/S-1/cancel")
    await day.comes(30)
    assert await day.rings_for("CASE-2") == ("duty-desk", [])
    await day.put(f"/v1/rosters/{HERS}/shifts/S-2", **time(120, 240))
    await day.comes(121)
    await day.post(f"/v1/rosters/{HERS}/hand-over", to=DEPUTY, note="pump still hot")
    assert await day.rings_for("CASE-3") == (DEPUTY, [DEPUTY])
