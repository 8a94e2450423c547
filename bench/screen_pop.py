"""The screen pop over a big archive: how long an agent waits to see who is calling (IN-03).

Ten thousand customers, each with a contact, a contract and a device, half of them with an open
case, and one with two thousand of them. Callers are asked for that intake was not asked
for before, then all of them again; beside them an answer for which nothing is done.
"""

import argparse
import asyncio
import base64
import os
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path

import httpx
import msgspec
from intake_rate import HEADERS, publish_contracts
from support.report import machine
from support.sides import serving

from aftercare_cli.embedded import EmbeddedNats, EmbeddedPostgres, free_port
from aftercare_events.catalogue import record
from aftercare_events.catalogue.archive import (
    ContactRecorded,
    ContractRecorded,
    CustomerRecorded,
    DeviceRecorded,
)
from aftercare_events.catalogue.case import CaseReported
from aftercare_events.clock import SystemClock
from aftercare_events.jetstream import JetStreamLog
from aftercare_events.sql import create_engine
from aftercare_events.vault import Vault

PROMISED_MS = 50.0
CASES_OF_THE_FIRST, BATCH = 2_000, 100
PATIENCE_SECONDS = 300


async def archive(vault: Vault, number: int) -> list[msgspec.Struct]:
    """One customer and what it owns, as intake records them."""
    customer, number_known = f"C-{number}", f"tel:+86{phone(number)}"
    person = vault.person_id(number_known)
    details = await vault.seal(person, {"name": f"联系人{number}", "phones": [phone(number)]})
    facts: list[msgspec.Struct] = [
        CustomerRecorded(customer_id=customer, name=f"客户{number}"),
        ContactRecorded(
            contact_id=f"P-{number}", customer_id=customer, details=details, known_by=(person,)
        ),
        ContractRecorded(
            contract_id=f"CT-{number}",
            customer_id=customer,
            policy="it-integration",
            starts_on=date(2026, 1, 1),
        ),
        DeviceRecorded(device_id=f"D-{number}", customer_id=customer, serial=f"SN-{number}"),
    ]
    cases = CASES_OF_THE_FIRST if number == 0 else number % 2
    return [*facts, *(case(customer, f"{number}-{each}") for each in range(cases))]


def phone(number: int) -> str:
    return f"1385{number:07}"


def case(customer: str, case_id: str) -> CaseReported:
    return CaseReported(
        case_id=case_id,
        kind="fault",
        channel="web",
        policy="it-integration",
        policy_options={},
        customer_id=customer,
        summary="大厅主屏黑屏",
    )


async def fill(nats_url: str, database_url: str, key: bytes, customers: int) -> int:
    """Straight into the log; the position of the last."""
    log = await JetStreamLog.connect(nats_url, name="bench")
    engine = create_engine(database_url, schema="intake")
    vault = Vault(engine, key)
    now, position = SystemClock().now(), 0
    try:
        for start in range(0, customers, BATCH):
            some = range(start, min(start + BATCH, customers))
            facts = await asyncio.gather(*(archive(vault, number) for number in some))
            events = [
                record(fact, service="intake", time=now, actor="bench")
                for each in facts
                for fact in each
            ]
            for first in range(0, len(events), BATCH):
                position = await log.append(events[first : first + BATCH])
    finally:
        await engine.dispose()
        await log.close()
    return position


async def milliseconds(client: httpx.AsyncClient, path: str) -> float:
    began = time.perf_counter()
    answer = await client.get(path)
    spent = (time.perf_counter() - began) * 1000
    assert answer.json().get("known", True)
    return spent


async def projected(client: httpx.AsyncClient, position: int) -> None:
    for _ in range(PATIENCE_SECONDS):
        answer = await client.get("/v1/callers/1", params={"min_position": position})
        if answer.is_success:
            return
        await asyncio.sleep(1)
    raise TimeoutError("the archive is not projected")


async def measure(url: str, position: int, customers: int, asked: int) -> None:
    async with httpx.AsyncClient(base_url=url, headers=HEADERS, timeout=60) as client:
        await projected(client, position)
        print(f"screen pop, {customers:,} customers ({machine()})")
        some = range(1, customers, max(1, customers // asked))
        callers = [f"/v1/callers/{phone(number)}" for number in some]
        nothing = ["/healthz"] * len(callers)
        for name, paths in (("nothing", nothing), ("first time", callers), ("again", callers)):
            spent = sorted([await milliseconds(client, path) for path in paths])
            print(
                f"   {name:<11} median {statistics.median(spent):6.1f} ms, "
                f"p99 {spent[int(0.99 * len(spent))]:6.1f} ms, longest {spent[-1]:6.1f} ms "
                f"(at most {PROMISED_MS:.0f} promised)",
                flush=True,
            )
        spent = [await milliseconds(client, f"/v1/callers/{phone(0)}") for _ in range(10)]
        print(f"   one with {CASES_OF_THE_FIRST:,} open cases: {statistics.median(spent):.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--asked", type=int, default=1_000)
    options = parser.parse_args()
    port, key = free_port(), os.urandom(32)
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
            "AFTERCARE_MASTER_KEY": base64.b64encode(key).decode(),
        }
        try:
            with serving("intake", port, "intake", ready="/readyz", worker=None, **settings):
                asyncio.run(publish_contracts(nats.url))
                position = asyncio.run(fill(nats.url, postgres.url, key, options.customers))
                url = f"http://127.0.0.1:{port}"
                asyncio.run(measure(url, position, options.customers, options.asked))
        finally:
            postgres.stop()
            nats.stop()


if __name__ == "__main__":
    main()
