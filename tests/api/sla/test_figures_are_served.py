"""Availability, compliance, penalties and claimed losses over HTTP (SL-09, SL-10)."""

from datetime import date, timedelta
from typing import Any

import pytest

from aftercare_events.catalogue.archive import ContractRecorded, CustomerRecorded, DeviceRecorded
from aftercare_events.catalogue.case import (
    CaseReported,
    CaseResponded,
    CaseWithdrawn,
    ServiceRestored,
)
from support.monitors import CASE, MORNING, READER, Served, fault


def down(case_id: str = CASE, **changes: Any) -> CaseReported:
    """A system that is down, under the contract with a penalty of 0.5 % a breach."""
    return fault(
        case_id,
        policy="software-maintenance",
        severity="system_down",
        category="software",
        device_id="SRV-1",
        customer_id="C-SOFTWARE",
        contract_id="CT-1",
        **changes,
    )


ARCHIVE = (
    CustomerRecorded(customer_id="C-SOFTWARE", name="Software Ltd"),
    DeviceRecorded(device_id="SRV-1", customer_id="C-SOFTWARE", site_id="S-1"),
    DeviceRecorded(device_id="SRV-2", customer_id="C-SOFTWARE", site_id="S-1"),
    ContractRecorded(
        contract_id="CT-1",
        customer_id="C-SOFTWARE",
        policy="software-maintenance",
        starts_on=date(2026, 1, 1),
        price=860000.0,
    ),
)


@pytest.fixture
async def broken(served: Served) -> Served:
    """One case whose three promises are all broken, and restored after six hours."""
    await served.say(*ARCHIVE, down())
    await served.clock.advance(timedelta(hours=6))
    await charged(served, 3)
    position = await served.say(ServiceRestored(case_id=CASE), service="dispatch")
    await served.http.get(f"/v1/penalties?min_position={position}")
    return served


async def charged(served: Served, count: int) -> None:
    """Wait until that many penalties are visible."""
    async for batch in served.log.read(subject="ac.sla.case.*", follow=True):
        for recorded in batch:
            count -= recorded.event.type == "aftercare.case.penalty_accrued.v1"
            if count == 0:
                await served.http.get(f"/v1/penalties?min_position={recorded.position}")
                return


async def answer(served: Served, path: str) -> Any:
    found = await served.http.get(path)
    assert found.status_code == 200, found.text
    return found.json()


async def test_availability_of_a_customer_and_its_devices(broken: Served) -> None:
    await broken.clock.advance(timedelta(hours=6))

    found = await answer(broken, "/v1/availability?customer=C-SOFTWARE&from=2026-11-02T00:00:00Z")

    one, two = found["items"]
    assert (one["device_id"], one["downtime_s"], one["availability_percent"]) == (
        "SRV-1",
        6 * 3600,
        50,
    )
    assert (two["device_id"], two["availability_percent"]) == ("SRV-2", 100)
    assert found["system"]["availability_percent"] == 75
    assert found["all_up_percent"] == 50
    assert found["system"]["mean_time_to_restore_s"] == 6 * 3600


async def test_devices_come_in_pages_beside_the_whole_system(broken: Served) -> None:
    query = "/v1/availability?site=S-1&limit=1"
    first = await answer(broken, query)
    second = await answer(broken, f"{query}&cursor={first['next']}")
    assert [item["device_id"] for page in (first, second) for item in page["items"]] == [
        "SRV-1",
        "SRV-2",
    ]
    assert first["system"] == second["system"]
    assert second["next"] is None


async def test_withdrawn_case_leaves_no_outage(served: Served) -> None:
    await served.say(*ARCHIVE, down())
    await served.clock.advance(timedelta(hours=1))
    await answer(served, f"/v1/availability?device=SRV-1&min_position={await served.log.end()}")

    position = await served.say(CaseWithdrawn(case_id=CASE))

    found = await answer(served, f"/v1/availability?device=SRV-1&min_position={position}")
    assert found["items"][0]["downtime_s"] == 0


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("", 422, "customer"),
        ("?device=NOBODY", 404, None),
        ("?customer=NOBODY", 404, None),
        ("?site=NOBODY", 404, None),
        ("?device=SRV-1&from=2026-11-02T01:00:00Z&until=2026-11-02T00:00:00Z", 422, "from"),
        ("?device=SRV-1&until=2027-01-01T00:00:00Z", 422, "until"),
        ("?device=SRV-1&from=1990-01-01T00:00:00Z", 422, "from"),
        ("?device=SRV-1&from=0001-01-01T00:00:00%2B14:00", 422, "from"),
    ],
)
async def test_bad_period_or_unknown_device_is_told(
    served: Served, query: str, status: int, field: str | None
) -> None:
    found = await served.http.get(f"/v1/availability{query}")
    assert (found.status_code, found.json().get("field")) == (status, field)


async def test_compliance_of_the_month(broken: Served) -> None:
    [contract] = (await answer(broken, "/v1/compliance?month=2026-11&contract=CT-1"))["contracts"]
    assert (contract["contract_id"], contract["policy"]) == ("CT-1", "software-maintenance")
    assert {clock["clock"]: clock["met_late"] for clock in contract["clocks"]} == {
        "respond": 1,
        "restore": 1,
        "onsite": 0,
    }
    assert contract["promised"] == contract["met_late"] + contract["breached"] == 3
    assert contract["compliance_percent"] == 0
    assert (await answer(broken, "/v1/compliance?month=2026-10"))["contracts"] == []


async def test_month_must_be_one(served: Served) -> None:
    assert (await served.http.get("/v1/compliance?month=2026-13")).status_code == 422


async def test_penalty_comes_with_its_derivation_and_amount(broken: Served) -> None:
    first, second, _ = (await answer(broken, "/v1/penalties?contract=CT-1"))["items"]
    assert (first["percent"], first["percent_applied"], first["why"]) == (0.5, 0.5, "in_full")
    assert (first["amount"], first["currency"]) == ("4300.00", "CNY")
    assert "due 2026-11-02 08:05:00, broken 2026-11-02 08:05:00" in first["derivation"]
    assert second["percent_before"] == 0.5
    assert "0.5% 计" in second["derivation_zh"]


async def test_page_counts_what_came_before_it(broken: Served) -> None:
    first = await answer(broken, "/v1/penalties?limit=2")
    [third] = (await answer(broken, f"/v1/penalties?cursor={first['next']}"))["items"]
    assert third["percent_before"] == 1


async def test_penalties_stop_at_the_cap_and_the_summary_says_so(served: Served) -> None:
    await served.say(*ARCHIVE, *(down(f"CASE-{number}") for number in range(4)))
    await served.clock.advance(timedelta(hours=5))
    await charged(served, 12)

    items = (await answer(served, "/v1/penalties"))["items"]
    [summary] = await answer(served, "/v1/penalties/summary?customer=C-SOFTWARE")

    assert [item["why"] for item in items] == ["in_full"] * 10 + ["capped"] * 2
    assert (summary["percent_due"], summary["percent_applied"]) == (6, 5)
    assert (summary["amount"], summary["price"]) == ("43000.00", "860000.0")


async def test_penalty_withdrawn_stays_visible(broken: Served) -> None:
    in_time = MORNING + timedelta(minutes=2)
    await broken.say(CaseResponded(case_id=CASE), service="dispatch", at=in_time)
    async for batch in broken.log.read(subject="ac.sla.case.*", follow=True):
        found = [r for r in batch if r.event.type == "aftercare.case.penalty_withdrawn.v1"]
        if found:
            break

    items = (await answer(broken, f"/v1/penalties?min_position={found[-1].position}"))["items"]

    assert [item["why"] for item in items] == ["withdrawn", "in_full", "in_full"]
    assert items[1]["percent_before"] == 0


async def test_loss_claimed_stands_beside_the_penalties(broken: Served) -> None:
    claim = {"amount": "12500.50", "claimed_by": "CO-1", "note": "说 13912345678 停产半天"}
    recorded = await broken.http.post(f"/v1/cases/{CASE}/losses", json=claim)
    assert recorded.status_code == 201, recorded.text
    position = recorded.json()["position"]

    [loss] = await answer(broken, f"/v1/cases/{CASE}/losses?min_position={position}")
    [summary] = await answer(broken, "/v1/penalties/summary?contract=CT-1")

    assert (loss["amount"], loss["currency"], loss["claimed_by"]) == ("12500.50", "CNY", "CO-1")
    assert "13912345678" not in loss["note"]
    assert summary["losses"] == [{"currency": "CNY", "amount": "12500.50", "claims": 1}]


async def test_claim_with_the_same_key_is_one_claim(broken: Served) -> None:
    headers = {"Idempotency-Key": "claim-1"}
    path = f"/v1/cases/{CASE}/losses"

    first = await broken.http.post(path, json={"amount": "10"}, headers=headers)
    again = await broken.http.post(path, json={"amount": "10"}, headers=headers)
    other = await broken.http.post(path, json={"amount": "20"}, headers=headers)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert len(await answer(broken, path)) == 1


@pytest.mark.parametrize(
    ("claim", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "many"}, "amount"),
        ({"amount": "1", "currency": "yuan"}, "currency"),
        ({"amount": "1", "claimed_by": "Wang Wu"}, "claimed_by"),
    ],
)
async def test_bad_claim_names_its_field(served: Served, claim: dict[str, str], field: str) -> None:
    found = await served.http.post(f"/v1/cases/{CASE}/losses", json=claim)
    assert found.status_code == 422
    assert found.json()["errors"][0]["field"] == field


async def test_claim_about_nothing_is_not_found(served: Served) -> None:
    found = await served.http.post("/v1/cases/NOBODY/losses", json={"amount": "1"})
    assert found.status_code == 404


async def test_reader_may_not_claim(served: Served) -> None:
    path = f"/v1/cases/{CASE}/losses"
    found = await served.http.post(path, json={"amount": "1"}, headers=READER)
    assert found.status_code == 403
