"""Faxes made to hurt: each is a case or in quarantine with a reason, and nobody waits for it.

`AFTERCARE_TEST_HOSTILE=500 pytest -s` sends as many and prints how long the loop was held at most.
"""

import asyncio
import os
import sys
from collections import Counter

import pytest

from intake.arrivals import Arrived
from support.hostile_faxes import WAYS, hostile_fax
from support.intake_desk import Desk
from support.loop_watch import loop_watched

COUNT = int(os.environ.get("AFTERCARE_TEST_HOSTILE", len(WAYS)))
AT_A_TIME = 4
HELD_SECONDS = 0.1


@pytest.mark.timeout(900)
async def test_each_is_a_case_or_in_quarantine_and_the_loop_is_never_held(desk: Desk) -> None:
    faxes = [hostile_fax(number) for number in range(COUNT)]
    bench = asyncio.Semaphore(AT_A_TIME)

    async def send(number: int) -> Arrived:
        async with bench:
            said = desk.intake.said("fax")
            return await desk.intake.faxroom.receive(faxes[number], None, f"job-{number}", said)

    async with loop_watched() as watch:
        arrived = await asyncio.gather(*map(send, range(COUNT)))
    sys.stdout.write(
        f"\n{COUNT} faxes: the loop was held {watch.held * 1000:.0f} ms at most and worked"
        f" {watch.worked * 1000:.0f} ms of them\n"
        f"{Counter(one.reason or one.disposition for one in arrived)}\n"
    )
    assert watch.worked < HELD_SECONDS
    for number, one in enumerate(arrived):
        way = WAYS[number % len(WAYS)].__name__
        assert one.disposition in ("opened", "quarantined"), way
        assert bool(one.case_id) != bool(one.reason), way
    assert {one.disposition for one in arrived[:: len(WAYS)]} == {"opened"}
    assert len(await desk.events("fax.received")) == COUNT
    assert (await desk.http.get("/healthz")).status_code == 200
