"""Copies of alerts for whoever listens on NATS, beside the log."""

import asyncio
from datetime import timedelta

import msgspec

from support.monitors import Served, fault
from support.reading import everything


async def test_movement_is_copied_under_its_rank_contract_and_case(served: Served) -> None:
    """Copying may begin after the first alerts: it is at most once."""
    cases = 0
    async with asyncio.timeout(30):
        while not served.log.told:
            cases += 1
            await served.say(fault(f"CASE-{cases}"))
            await served.clock.advance(timedelta(minutes=5))
            await served.rung(cases)
            await asyncio.sleep(0.05)

    subject, data = served.log.told[0]
    event = msgspec.json.decode(data)
    alert = event["data"]
    assert event["type"] == "aftercare.case.alert_raised.v1"
    assert subject == f"alerts.{alert['step']}.it-integration.{alert['case_id']}"
    recorded = (await everything(served.log))[event["sequence"] - 1]
    assert (recorded.position, recorded.event.id) == (event["sequence"], event["id"])
