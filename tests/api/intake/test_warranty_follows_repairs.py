"""DP-13, DP-14, DP-15: what repairs did to a warranty decides who pays for the next one."""

import asyncio
from datetime import date, timedelta
from itertools import count
from typing import Any

import msgspec

from aftercare_events import catalogue
from aftercare_events.catalogue.warranty import (
    GuaranteeAccepted,
    WarrantyExtended,
    WarrantyRestarted,
)
from support.intake_desk import Desk


async def dispatch_says(desk: Desk, fact: msgspec.Struct) -> None:
    event = catalogue.record(fact, service="dispatch", time=desk.clock.now(), actor="dispatch")
    position = await desk.log.append([event])
    assert await desk.intake.projector.wait_for(position)


async def entitled(desk: Desk, call: str) -> Any:
    answer = await desk.request(call, summary=call)
    return answer.json()["entitlement"]


async def once_told(desk: Desk, reason: str) -> Any:
    """What a report is entitled to once intake looks the device up anew, which it is told to."""
    async with asyncio.timeout(20):
        for number in count():
            said = await entitled(desk, f"{reason}-{number}")
            if reason in said["reasons"]:
                return said
            await asyncio.sleep(0.01)
    raise AssertionError("unreachable")


async def accepted_on(desk: Desk, day: str) -> None:
    entry = {"customer_id": "C-1", "site_id": "S-1", "serial": "IT-SRV-01", "category": "device"}
    answer = await desk.http.put("/v1/devices/D-1", json={**entry, "accepted_on": day})
    assert answer.status_code == 200, answer.text
    assert await desk.intake.projector.wait_for(await desk.log.end())


async def test_long_wait_keeps_a_device_in_warranty_until_it_was_replaced(desk: Desk) -> None:
    today = desk.clock.now().date()
    await accepted_on(desk, today.replace(year=today.year - 5).isoformat())
    assert (await entitled(desk, "first"))["in_warranty"] is False
    waited = WarrantyExtended(
        device_id="D-1",
        case_id="4F7K-Q2M9",
        waited_from=desk.clock.now() - timedelta(days=90),
        waited_until=desk.clock.now() - timedelta(days=50),
        over_days=30,
        factor=3,
        days=120,
    )
    await dispatch_says(desk, waited)
    said = await once_told(desk, "warranty-extended")
    assert (said["in_warranty"], said["chargeable"]) == (True, False)
    page = (await desk.http.get("/desk/customers/C-1")).text
    assert (today + timedelta(days=120)).isoformat() in page
    await dispatch_says(
        desk,
        WarrantyRestarted(
            device_id="D-1",
            case_id="4F7K-Q2M9",
            starts_on=today - timedelta(days=1),
            cause="replaced",
        ),
    )
    said = await once_told(desk, "warranty-restarted")
    assert "warranty-extended" not in said["reasons"]


async def test_new_part_starts_nothing_for_its_device(desk: Desk) -> None:
    await accepted_on(desk, "2001-01-01")
    await dispatch_says(
        desk,
        WarrantyRestarted(
            device_id="D-1",
            case_id="4F7K-Q2M9",
            starts_on=date(2026, 10, 1),
            cause="replaced",
            part="power supply",
        ),
    )
    assert (await entitled(desk, "first"))["in_warranty"] is False


async def test_granted_guarantee_makes_its_case_free_of_charge(desk: Desk) -> None:
    await accepted_on(desk, "2001-01-01")
    case = await desk.case(await desk.request())
    assert case["report"]["entitlement"]["chargeable"] is True
    await dispatch_says(
        desk,
        GuaranteeAccepted(
            guarantee_id="G-1", case_id=case["case_id"], device_id="D-1", remedy="replacement"
        ),
    )
    again = (await desk.http.get(f"/v1/cases/{case['case_id']}")).json()
    assert again["report"]["entitlement"]["chargeable"] is False
    assert "three-guarantees" in again["report"]["entitlement"]["reasons"]
