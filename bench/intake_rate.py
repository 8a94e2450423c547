"""P1 and P2: requests that intake accepts, beside the smallest FastAPI route that publishes.

Both validate the same bodies and write to the same server, which syncs every append to disk
before it answers. The two have one core and take turns on it; clients, NATS and PostgreSQL have
the others. Ratios are those of the medians of several rounds. Intake also looks up contract and
device, decides the entitlement, seals the contact, and its worker, on the same core, projects what
was accepted; the plain route is what anybody writes first, with the settings it starts with.

P2 is measured with requests that fall due at a pace: on both sides at half of what the plain route
reached, and on each at half of what it reached itself, which asks more of the faster one.
"""

import argparse
import asyncio
import base64
import os
import statistics
import tempfile
from pathlib import Path

import httpx
import msgspec
from support.sides import Run, Side, leave_a_core, run, serving

from aftercare_cli.embedded import EmbeddedNats, EmbeddedPostgres, free_port
from aftercare_events.clock import SystemClock
from aftercare_events.jetstream import JetStreamLog
from sla_monitor.publishing import publish_shipped
from sla_monitor.shipped import shipped_policies
from support import report

PATH = "/v1/requests"
AT_LEAST = {32: 1.0, 256: 2.5}
P99_AT_MOST = 3.0
CONTACTS = 200
HEADERS = {"Authorization": "Bearer local-dev-key"}
ARCHIVE = (
    ("customers/CU-1", {"name": "Bench"}),
    (
        "sites/S-1",
        {"customer_id": "CU-1", "name": "Hall", "place": "local", "distance_km": 5},
    ),
    (
        "devices/D-1",
        {
            "customer_id": "CU-1",
            "site_id": "S-1",
            "serial": "SN-1",
            "model": "TH-2288",
            "category": "device",
            "accepted_on": "2026-01-15",
        },
    ),
    (
        "contracts/CT-1",
        {"customer_id": "CU-1", "policy": "it-integration", "starts_on": "2026-01-01"},
    ),
)


def bodies() -> bytes:
    """Reports by some hundred people about one device, as JSON lines."""
    return b"\n".join(
        msgspec.json.encode(
            {
                "channel": "web",
                "kind": "fault",
                "customer_id": "CU-1",
                "device_serial": "SN-1",
                "severity": "2",
                "summary": "大厅主屏黑屏，指示灯亮，无法开机",
                "description": "从今天早上开始，重启三次没有用",
                "use_affected": True,
                "contact": {"name": f"联系人{number}", "phone": f"+86 138 5550 {number:04}"},
            }
        )
        for number in range(CONTACTS)
    )


async def publish_contracts(nats_url: str) -> None:
    log = await JetStreamLog.connect(nats_url, name="bench")
    await publish_shipped(log, SystemClock(), shipped_policies())
    await log.close()


def fill_archive(port: int) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}/v1", headers=HEADERS) as client:
        for path, body in ARCHIVE:
            client.put(f"/{path}", json=body).raise_for_status()


class Comparison:
    """Both sides under one number of clients, in turn."""

    def __init__(self, sides: tuple[Side, Side], clients: int, seconds: float, rounds: int) -> None:
        self._sides = sides
        self._clients = clients
        self._seconds = seconds
        self._rounds = rounds

    def measure(self) -> None:
        full = self._take_turns((0.0, 0.0))
        rates = [statistics.median(one.seen.rate for one in runs) for runs in full]
        report.compare(
            f"P1 intake, {self._clients} clients, every request on disk before its answer",
            (("smallest FastAPI route + publish", rates[0]), ("intake", rates[1])),
            "requests/s",
            AT_LEAST[self._clients],
        )
        for side, runs in zip(self._sides, full, strict=True):
            _print_besides(side, runs)
        plain, intake = rates
        self._compare_p99("at half of the plain route's rate", (plain / 2, plain / 2))
        self._compare_p99("each at half of its own rate", (plain / 2, intake / 2))

    def _compare_p99(self, title: str, paces: tuple[float, float]) -> None:
        runs = self._take_turns(paces)
        p99 = [statistics.median(one.seen.p99_ms for one in side) for side in runs]
        report.compare_cost(
            f"P2 p99 {title}, {self._clients} clients",
            (("smallest FastAPI route + publish", p99[0]), ("intake", p99[1])),
            "ms",
            P99_AT_MOST,
        )

    def _take_turns(self, paces: tuple[float, float]) -> tuple[list[Run], list[Run]]:
        taken: tuple[list[Run], list[Run]] = ([], [])
        for _ in range(self._rounds):
            for runs, side, pace in zip(taken, self._sides, paces, strict=True):
                one = run(side, PATH, bodies(), self._clients, self._seconds, rate=pace)
                runs.append(one)
        return taken


def _print_besides(side: Side, runs: list[Run]) -> None:
    cpu_us = statistics.median(one.cpu_us for one in runs)
    p99_ms = statistics.median(one.seen.p99_ms for one in runs)
    busy = max(one.seen.busy for one in runs)
    told = f"{cpu_us:.0f} us of CPU a request, p99 {p99_ms:.0f} ms, clients busy {busy:.0%}"
    print(f"   {side.name:<42}{told}", flush=True)


def compare(directory: Path, seconds: float, rounds: int) -> None:
    nats, postgres = EmbeddedNats(directory / "nats"), EmbeddedPostgres(directory / "postgres")
    plain, intake = free_port(), free_port()
    nats.start()
    postgres.start()
    settings = {
        "AFTERCARE_NATS_URL": nats.url,
        "AFTERCARE_DATABASE_URL": postgres.url,
        "AFTERCARE_PORT": str(intake),
        "AFTERCARE_ROLE": "web",
        "AFTERCARE_LMTP_PORT": str(free_port()),
        "AFTERCARE_MASTER_KEY": base64.b64encode(os.urandom(32)).decode(),
    }
    worker = {"AFTERCARE_ROLE": "worker", "AFTERCARE_PORT": str(free_port())}
    smallest = ("support.smallest_route", str(plain), nats.url)
    try:
        with (
            serving("smallest FastAPI route", plain, *smallest, ready="/docs") as theirs,
            serving("intake", intake, "intake", ready="/readyz", worker=worker, **settings) as ours,
        ):
            asyncio.run(publish_contracts(nats.url))
            fill_archive(intake)
            for clients in AT_LEAST:
                Comparison((theirs, ours), clients, seconds, rounds).measure()
    finally:
        postgres.stop()
        nats.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    leave_a_core()
    with tempfile.TemporaryDirectory() as directory:
        compare(Path(directory), options.seconds, options.rounds)


if __name__ == "__main__":
    main()
