"""DP-13, DP-14, DP-15: warranty follows from how a device was repaired, with nobody asking."""

from datetime import date, timedelta

import pytest

from aftercare_events.catalogue.archive import DeviceRecorded
from aftercare_events.catalogue.case import Entitlement
from aftercare_events.catalogue.sla import PolicyPublished
from support.dispatch_cases import WRITTEN
from support.dispatch_company import Company

CONTRACT = PolicyPublished(
    name="it-integration",
    version=1,
    policy={
        "terms": {
            "waiting_for_repair": {"over_days": 30, "extends_warranty_by_factor": 3},
            "replaced_part_starts_new_warranty": True,
            "three_guarantees": "exchange or repair on day 8 to 15",
        }
    },
)


@pytest.fixture
async def company(company: Company) -> Company:
    await company.say(CONTRACT, service="sla")
    await company.say(
        DeviceRecorded(device_id="D-1", customer_id="C-1", accepted_on=date(2026, 10, 23))
    )
    return company


async def repaired(company: Company, case_id: str, **record: object) -> None:
    await company.post(f"/v1/cases/{case_id}/record", **(WRITTEN | record))
    await company.post(f"/v1/cases/{case_id}/resolve")


async def test_long_wait_extends_and_new_device_starts_anew(company: Company) -> None:
    await company.report("CASE-1", device_id="D-1")
    await company.clock.advance(timedelta(days=40))
    new = [{"what": "device", "serial": "SN-2"}, {"what": "part", "name": "fuse"}]
    await repaired(company, "CASE-1", replaced=new)
    await company.said("restarted", "warranty", "D-1")
    held = await company.get("/v1/warranty/D-1")
    assert [one["days"] for one in held["extensions"]] == [120]
    assert [(one["starts_on"], one["serial"]) for one in held["restarts"]] == [
        ("2026-12-12", "SN-2")
    ]


async def test_guarantee_is_proposed_and_granted_by_a_named_person(company: Company) -> None:
    await company.report("CASE-1", device_id="D-1")
    await company.said("proposed", "guarantee", "G-CASE-1-1-E")
    [early] = (await company.get("/v1/guarantees?case=CASE-1"))["items"]
    assert (early["ground"], early["day"], early["counted_from"]) == (
        "early_failure",
        10,
        "2026-10-23",
    )
    path = f"/v1/guarantees/{early['guarantee_id']}"
    await company.refused(f"{path}/accept", "remedy-not-proposed", 422)
    done = await company.post(f"{path}/accept", remedy="exchange", actor="chief-wang")
    assert done["status"] == "accepted"
    assert (await company.events("guarantee", early["guarantee_id"]))[-1].actor == "chief-wang"
    held = await company.get("/v1/warranty/D-1")
    assert [one["cause"] for one in held["restarts"]] == ["guarantee"]
    await company.refused(f"{path}/refuse", "guarantee-accepted", reason="too late")
    await company.refused("/v1/guarantees/G-0/refuse", "not-found", 404, reason="no such")


async def test_third_failure_after_two_repairs_proposes_a_replacement(company: Company) -> None:
    await company.clock.advance(timedelta(days=30))
    for case_id in ("CASE-1", "CASE-2"):
        await company.report(case_id, device_id="D-1")
        await repaired(company, case_id)
        await company.clock.advance(timedelta(days=20))
    await company.report("CASE-3", device_id="D-1")
    await company.said("proposed", "guarantee", "G-CASE-3-1-R")
    [said] = (await company.get("/v1/guarantees?status=proposed"))["items"]
    assert said["proposed"] == "replacement"
    assert said["repairs"] == [
        {"case_id": "CASE-1", "repaired_on": "2026-12-02"},
        {"case_id": "CASE-2", "repaired_on": "2026-12-22"},
    ]


async def test_granted_guarantee_is_not_charged(company: Company) -> None:
    """DP-15, DP-20: out of warranty, but free by the three guarantees."""
    paid = Entitlement(covered=True, in_warranty=False, chargeable=True)
    await company.report("CASE-1", device_id="D-1", entitlement=paid)
    await company.said("proposed", "guarantee", "G-CASE-1-1-E")
    costs = {"currency": "CNY", "travel_cents": 300}
    await company.post("/v1/cases/CASE-1/costs", **costs)
    assert (await company.case("CASE-1"))["work"]["to_pay_cents"] == {"CNY": 300}
    await company.post("/v1/guarantees/G-CASE-1-1-E/accept", remedy="repair")
    work = (await company.case("CASE-1"))["work"]
    assert (work["to_pay_cents"], work["borne_cents"]) == ({}, {"CNY": 300})
    assert work["guarantee"] == "G-CASE-1-1-E"
    await company.post("/v1/cases/CASE-1/costs", **costs)
    assert (await company.case("CASE-1"))["work"]["to_pay_cents"] == {}
