"""DP-06, DP-10: a hundred at once, over two replicas on real servers, leave one effect."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest

from aftercare_events.clock import ManualClock
from aftercare_events.jetstream import JetStreamLog
from support.dispatch_cases import START
from support.dispatch_company import Company, replica
from support.patience import posted

AT_ONCE = 100
CALLED_IN = {"reason": "called in"}


@pytest.fixture
async def replicas(
    database_url: str, nats_url: str
) -> AsyncIterator[tuple[Company, Sequence[httpx.AsyncClient]]]:
    """Two replicas, each with its own connection to the log."""
    clock = ManualClock(START)

    @asynccontextmanager
    async def open_log(_: object) -> AsyncGenerator[JetStreamLog]:
        log = await JetStreamLog.connect(nats_url, name="dispatch")
        yield log
        await log.close()

    async with (
        open_log(None) as log,
        replica(database_url, open_log, clock) as (app, one),
        replica(database_url, open_log, clock) as (_, other),
    ):
        yield Company(app, one, log, clock), (one, other)


async def at_once(
    clients: Sequence[httpx.AsyncClient], requests: Sequence[tuple[str, dict[str, Any]]]
) -> Counter[str]:
    """What came back, counted: "200" for success, else the type of the problem."""
    answers = await asyncio.gather(
        *(
            posted(clients[index % len(clients)], path, json=body)
            for index, (path, body) in enumerate(requests)
        )
    )
    return Counter(
        str(answer.status_code) if answer.is_success else answer.json()["type"]
        for answer in answers
    )


async def staff(company: Company, count: int) -> None:
    """Engineers whom the machine leaves alone, so that only dispatchers assign."""
    for number in range(count):
        await company.engineer(f"E-{number}")
        await company.put(f"/v1/rosters/E-{number}", around_the_clock=False)


async def units(company: Company, count: int) -> None:
    await company.put("/v1/depots/DP-1", name="depot")
    for number in range(count):
        await company.unit(f"U-{number}")


async def test_one_engineer_is_assigned_to_one_of_a_hundred_cases(replicas: Any) -> None:
    company, clients = replicas
    await staff(company, 1)
    for number in range(AT_ONCE):
        await company.report(f"CASE-{number}")
    came = await at_once(
        clients,
        [
            (f"/v1/cases/CASE-{n}/assign", {"engineer_id": "E-0", **CALLED_IN})
            for n in range(AT_ONCE)
        ],
    )
    assert came == {"200": 1, "/problems/engineer-busy": AT_ONCE - 1}
    assert (await company.types("engineer", "E-0")).count("booked") == 1
    assert len((await company.get("/v1/cases?engineer=E-0"))["items"]) == 1


async def test_one_case_is_given_to_one_of_a_hundred_engineers(replicas: Any) -> None:
    company, clients = replicas
    await staff(company, AT_ONCE)
    await company.report("CASE-1")
    came = await at_once(
        clients,
        [
            ("/v1/cases/CASE-1/assign", {"engineer_id": f"E-{n}", **CALLED_IN})
            for n in range(AT_ONCE)
        ],
    )
    assert came == {"200": 1, "/problems/already-assigned": AT_ONCE - 1}
    assert (await company.types("case", "CASE-1")).count("assigned") == 1
    listed = (await company.get(f"/v1/engineers?limit={AT_ONCE}"))["items"]
    assert sum(len(engineer["bookings"]) for engineer in listed) == 1


async def test_one_unit_is_lent_to_one_of_a_hundred_cases(replicas: Any) -> None:
    company, clients = replicas
    await units(company, 1)
    for number in range(AT_ONCE):
        await company.report(f"CASE-{number}")
    came = await at_once(
        clients,
        [("/v1/loans", {"case_id": f"CASE-{n}", "unit_id": "U-0"}) for n in range(AT_ONCE)],
    )
    assert came == {"201": 1, "/problems/unit-not-free": AT_ONCE - 1}
    assert await company.types("unit", "U-0") == ["registered", "reserved"]
    assert len((await company.get("/v1/loans"))["items"]) == 1


async def test_same_request_sent_a_hundred_times_lends_once(replicas: Any) -> None:
    company, clients = replicas
    await units(company, AT_ONCE)
    await company.report("CASE-1")
    answers = await asyncio.gather(
        *(
            clients[n % 2].post(
                "/v1/loans",
                json={"case_id": "CASE-1", "model": "S7706"},
                headers={"Idempotency-Key": "one and the same".replace(" ", "-")},
            )
            for n in range(AT_ONCE)
        )
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len((await company.case("CASE-1"))["loans"]) == 1


@asynccontextmanager
async def passing_time(clock: ManualClock) -> AsyncGenerator[None]:
    """A second in each third of one: what a loaded machine put off comes due again."""

    async def pass_on() -> None:
        while True:
            await asyncio.sleep(0.3)
            await clock.move_to(clock.now() + timedelta(seconds=1))

    passing = asyncio.create_task(pass_on())
    try:
        yield
    finally:
        passing.cancel()


async def test_both_replicas_assign_every_case_once(replicas: Any) -> None:
    company, _ = replicas
    for number in range(5):
        await company.engineer(f"E-{number}")
    await company.contract()
    for number in range(50):
        await company.report(f"CASE-{number}", severity="1" if number % 10 == 0 else "2")
    async with passing_time(company.clock):
        for number in range(50):
            await company.until(f"CASE-{number}", lambda case: case["holder"])
    for number in range(50):
        assert (await company.types("case", f"CASE-{number}")).count("assigned") == 1
    for number in range(5):
        visits = list((await company.get(f"/v1/engineers/E-{number}"))["bookings"].values())
        assert len(visits) <= 1
