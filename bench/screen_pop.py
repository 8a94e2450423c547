"""The screen pop over a big archive: how long an agent waits to see who is calling (IN-03).

Ten thousand customers, each with a contact, a contract and a device, half of them with an open
case, and one with two thousand cases behind it. Each caller asked for is one that intake was not
asked for before, and then all of them once more.
"""

import argparse
import asyncio
import base64
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from intake_rate import HEADERS, process, publish_contracts
from support.report import machine

from aftercare_cli.embedded import EmbeddedNats, EmbeddedPostgres, free_port

PROMISED_MS = 50.0
PARALLEL = 64


def archive(number: int) -> dict[str, dict[str, Any]]:
    """One customer, and what it owns."""
    customer = {"customer_id": f"C-{number}"}
    return {
        f"customers/C-{number}": {"name": f"客户{number}"},
        f"contacts/P-{number}": customer | {"name": f"联系人{number}", "phones": [phone(number)]},
        f"contracts/CT-{number}": customer
        | {"policy": "it-integration", "starts_on": "2026-01-01"},
        f"devices/D-{number}": customer | {"serial": f"SN-{number}", "category": "device"},
    }


def phone(number: int) -> str:
    return f"1385{number:07}"


def request(customer: int) -> dict[str, Any]:
    return {
        "channel": "web",
        "kind": "fault",
        "customer_id": f"C-{customer}",
        "severity": "2",
        "summary": "大厅主屏黑屏",
        "contact": {"phone": phone(customer)},
    }


async def fill(client: httpx.AsyncClient, customers: int, cases: int) -> None:
    places = asyncio.Semaphore(PARALLEL)

    async def put(number: int) -> None:
        async with places:
            for path, entry in archive(number).items():
                (await client.put(f"/v1/{path}", json=entry)).raise_for_status()

    async def open_case(customer: int) -> int:
        async with places:
            answer = await client.post("/v1/requests", json=request(customer))
            answer.raise_for_status()
            return answer.json()["position"]

    await asyncio.gather(*map(put, range(customers)))
    whose = [*range(0, customers, 2), *([0] * cases)]
    positions = await asyncio.gather(*map(open_case, whose))
    last = {"min_position": max(positions)}
    (await client.get("/v1/callers/1", params=last)).raise_for_status()


async def milliseconds(client: httpx.AsyncClient, number: int) -> float:
    began = time.perf_counter()
    answer = await client.get(f"/v1/callers/{phone(number)}")
    spent = (time.perf_counter() - began) * 1000
    assert answer.json()["known"]
    return spent


async def measure(url: str, customers: int, asked: int) -> None:
    async with httpx.AsyncClient(base_url=url, headers=HEADERS, timeout=60) as client:
        await fill(client, customers, cases=2000)
        some = range(0, customers, max(1, customers // asked))
        print(f"screen pop, {customers:,} customers ({machine()})")
        for name in ("first time", "asked before"):
            spent = sorted([await milliseconds(client, number) for number in some])
            p99 = spent[int(0.99 * len(spent))]
            print(
                f"   {name:<16} median {statistics.median(spent):6.1f} ms, p99 {p99:6.1f} ms, "
                f"longest {spent[-1]:6.1f} ms (at most {PROMISED_MS:.0f} promised)",
                flush=True,
            )
        print(
            f"   the customer with 2,000 cases: {await milliseconds(client, 0):.1f} ms", flush=True
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--asked", type=int, default=1_000)
    options = parser.parse_args()
    port = free_port()
    with tempfile.TemporaryDirectory() as directory:
        nats = EmbeddedNats(Path(directory) / "nats")
        postgres = EmbeddedPostgres(Path(directory) / "postgres")
        nats.start()
        postgres.start()
        settings = {
            "AFTERCARE_NATS_URL": nats.url,
            "AFTERCARE_DATABASE_URL": postgres.url,
            "AFTERCARE_PORT": str(port),
            "AFTERCARE_LMTP_PORT": str(free_port()),
            "AFTERCARE_MASTER_KEY": base64.b64encode(os.urandom(32)).decode(),
        }
        url = f"http://127.0.0.1:{port}"
        try:
            with process("intake", ready=f"{url}/readyz", **settings):
                asyncio.run(publish_contracts(nats.url))
                asyncio.run(measure(url, options.customers, options.asked))
        finally:
            postgres.stop()
            nats.stop()


if __name__ == "__main__":
    main()
