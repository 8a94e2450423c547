"""DP-06, DP-10: hundreds of assigns, arrivals and loans at once over two replicas, one of which is
killed.

The log is then read as it stands: each engineer and each unit is in one place at a time, and all
that was acknowledged is in it once.
"""

import asyncio
import random
import signal
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from aftercare_cli.embedded import free_port
from aftercare_cli.service_process import ServiceProcess
from aftercare_events import catalogue
from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.depot import DepotRegistered
from aftercare_events.catalogue.engineer import (
    Duty,
    EngineerBooked,
    EngineerRegistered,
    EngineerReleased,
    EngineerRostered,
)
from aftercare_events.catalogue.unit import UnitRegistered, UnitReserved
from aftercare_events.jetstream import JetStreamLog
from support.monitors import MASTER_KEY
from support.reading import everything
from support.running import eventually

pytestmark = pytest.mark.timeout(240)

AT_ONCE = 1000
CLIENTS = 64
ENGINEERS, UNITS, CASES, HOURS = AT_ONCE // 40, AT_ONCE // 16, AT_ONCE // 2, 12
KEY = {"Authorization": "Bearer local-dev-key"}
PATIENCE_SECONDS = 60.0
# An arrival is told so many requests after its case was given away, at most.
AFTER = 4 * CLIENTS


@dataclass(frozen=True, slots=True)
class Ask:
    """One request of a dispatcher, who asks again under the same key until she is answered."""

    path: str
    body: Mapping[str, Any]
    key: str


@dataclass(slots=True)
class Desk:
    """Dispatchers in front of two replicas; whichever does not answer, the other is asked."""

    urls: Sequence[str]
    victim: ServiceProcess
    kill_after: int
    answers: dict[str, httpx.Response] = field(default_factory=dict[str, httpx.Response])

    async def work_off(self, asks: Sequence[Ask]) -> None:
        waiting = asyncio.Queue[Ask]()
        for ask in asks:
            waiting.put_nowait(ask)
        async with (
            httpx.AsyncClient(headers=KEY, timeout=30, trust_env=False) as http,
            asyncio.timeout(PATIENCE_SECONDS * 2),
            asyncio.TaskGroup() as clients,
        ):
            for number in range(CLIENTS):
                clients.create_task(self._work(http, waiting, number))

    async def _work(
        self, http: httpx.AsyncClient, waiting: asyncio.Queue[Ask], number: int
    ) -> None:
        while not waiting.empty():
            ask = waiting.get_nowait()
            self.answers[ask.key] = await self._answered(http, ask, number)
            if len(self.answers) == self.kill_after:
                assert self.victim.process is not None
                self.victim.process.send_signal(signal.SIGKILL)

    async def _answered(self, http: httpx.AsyncClient, ask: Ask, number: int) -> httpx.Response:
        headers = {"Idempotency-Key": ask.key}
        while True:
            url = self.urls[number % len(self.urls)]
            number += 1
            try:
                answer = await http.post(f"{url}{ask.path}", json=ask.body, headers=headers)
            except httpx.TransportError:
                continue
            if answer.status_code != 503:
                return answer


@pytest.fixture
async def replicas(
    nats_url: str, database_url: str, tmp_path: Path
) -> AsyncIterator[tuple[Sequence[str], Sequence[ServiceProcess]]]:
    urls: list[str] = []
    processes: list[ServiceProcess] = []
    async with AsyncExitStack() as stack:
        for name in ("one", "two"):
            port = free_port()
            environment = {
                "AFTERCARE_NATS_URL": nats_url,
                "AFTERCARE_DATABASE_URL": database_url,
                "AFTERCARE_MASTER_KEY": MASTER_KEY,
                "AFTERCARE_PORT": str(port),
            }
            process = ServiceProcess(name, "dispatch", environment, tmp_path / f"{name}.log")
            process.start(lambda: None)
            stack.push_async_callback(asyncio.to_thread, process.stop)
            urls.append(f"http://127.0.0.1:{port}")
            processes.append(process)
            await eventually(lambda url=urls[-1]: _is_ready(url), PATIENCE_SECONDS)
        yield urls, processes


async def _is_ready(url: str) -> bool:
    async with httpx.AsyncClient(trust_env=False) as http:
        try:
            return (await http.get(f"{url}/readyz")).is_success
        except httpx.TransportError:
            return False


async def open_the_day(log: JetStreamLog) -> datetime:
    """Engineers whom the machine leaves alone, units on stock, and cases; when the day begins."""
    now = datetime.now(UTC)
    facts: list[Any] = [DepotRegistered(depot_id="DP-1", name="depot")]
    for number in range(ENGINEERS):
        facts.append(EngineerRegistered(engineer_id=f"E-{number}"))
        facts.append(EngineerRostered(engineer_id=f"E-{number}", duty=Duty()))
    facts += [
        UnitRegistered(unit_id=f"U-{number}", depot_id="DP-1", model="S7706")
        for number in range(UNITS)
    ]
    cases = [
        c.CaseReported(
            case_id=f"CASE-{number}",
            kind="fault",
            channel="phone",
            policy="it-integration",
            customer_id="C-1",
        )
        for number in range(CASES)
    ]
    # An engineer without a roster yet would be on duty, and the machine is quick.
    for together in (facts, cases):
        events = [catalogue.record(one, service="test", time=now, actor="test") for one in together]
        await asyncio.gather(*(log.append([event]) for event in events))
    return now


def asked(lot: random.Random, begins: datetime) -> Sequence[Ask]:
    """Half of them want an engineer for two hours of the day, the others a unit.

    A while later each case is told that whoever has it is on site.
    """
    asks = {float(number): _ask(lot, number, begins) for number in range(AT_ONCE)}
    arrivals = {
        2 * number + lot.uniform(0, AFTER): Ask(
            f"/v1/cases/CASE-{number}/arrive", {}, f"came-{number}"
        )
        for number in range(CASES)
    }
    return [ask for _, ask in sorted((asks | arrivals).items())]


def _ask(lot: random.Random, number: int, begins: datetime) -> Ask:
    case_id, key = f"CASE-{number // 2}", f"race-{number}"
    if number % 2:
        unit_id = f"U-{lot.randrange(UNITS)}"
        return Ask("/v1/loans", {"case_id": case_id, "unit_id": unit_id}, key)
    start = begins + timedelta(hours=lot.randrange(HOURS))
    slot = {"start": start.isoformat(), "end": (start + timedelta(hours=2)).isoformat()}
    who = f"E-{lot.randrange(ENGINEERS)}"
    body = {"engineer_id": who, "slot": slot, "reason": "off duty, and willing"}
    return Ask(f"/v1/cases/{case_id}/assign", body, key)


async def test_everybody_and_everything_is_in_one_place_at_a_time(
    replicas: Any, log: JetStreamLog
) -> None:
    urls, processes = replicas
    begins = await open_the_day(log)
    desk = Desk(urls, processes[0], kill_after=AT_ONCE // 3)
    asks = asked(random.Random(6), begins)
    await desk.work_off(asks)
    history = [catalogue.decode(one.event) for one in await everything(log)]

    assert not processes[0].running()
    codes = Counter(answer.status_code for answer in desk.answers.values())
    assert set(codes) <= {200, 201, 409}, codes
    visits, loans = booked(history), lent(history)
    assert all(codes[code] for code in (200, 201, 409)), codes
    arrivals = on_site(history)
    assert arrivals
    assert codes[200] == sum(map(len, visits.values())) + arrivals
    assert codes[201] == sum(loans.values())


def booked(history: Sequence[Any]) -> Mapping[str, Sequence[Any]]:
    """The visits of each engineer, none of which overlaps another."""
    visits: dict[str, list[EngineerBooked]] = defaultdict(list)
    for fact in history:
        if isinstance(fact, EngineerBooked) and not fact.on_site:
            taken = visits[fact.engineer_id]
            assert all(fact.end <= one.start or one.end <= fact.start for one in taken), fact
            taken.append(fact)
        assert not isinstance(fact, EngineerReleased), fact
    return visits


def on_site(history: Sequence[Any]) -> int:
    """How many are: each at one case, for nobody leaves here."""
    arrived = [fact.case_id for fact in history if isinstance(fact, c.EngineerArrived)]
    there = [fact for fact in history if isinstance(fact, EngineerBooked) and fact.on_site]
    assert sorted(arrived) == sorted(fact.case_id for fact in there)
    assert max(Counter(fact.engineer_id for fact in there).values()) == 1, there
    return len(arrived)


def lent(history: Sequence[Any]) -> Counter[str]:
    """How often each unit was lent: never twice, for nobody gives one back here."""
    loans = Counter(fact.unit_id for fact in history if isinstance(fact, UnitReserved))
    assert max(loans.values()) == 1, loans
    return loans
