"""P7: what-if over a history beside `nats-py` fetching 1,000 at a time and decoding the events.

Both sides read the same log from the same server in turn, several rounds; the ratio is that of
the medians of the times. The contract of every case is replaced by one with other targets, so
that each case is computed twice. `--events N` sets the length of the history.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec.structs import replace
from support.histories import history

from aftercare_cli.embedded import EmbeddedNats
from aftercare_events.catalogue import decode
from aftercare_events.envelope import Event
from aftercare_events.jetstream import JetStreamLog
from sla_monitor.domain.difference import compare
from sla_monitor.domain.instants import to_micros
from sla_monitor.domain.policy import Policy, Target
from sla_monitor.domain.terms import Policies
from sla_monitor.domain.what_if import WhatIf
from sla_monitor.history import Bounds
from sla_monitor.shipped import shipped_policies
from sla_monitor.what_if import follow
from support import plain, report

AT_MOST = 3.0
ROUNDS = 3
BATCH = 500
REPLACED = "it-integration"
UNTIL = to_micros(datetime(2030, 1, 1, tzinfo=UTC))


def under_one_contract(events: int) -> Iterator[Event]:
    """A long history in which no case can be skipped."""
    for event in history(events):
        if event.type == "aftercare.case.reported.v1":
            report = replace(decode(event), policy=REPLACED, severity="2")
            event = replace(event, data=msgspec.Raw(msgspec.json.encode(report)))
        yield event


def stricter() -> Policy:
    policy = next(policy for policy in shipped_policies() if policy.name == REPLACED)
    halved = (replace(row, target=Target(micros=row.target.micros // 2)) for row in policy.clocks)
    return replace(policy, clocks=tuple(halved))


async def fill(log: JetStreamLog, events: int) -> None:
    waiting = list(under_one_contract(events))
    for start in range(0, events, BATCH):
        await log.append(waiting[start : start + BATCH])


async def explore(url: str) -> int:
    """How many cases were compared."""
    log = await JetStreamLog.connect(url, name="bench")
    what_if = WhatIf(Policies(shipped_policies()), stricter(), REPLACED, UNTIL)
    await follow(log, Bounds(0, None), what_if)
    found = compare(what_if, limit=100)
    await log.close()
    return found.cases_compared


async def measure(url: str, events: int) -> tuple[float, float]:
    """Median seconds of either side."""
    log = await JetStreamLog.connect(url, name="bench")
    await fill(log, events)
    await log.close()
    sides: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        started = time.perf_counter()
        await plain.fetch(url, events)
        between = time.perf_counter()
        compared = await explore(url)
        sides[0].append(between - started)
        sides[1].append(time.perf_counter() - between)
        print(f"   {compared:,} cases compared", flush=True)
    return statistics.median(sides[0]), statistics.median(sides[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    events = parser.parse_args().events
    with tempfile.TemporaryDirectory() as directory:
        server = EmbeddedNats(Path(directory) / "nats")
        server.start()
        try:
            decoding, exploring = asyncio.run(measure(server.url, events))
        finally:
            server.stop()
    report.compare_cost(
        f"P7 what-if over {events:,} events",
        (("nats-py fetch(1000) + decode", decoding), ("what-if", exploring)),
        "s",
        AT_MOST,
    )


if __name__ == "__main__":
    main()
