"""DP-10, DP-11: with no unit free a loan waits, is served, or is not needed any more."""

import asyncio
from typing import Any

import pytest

from aftercare_events.catalogue.archive import DeviceRecorded
from aftercare_events.catalogue.case import (
    CaseReopened,
    CaseResolved,
    OnsiteRequired,
    ServiceRestored,
)
from aftercare_events.catalogue.sla import PolicyPublished
from support.dispatch_company import Company

IT = PolicyPublished(
    name="it-integration",
    version=1,
    policy={"severities": [{"id": "1"}, {"id": "2"}], "spare": None},
)
WARRANTY = PolicyPublished(
    name="equipment-warranty", version=1, policy={"spare": {"when": "during_repair"}}
)
SWITCH = DeviceRecorded(
    device_id="D-1", customer_id="C-1", model="S7706", category="network", grade=2
)


@pytest.fixture
async def company(company: Company) -> Company:
    await company.say(IT, WARRANTY, service="sla")
    await company.say(SWITCH)
    await company.put("/v1/depots/DP-1", name="北京")
    for case_id, severity in (("CASE-MILD", "2"), ("CASE-DIRE", "1")):
        await company.report(case_id, device_id="D-1", severity=severity)
    return company


async def lend(company: Company, case_id: str, status: int = 201, **body: Any) -> Any:
    return await company.post("/v1/loans", status, case_id=case_id, **body)


async def until_status(company: Company, loan_id: str, status: str) -> Any:
    async with asyncio.timeout(20):
        async for _ in company.log.read(follow=True):
            loan = await company.get(f"/v1/loans/{loan_id}")
            if loan["status"] == status:
                return loan
    raise AssertionError("the log ended")


async def test_who_waits_is_served_by_severity_when_a_unit_is_there(company: Company) -> None:
    mild = await lend(company, "CASE-MILD")
    dire = await lend(company, "CASE-DIRE")
    assert (mild["status"], dire["status"]) == ("waiting", "waiting")
    listed = (await company.get("/v1/loans?status=waiting"))["items"]
    assert {one["case_id"] for one in listed} == {"CASE-MILD", "CASE-DIRE"}
    assert listed[0]["wanted"]["category"] == "network"
    await company.unit("U-1")
    loan = await until_status(company, dire["loan_id"], "reserved")
    assert loan["unit_id"] == "U-1"
    assert loan["why"]["waited_since"]
    assert (await company.get(f"/v1/loans/{mild['loan_id']}"))["status"] == "waiting"
    await company.post(f"/v1/loans/{dire['loan_id']}/return", condition="good")
    await company.post("/v1/units/U-1/inspect", fit=True)
    await until_status(company, mild["loan_id"], "reserved")


async def test_wait_is_cancelled_by_hand_or_ends_with_the_repair(company: Company) -> None:
    by_hand, mended = await lend(company, "CASE-MILD"), await lend(company, "CASE-DIRE")
    path = f"/v1/loans/{by_hand['loan_id']}/cancel"
    assert (await company.post(path, reason="bought one"))["status"] == "cancelled"
    await company.refused(path, "loan-cancelled", reason="again")
    await company.post("/v1/cases/CASE-DIRE/restore")
    await until_status(company, mended["loan_id"], "cancelled")
    assert (await company.case("CASE-DIRE"))["loans_waiting"] == []


async def test_contract_provides_a_spare_during_any_repair(company: Company) -> None:
    await company.unit("U-1")
    await company.report("CASE-S1", policy="equipment-warranty", severity="3", device_id="D-1")
    await company.say(OnsiteRequired(case_id="CASE-S1"), service="dispatch")
    await company.say(OnsiteRequired(case_id="CASE-MILD"), service="dispatch")
    case = await company.until("CASE-S1", lambda case: case["loans"])
    loan = await company.get(f"/v1/loans/{case['loans'][0]}")
    assert (loan["automatic"], loan["cause"]) == (True, "during_repair")
    assert (await company.case("CASE-MILD"))["loans"] == []


async def test_second_repair_gets_its_spare_too(company: Company) -> None:
    """DP-10: nobody has to say again that it cannot be mended from afar."""
    await company.unit("U-1")
    await company.report("CASE-S1", policy="equipment-warranty", severity="3", device_id="D-1")
    await company.say(OnsiteRequired(case_id="CASE-S1"), service="dispatch")
    [first] = (await company.until("CASE-S1", lambda case: case["loans"]))["loans"]
    await company.say(CaseResolved(case_id="CASE-S1"), service="dispatch")
    await company.post(f"/v1/loans/{first}/return", condition="good", fit=True)
    await company.say(CaseReopened(case_id="CASE-S1"), service="feedback")
    case = await company.until("CASE-S1", lambda case: case["loans"])
    assert case["loans"] == ["L-CASE-S1-R2"]


async def test_restored_case_gets_no_spare_for_its_repair(company: Company) -> None:
    await company.unit("U-1")
    await company.report("CASE-S1", policy="equipment-warranty", severity="3", device_id="D-1")
    for fact in (ServiceRestored(case_id="CASE-S1"), OnsiteRequired(case_id="CASE-S1")):
        await company.say(fact, service="dispatch")
    await lend(company, "CASE-MILD")
    assert (await company.case("CASE-S1"))["loans"] == []
