"""P3: sla-monitor catching up on a long log, into PostgreSQL, beside a plain fetch of it.

Both sides read the same log from the same server in turn, several rounds; the ratio is that of
the medians. `--events N` sets the length of the history.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from support.histories import history

from aftercare_cli.embedded import EmbeddedNats, EmbeddedPostgres
from aftercare_events.clock import SystemClock
from aftercare_events.jetstream import JetStreamLog
from aftercare_events.projector import rebuild
from aftercare_events.sql import create_engine, upgrade
from aftercare_events.vault import Vault
from sla_monitor.main import assemble
from sla_monitor.projection import MonitorProjection
from sla_monitor.publishing import publish_shipped
from sla_monitor.shelf import Shelf
from sla_monitor.shipped import shipped_policies
from sla_monitor.tables import SCHEMA, infra
from support import plain, report

AT_LEAST = 1.0
ROUNDS = 3
BATCH = 500


async def fill(nats_url: str, events: int) -> int:
    """Write the history, and return how many events the log holds then."""
    log = await JetStreamLog.connect(nats_url, name="bench")
    await publish_shipped(log, SystemClock(), shipped_policies())
    waiting = list(history(events))
    for start in range(0, len(waiting), BATCH):
        await log.append(waiting[start : start + BATCH])
    end = await log.end()
    await log.close()
    return end


async def catch_up(nats_url: str, database_url: str, events: int) -> float:
    """Seconds from an empty read model to one that holds every event."""
    log = await JetStreamLog.connect(nats_url, name="bench")
    engine = create_engine(database_url, schema=SCHEMA)
    await upgrade(engine, "sla_monitor", SCHEMA)
    await rebuild(MonitorProjection(Shelf()), engine, infra)
    monitor, _ = assemble(log, engine, Vault(engine, bytes(32)), SystemClock())
    seconds = await timed(lambda: reach(monitor.projector.catch_up, events))
    await engine.dispose()
    await log.close()
    return seconds


async def reach(project: Callable[[], Awaitable[int]], events: int) -> None:
    reached = await project()
    if reached != events:
        raise RuntimeError(f"projected {reached} of {events} events")


async def timed(run: Callable[[], Awaitable[None]]) -> float:
    started = time.perf_counter()
    await run()
    return time.perf_counter() - started


async def measure(nats_url: str, database_url: str, events: int) -> tuple[float, float]:
    """Events per second of either side."""
    end = await fill(nats_url, events)
    plain_s, ours_s = list[float](), list[float]()
    for _ in range(ROUNDS):
        plain_s.append(await timed(lambda: plain.fetch(nats_url, end)))
        ours_s.append(await catch_up(nats_url, database_url, end))
    return end / statistics.median(plain_s), end / statistics.median(ours_s)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=40_000)
    events = parser.parse_args().events
    with tempfile.TemporaryDirectory() as directory:
        nats, postgres = (
            EmbeddedNats(Path(directory) / "nats"),
            EmbeddedPostgres(Path(directory) / "postgres"),
        )
        nats.start()
        postgres.start()
        try:
            fetched, projected = asyncio.run(measure(nats.url, postgres.url, events))
        finally:
            postgres.stop()
            nats.stop()
    report.compare(
        f"P3 catching up on {events:,} events, clocks and tables included",
        (("nats-py fetch(1000) + decode", fetched), ("sla-monitor into PostgreSQL", projected)),
        "events/s",
        AT_LEAST,
    )


if __name__ == "__main__":
    main()
