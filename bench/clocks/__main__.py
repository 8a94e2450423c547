"""One million running clocks on this machine, with real servers and the real monitor.

`--clocks` sets how many, `--seconds` how long the idle and the busy phase last. Lateness is told
by a reader of the log: from a step's instant until the alert could be read.
"""

import argparse
import asyncio
import base64
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from support.report import machine

from aftercare_cli.embedded import EmbeddedNats, EmbeddedPostgres, free_port
from aftercare_events.jetstream import JetStreamLog

from . import cases
from .monitored import Monitored
from .phases import EVENTS_PER_S, STORM, Stand, fill, hours_stop, storm, traffic
from .watching import Seen, Watch

MEMORY_MB = 500
IDLE_PERCENT = 2.0
LATE_S = 1.0
STORM_S = 10.0


def tell(what: str, value: str, wanted: str = "") -> None:
    print(f"   {what:<52}{value:>16}  {wanted}", flush=True)


def tell_lateness(seen: Sequence[Seen]) -> None:
    late = sorted(one.late_s for one in seen)
    p50, p99 = late[len(late) // 2], late[len(late) * 99 // 100]
    tell("median lateness", f"{p50:.2f} s")
    tell("99 % of them were at most so late", f"{p99:.2f} s", f"(at most {LATE_S:.0f} s)")
    tell("the latest", f"{late[-1]:.2f} s")


async def measure(stand: Stand, seconds: float) -> None:
    rate = await fill(stand)
    each = await stand.monitor.running_clocks(cases.name("OPEN", 0))
    print(f"{stand.count * each:,} running clocks of {stand.count:,} cases ({machine()})")
    tell("projected while they came in", f"{rate:,.0f} events/s")
    idle = await stand.monitor.cpu_percent(seconds)
    tell(f"idle over {seconds:.0f} s, of one core", f"{idle:.1f} %", f"(below {IDLE_PERCENT} %)")
    seen = await traffic(stand, seconds)
    tell(f"alerts while {EVENTS_PER_S} events/s arrived", f"{len(seen):,}")
    tell_lateness(seen)
    took, _ = await storm(stand)
    tell(
        f"{STORM:,} due in one second, all raised after", f"{took:.1f} s", f"(at most {STORM_S} s)"
    )
    back = await hours_stop(stand, 720_000 * stand.count * each // 1_000_000)
    tell(f"after an hour's stop, {back.events:,} events", f"{back.projected_s:.1f} s")
    tell(f"and {back.alerts:,} late alerts raised", f"{back.raised_s:.1f} s")
    memory = stand.monitor.peak_mb
    tell("most memory the monitor ever held", f"{memory:.0f} MB", f"(below {MEMORY_MB} MB)")
    tell("alerts raised twice", str(stand.watch.doubled), "(none)")


async def run(nats_url: str, database_url: str, clocks: int, seconds: float) -> None:
    given = {
        "AFTERCARE_NATS_URL": nats_url,
        "AFTERCARE_DATABASE_URL": database_url,
        "AFTERCARE_MASTER_KEY": base64.b64encode(os.urandom(32)).decode(),
    }
    log = await JetStreamLog.connect(nats_url, name="bench")
    monitor, watch = Monitored(given, free_port()), Watch()
    following = [asyncio.create_task(watch.follow(log, 0))]
    try:
        await monitor.start()
        following.append(asyncio.create_task(monitor.watch_memory()))
        stand = Stand(log, monitor, watch, clocks // cases.CLOCKS_PER_CASE)
        await measure(stand, seconds)
    finally:
        for task in following:
            task.cancel()
        await monitor.close()
        await log.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench-clocks", description=__doc__)
    parser.add_argument("--clocks", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--directory", default=None, help="where the servers keep their data")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.directory) as directory:
        nats = EmbeddedNats(Path(directory) / "nats")
        postgres = EmbeddedPostgres(Path(directory) / "postgres")
        nats.start()
        postgres.start()
        try:
            asyncio.run(run(nats.url, postgres.url, given.clocks, given.seconds))
        finally:
            postgres.stop()
            nats.stop()


if __name__ == "__main__":
    main()
