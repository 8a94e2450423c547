"""P1 and P2: requests that intake accepts, beside the smallest FastAPI route that publishes.

Both write to the same server, which syncs every append to disk before it answers. Each side runs
on one core as a process of its own, the clients on the other. The two take turns, several rounds;
the ratios are those of the medians. Intake looks up contract and device, decides the entitlement,
seals the contact and answers with it; the plain route publishes what it validated.
"""

import argparse
import asyncio
import base64
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import msgspec
from support.load import Measured

from aftercare_cli.embedded import EmbeddedNats, EmbeddedPostgres, free_port
from aftercare_events.clock import SystemClock
from aftercare_events.jetstream import JetStreamLog
from sla_monitor.publishing import publish_shipped
from sla_monitor.shipped import shipped_policies
from support import report

HERE = Path(__file__).parent
ROUNDS = 3
AT_LEAST = {32: 1.0, 256: 2.5}
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


@contextmanager
def process(*command: str, ready: str, **environment: str) -> Iterator[None]:
    """A server on the first core, from when `ready` answers until the end of the block."""
    path = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
    running = subprocess.Popen(
        ["taskset", "-c", "0", sys.executable, "-m", *command],
        env={**os.environ, "PYTHONPATH": path, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        await_ready(ready)
        yield
    finally:
        running.terminate()
        running.wait()


def await_ready(url: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if httpx.get(url).status_code < 500:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"{url} does not answer")


async def publish_contracts(nats_url: str) -> None:
    log = await JetStreamLog.connect(nats_url, name="bench")
    await publish_shipped(log, SystemClock(), shipped_policies())
    await log.close()


def fill_archive(port: int) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}/v1", headers=HEADERS) as client:
        for path, body in ARCHIVE:
            client.put(f"/{path}", json=body).raise_for_status()


def load(port: int, clients: int, seconds: float) -> Measured:
    arguments = (str(port), "/v1/requests", str(clients), str(seconds))
    done = subprocess.run(
        ["taskset", "-c", "1", sys.executable, "-m", "support.load", *arguments],
        cwd=HERE,
        input=bodies(),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode()[-800:])
    return msgspec.json.decode(done.stdout, type=Measured)


def measure(plain: int, intake: int, seconds: float) -> None:
    for clients, at_least in AT_LEAST.items():
        sides: tuple[list[Measured], list[Measured]] = ([], [])
        for _ in range(ROUNDS):
            for side, port in zip(sides, (plain, intake), strict=True):
                side.append(load(port, clients, seconds))
        rates = [statistics.median(one.rate for one in side) for side in sides]
        p99 = [statistics.median(one.p99_ms for one in side) for side in sides]
        report.compare(
            f"P1 intake, {clients} clients, every request on disk before its answer",
            (("smallest FastAPI route + publish", rates[0]), ("intake", rates[1])),
            "requests/s",
            at_least,
        )
        print(f"   p99 under this load: {p99[0]:.1f} ms and {p99[1]:.1f} ms", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4)
    seconds = parser.parse_args().seconds
    plain, intake = free_port(), free_port()
    with tempfile.TemporaryDirectory() as directory:
        nats = EmbeddedNats(Path(directory) / "nats")
        postgres = EmbeddedPostgres(Path(directory) / "postgres")
        nats.start()
        postgres.start()
        settings = {
            "AFTERCARE_NATS_URL": nats.url,
            "AFTERCARE_DATABASE_URL": postgres.url,
            "AFTERCARE_PORT": str(intake),
            "AFTERCARE_LMTP_PORT": str(free_port()),
            "AFTERCARE_MASTER_KEY": base64.b64encode(os.urandom(32)).decode(),
        }
        ours = f"http://127.0.0.1:{intake}/readyz"
        theirs = f"http://127.0.0.1:{plain}/docs"
        try:
            with (
                process("support.smallest_route", str(plain), nats.url, ready=theirs),
                process("intake", ready=ours, **settings),
            ):
                asyncio.run(publish_contracts(nats.url))
                fill_archive(intake)
                measure(plain, intake, seconds)
        finally:
            postgres.stop()
            nats.stop()


if __name__ == "__main__":
    main()
